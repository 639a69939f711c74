//! The points between which a change can be interrupted. Tests end the process at each of them.

/// Told of each step before it is taken.
pub trait Steps {
    fn before(&self, step: &'static str);
}

/// Nobody looks on.
#[derive(Debug, Clone, Copy)]
pub struct Unwatched;

impl Steps for Unwatched {
    fn before(&self, _: &'static str) {}
}
