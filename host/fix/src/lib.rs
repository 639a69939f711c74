//! The only code that writes: plans, shows, makes, journals and takes back changes.
//!
//! A plan holds what OpenClaw's own `--fix` would change, worked out from the config and the disk and not from
//! findings, and what modules asked for, if the host allows it. Every change is made through the handle of an open
//! directory, never through a link, and is noted in the journal before the first byte is written.
//!
//! What must not enter here: deciding what is a finding, and any change that loosens something.

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
pub use failpoint::{Steps, Unwatched};
pub use journal::{Journal, JournalError};
pub use plan::{Choice, Plan, Refused, plan};
pub use preview::preview;
pub use request::Requested;
pub use undo::{Undone, undo};
