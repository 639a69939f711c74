//! Reads a component without compiling or running any of it.

use chitin_model::component_info::ComponentInfo;
use chitin_model::inspection::Inspection;
use chitin_model::manifest::Manifest;

use super::{DevkitError, record};

/// Reads what a component says about itself. `name` stands for it in an error.
pub fn inspect(name: &str, component: &[u8]) -> Result<Inspection, DevkitError> {
    let failed = |source| DevkitError::Manifest { name: name.to_owned(), source };
    Ok(Inspection {
        manifest: Manifest::of_component(component).map_err(failed)?,
        size: component.len(),
        sha256: record::sha256(component),
        component: ComponentInfo::of_component(component).map_err(failed)?,
    })
}
