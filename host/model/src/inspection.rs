//! What a component says about itself, for a person to judge it before it runs.

use crate::component_info::ComponentInfo;
use crate::manifest::Manifest;

/// A component seen from outside: nothing of it was compiled or run.
#[derive(Debug, Clone)]
pub struct Inspection {
    pub manifest: Manifest,
    /// Bytes of the component.
    pub size: usize,
    /// Of the component, in lower-case hexadecimal.
    pub sha256: String,
    pub component: ComponentInfo,
}
