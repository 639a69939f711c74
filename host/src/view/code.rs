//! What reading code gives, as a check may see it.

use serde::{Deserialize, Serialize};

use crate::finding::Severity;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CodeFinding {
    /// Relative to the directory that was scanned.
    pub file: String,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Remark {
    pub file: String,
    pub reason: String,
}

/// What a scan of a directory gave.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CodeScan {
    /// Files of code; documents that were read as text do not count.
    pub scanned_files: u32,
    pub findings: Vec<CodeFinding>,
    pub not_scanned: Vec<Remark>,
    pub notes: Vec<Remark>,
}
