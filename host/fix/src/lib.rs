//! The only code that changes the audited gateway: plans, previews, applies, journals and undoes fixes.
//!
//! A plan contains what OpenClaw's own `--fix` would change, determined from the config and the disk and not from
//! findings, and what modules asked for, if the policy allows it. Every change is made through the handle of an open
//! directory, never through a symlink, and is in the journal before the first byte is written.
//!
//! What must not enter: deciding what is a finding, a change that makes something less strict, how reports look.

mod anchored_path;
mod apply;
mod config_fixes;
mod diff;
mod disk;
mod edit;
mod failpoint;
mod icacls;
mod journal;
mod permissions;
mod plan;
mod planner;
mod policy;
mod preview;
mod request;
#[cfg(test)]
mod test_rng;
#[cfg(unix)]
#[cfg(test)]
mod tests;
mod undo;

pub use apply::{Action, Applied, Verb, apply};
pub use failpoint::{Failpoints, NoFailpoints};
pub use journal::{Journal, JournalError};
pub use plan::{Choice, FixPlan, RefusedChange};
pub use planner::plan;
pub use preview::preview;
pub use request::Requested;
pub use undo::{Undone, undo};
