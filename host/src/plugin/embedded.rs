//! The built-in modules, built from `checks/` by the build script.

/// A component, and its machine code for this target's baseline processor.
pub(super) struct Embedded {
    pub(super) component: &'static [u8],
    pub(super) compiled: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
