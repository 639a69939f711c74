//! What reading code gives, as a check may see it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use crate::refusal::Answer;
use chitin_fs::files::Roots;
use chitin_model::finding::Severity;

/// Reads code on behalf of checks. A trait, so this room knows nothing of how code is read.
pub trait CodeScanner: Send + Sync {
    fn scan(&self, place: &CodePlace<'_>) -> Answer<CodeScan>;
}

/// Where code is to be read.
pub struct CodePlace<'p> {
    pub roots: &'p Arc<Roots>,
    pub root: &'p str,
    pub path: &'p str,
    /// Files that are read wherever below the path they lie.
    pub entries: &'p [String],
    /// Whether the entries may lead out through links: those of the operator's own gateway, as OpenClaw has it, and
    /// never those of a stranger.
    pub own_gateway: bool,
    /// Whether a file, by its path below the root, is made to hold secrets.
    pub holds_secrets: &'p dyn Fn(&str) -> bool,
    pub budget: &'p ScanBudget,
}

/// What one module has had read so far. Each module has an account of its own, so what is read for one does not
/// depend on which was first.
#[derive(Debug, Default)]
pub struct ScanBudget {
    pub files: Counter,
    pub bytes: Counter,
    pub milliseconds: Counter,
}

/// One number of it. A module asks one question at a time.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    pub fn add(&self, much: u64) {
        self.0.fetch_add(much, Ordering::Relaxed);
    }

    pub fn left_of(&self, limit: u64) -> u64 {
        limit.saturating_sub(self.0.load(Ordering::Relaxed))
    }
}

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
pub struct FileNote {
    pub file: String,
    pub reason: String,
}

/// What a scan of a directory gave.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CodeScan {
    /// Files that a rule read.
    pub scanned_files: u32,
    pub findings: Vec<CodeFinding>,
    pub not_scanned: Vec<FileNote>,
    pub notes: Vec<FileNote>,
}
