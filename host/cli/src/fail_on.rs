//! `--fail-on`, and the exit code that follows from it.

use clap::ValueEnum;

use crate::exit::Exit;
use chitin_model::finding::Severity;

/// The least severity that makes the program exit with 10.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum FailOn {
    Info,
    Warn,
    Critical,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Info => Self::Info,
            FailOn::Warn => Self::Warn,
            FailOn::Critical => Self::Critical,
        }
    }
}

/// The exit code of a run with these findings. Findings at or above `--fail-on` count more than an incomplete run.
pub(super) fn exit_code(
    fail_on: Option<FailOn>,
    severities: impl IntoIterator<Item = Severity>,
    completeness: Completeness,
) -> Exit {
    let least = fail_on.map(Severity::from);
    let fails = least.is_some_and(|least| severities.into_iter().any(|severity| severity >= least));
    match (fails, completeness) {
        (true, _) => Exit::Findings,
        (false, Completeness::Complete) => Exit::Ok,
        (false, Completeness::Incomplete) => Exit::Incomplete,
    }
}

/// Whether everything that should have run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Completeness {
    Complete,
    Incomplete,
}

impl Completeness {
    pub(super) fn of(is_complete: bool) -> Self {
        if is_complete { Self::Complete } else { Self::Incomplete }
    }
}
