//! The ledger: how every rule ended. No rule is left out, so "did not look" is never mistaken for "looked and found
//! nothing".

use serde::{Deserialize, Serialize};

/// How a rule ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It has at least one finding.
    Finding,
    /// It ran and found nothing.
    Passed,
    /// What it checks is not in use here.
    NotApplicable,
    /// It did not run, and the audit is complete without it: it needs something that is not there or was not asked for.
    Skipped,
    /// It should have run and did not: the audit is incomplete.
    NotRun,
}

/// One rule of one module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The id that the manifest declares, with its `*`.
    pub rule: String,
    /// The id of the module; `chitin` for the host's own rules.
    pub module: String,
    /// How it ended.
    pub status: Status,
    /// How many findings it has.
    pub findings: usize,
    /// Why, where the status alone does not say it.
    pub reason: Option<String>,
}
