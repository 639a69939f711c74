//! What a scanner is given and what it answers, independent of the version of the contract.

use chitin_model::finding::Severity;
use thiserror::Error;

use super::limits::Reached;

/// One file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    pub path: String,
    pub directory: String,
    pub bytes: Vec<u8>,
}

/// One finding, as the scanner gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawFinding {
    pub rule: String,
    pub alias: Option<String>,
    pub severity: Severity,
    pub line: u32,
    pub column: u32,
    pub message: String,
    pub evidence: String,
}

/// What reading one file gave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    pub findings: Vec<RawFinding>,
    pub note: Option<String>,
}

/// A file that was not read to its end, or whose findings were not all accepted. What was is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incomplete {
    pub kept: Reading,
    pub error: ReadError,
}

/// Why a file was not read to its end, or not everything that was said about it was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadError {
    /// The scan was cancelled; the scanner did nothing wrong.
    #[error("interrupted")]
    Cancelled,
    #[error(transparent)]
    Limit(Reached),
    #[error("the scanner failed: {0}")]
    Failed(String),
    /// The scanner broke its manifest or a bound of this host.
    #[error("{0}")]
    Rejected(String),
}
