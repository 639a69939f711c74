//! The contract in Rust terms: one trait with everything that a check may ask and report.
//!
//! Types are the contract's own, but for those that [`chitin_document`] shares with the program and those that are flatter
//! here.

use chitin_document::{GatewayFacts, Kind, Refusal, Tree};

use crate::contract::config::Provenance;
use crate::contract::files::{Content, Format, Root};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// In name order.
    pub entries: Vec<Entry>,
    /// False when a limit cut the list.
    pub complete: bool,
}

/// Something that the code scanner found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeFinding {
    /// Relative to the directory that was scanned.
    pub file: String,
    /// The scanner's rule.
    pub rule: String,
    /// OpenClaw's own name of the rule.
    pub alias: Option<String>,
    pub severity: Severity,
    pub line: u32,
    pub column: u32,
    pub message: String,
    pub evidence: String,
}

/// A file with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileNote {
    pub file: String,
    pub reason: String,
}

/// What a scan of a directory gave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CodeScan {
    /// Files that a rule read.
    pub scanned_files: u32,
    pub findings: Vec<CodeFinding>,
    /// A directory with an entry here is not clean.
    pub not_scanned: Vec<FileNote>,
    pub notes: Vec<FileNote>,
}

/// Everything that a check may ask and report. The documentation of each is in `wit/`.
pub trait Host: GatewayFacts + Facts {
    /// The sub-tree as it was written.
    fn authored(&self, pointer: &str) -> Result<Tree, Refusal>;
    fn provenance(&self, pointer: &str) -> Result<Option<Provenance>, Refusal>;

    fn roots(&self) -> Result<Vec<Root>, Refusal>;
    fn describe(&self, root: &str, path: &str) -> Result<String, Refusal>;
    fn list(&self, root: &str, path: &str) -> Result<Option<Listing>, Refusal>;
    fn read(&self, root: &str, path: &str, format: Format, max: u32) -> Result<Content, Refusal>;

    /// The exec approvals document.
    fn exec_approvals(&self) -> Result<Option<Tree>, Refusal>;

    /// Scans the code of a directory, `entries` first.
    fn scan(&self, root: &str, path: &str, entries: &[String]) -> Result<CodeScan, Refusal>;

    /// Reports a finding. The error says why the host did not accept it.
    fn add(&self, finding: Finding) -> Result<(), String>;
    fn not_applicable(&self, rule: &str, reason: &str);
    /// The rule could not be decided, and should have been.
    fn not_run(&self, rule: &str, reason: &str);
    /// The rule could not be decided for want of something that this machine does not have.
    fn skipped(&self, rule: &str, reason: &str);
}

impl Finding {
    /// Hands the finding to the host. A refusal can be ignored here: the host records it in the ledger.
    pub fn report(self, host: &dyn Host) {
        let _refused = host.add(self);
    }
}
