//! The points at which a change can be interrupted. Tests end the process at each of them.

/// Called at each failpoint, before the step that it is named for.
pub trait Failpoints {
    fn reach(&self, name: &'static str);
}

/// For the program: nothing happens at a failpoint.
#[derive(Debug, Clone, Copy)]
pub struct NoFailpoints;

impl Failpoints for NoFailpoints {
    fn reach(&self, _: &'static str) {}
}
