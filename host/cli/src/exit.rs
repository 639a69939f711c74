//! Exit codes.

use std::process::ExitCode;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done; the audit is complete, and with `--fail-on` nothing is at or above it.
    Ok = 0,
    /// chitin failed.
    Failed = 1,
    /// The command line is wrong.
    Usage = 2,
    /// A rule that should have run did not, or code was left out of a scan.
    Incomplete = 3,
    /// Findings at or above `--fail-on`.
    Findings = 10,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// The table for `--help`.
pub(super) const TABLE: &str = "\
Exit codes:
   0  complete (with --fail-on: and nothing is at or above it)
   1  chitin failed
   2  wrong usage
   3  incomplete: a rule that should have run did not, or code was not scanned
  10  findings at or above --fail-on";
