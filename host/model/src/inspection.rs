//! What a component says about itself, so a person can judge it before it runs.

use crate::component_info::ComponentInfo;
use crate::manifest::Manifest;

/// A component seen from outside, without compiling or running any of it.
#[derive(Debug, Clone)]
pub struct Inspection {
    /// Its manifest, validated.
    pub manifest: Manifest,
    /// The component's size in bytes.
    pub size: usize,
    /// The component's SHA-256, in lower-case hexadecimal.
    pub sha256: String,
    /// Its imports and parts.
    pub component: ComponentInfo,
}
