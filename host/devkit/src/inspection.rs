//! Looks at a component from outside.

use chitin_model::component_info::ComponentInfo;
use chitin_model::inspection::Inspection;
use chitin_model::manifest::Manifest;

use super::{AuthorError, record};

/// Reads what a component says about itself. `name` is what it is called if that fails.
pub fn inspect(name: &str, component: &[u8]) -> Result<Inspection, AuthorError> {
    let failed = |source| AuthorError::Manifest { name: name.to_owned(), source };
    Ok(Inspection {
        manifest: Manifest::of_component(component).map_err(failed)?,
        size: component.len(),
        sha256: record::sha256(component),
        component: ComponentInfo::of_component(component).map_err(failed)?,
    })
}
