//! The account of every rule: found something, passed, does not apply, or did not run and why. Nothing is left out, so
//! that "no finding" is never mistaken for "looked and found nothing".

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Finding,
    Passed,
    NotApplicable,
    /// Did not run, and nothing is missing: it needs something that is not here or was not asked for.
    Skipped,
    /// Should have run and did not: the audit is incomplete.
    NotRun,
}

/// One rule of one module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub rule: String,
    pub module: String,
    pub status: Status,
    pub findings: usize,
    pub reason: Option<String>,
}
