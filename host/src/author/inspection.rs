//! What a component says of itself. Nothing of it is compiled or run.

use super::{AuthorError, record};
use crate::plugin::manifest::Manifest;
use crate::plugin::outside::Outside;

/// A component, looked at from outside.
#[derive(Debug, Clone)]
pub struct Inspection {
    pub manifest: Manifest,
    pub size: usize,
    pub sha256: String,
    pub outside: Outside,
}

impl Inspection {
    pub fn of(name: &str, component: &[u8]) -> Result<Self, AuthorError> {
        let failed = |source| AuthorError::Manifest { name: name.to_owned(), source };
        Ok(Self {
            manifest: Manifest::of_component(component).map_err(failed)?,
            size: component.len(),
            sha256: record::sha256(component),
            outside: Outside::of_component(component).map_err(failed)?,
        })
    }
}
