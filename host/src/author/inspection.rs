//! What a component file says of itself. Nothing of it is compiled or run.

use std::path::Path;

use super::{AuthorError, component, record};
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
    pub fn of_file(path: &Path) -> Result<Self, AuthorError> {
        let bytes = component::read(path)?;
        let failed = |source| AuthorError::Manifest { name: path.display().to_string(), source };
        Ok(Self {
            manifest: Manifest::of_component(&bytes).map_err(failed)?,
            size: bytes.len(),
            sha256: record::sha256(&bytes),
            outside: Outside::of_component(&bytes).map_err(failed)?,
        })
    }
}
