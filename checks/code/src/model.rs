//! The scanner's input and output, in plain types. The records of the contract in `wit/` mirror these.

/// How severe a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Info,
    Warn,
    Critical,
}

/// One file of the directory that is scanned.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Relative to the directory, separated by `/`.
    pub path: String,
    /// The directory's own name.
    pub directory: String,
    pub bytes: Vec<u8>,
}

/// A rule that holds at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeFinding {
    pub rule: &'static str,
    /// The name that OpenClaw's own scanner gives the rule, where it has one.
    pub alias: Option<&'static str>,
    pub severity: Severity,
    /// From 1.
    pub line: u32,
    /// From 1, in UTF-16 code units.
    pub column: u32,
    pub message: String,
    /// The line, trimmed and cut; a recognised credential is replaced.
    pub evidence: String,
}

/// The result for one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// By line, then by column.
    pub findings: Vec<CodeFinding>,
    /// Why the result is less certain than for other files of this type.
    pub note: Option<String>,
}
