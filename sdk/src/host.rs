//! The contract in Rust terms: one trait with everything that a check may ask, and the types it speaks in.
//!
//! The types mirror `wit/` so that checks compile natively, without bindings.

use chitin_document::{GatewayFacts, Kind, Refusal, Tree};

use crate::finding::{Finding, Severity};

/// How a config value came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Literal,
    /// Contains `${NAME}` and every variable was set.
    Env,
    /// Contains `${NAME}` and a variable was missing.
    EnvUnresolved,
    /// A `SecretRef` object.
    SecretRef,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    pub origin: Origin,
    /// The variables that the text refers to, in order.
    pub variables: Vec<String>,
    pub file: String,
    /// True when that file came in through `$include`.
    pub included: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    ParseFailed,
    IncludeFailed,
}

/// Something that kept the host from reading the configuration as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    pub message: String,
    pub file: String,
}

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

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    pub name: String,
    pub path: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Strict JSON, given with secrets sealed.
    Json,
    /// Text, given with recognised secrets blanked out.
    Text,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    Missing,
    NotAFile,
    TooLarge,
    Unreadable(String),
    /// Not what the format says.
    Malformed,
    Text(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatingSystem {
    Linux,
    Macos,
    Windows,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstallKind {
    Plugin,
    Hook,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InstallRecord {
    pub id: String,
    pub source: String,
    pub spec: Option<String>,
    pub integrity: Option<String>,
    pub recorded_version: Option<String>,
    pub installed_version: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InstallRecords {
    pub records: Vec<InstallRecord>,
    /// Stores of records that exist and could not be read, with the reason.
    pub unreadable: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserContainer {
    pub name: String,
    pub config_hash: Option<String>,
    pub config_epoch: Option<String>,
    pub ports: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BrowserContainers {
    pub containers: Vec<BrowserContainer>,
    /// The limit in milliseconds, when a question to docker ran into it.
    pub timed_out_after: Option<u32>,
}

/// How a gateway closed a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayClose {
    pub code: u16,
    pub reason: String,
}

/// What a live gateway answered, or why it did not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GatewayProbe {
    pub url: String,
    pub ok: bool,
    /// None when ok.
    pub error: Option<String>,
    pub close: Option<GatewayClose>,
    /// A configured credential that could not be used.
    pub credential_warning: Option<String>,
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
pub struct Remark {
    pub file: String,
    pub reason: String,
}

/// What a scan of a directory gave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CodeScan {
    /// Files of code, and documents such as `SKILL.md`.
    pub scanned_files: u32,
    pub findings: Vec<CodeFinding>,
    /// A directory with an entry here is not clean.
    pub not_scanned: Vec<Remark>,
    pub notes: Vec<Remark>,
}

/// Everything else that a check may ask and say. The documentation of each is in `wit/`.
pub trait Host: GatewayFacts {
    /// The sub-tree as it was written.
    fn authored(&self, pointer: &str) -> Result<Tree, Refusal>;
    fn provenance(&self, pointer: &str) -> Result<Option<Provenance>, Refusal>;
    fn problems(&self) -> Result<Vec<Problem>, Refusal>;

    fn roots(&self) -> Vec<Root>;
    fn describe(&self, root: &str, path: &str) -> Result<String, Refusal>;
    fn list(&self, root: &str, path: &str) -> Result<Option<Listing>, Refusal>;
    fn read(&self, root: &str, path: &str, format: Format, max: u32) -> Result<Content, Refusal>;

    fn platform(&self) -> Result<OperatingSystem, Refusal>;
    fn gateway_service(&self) -> Result<bool, Refusal>;
    fn homes(&self) -> Result<Vec<String>, Refusal>;
    fn bind_source(&self, pointer: &str) -> Result<Option<String>, Refusal>;
    /// The exec approvals document.
    fn exec_approvals(&self) -> Result<Option<Tree>, Refusal>;
    fn pairing_store(&self, channel: &str, account: &str) -> Result<Vec<String>, Refusal>;
    fn install_records(&self, kind: InstallKind) -> Result<InstallRecords, Refusal>;
    fn browser_containers(&self) -> Result<BrowserContainers, Refusal>;
    fn gateway_probe(&self) -> Result<GatewayProbe, Refusal>;

    /// Scans the code of a directory, `entries` first.
    fn scan(&self, root: &str, path: &str, entries: &[String]) -> Result<CodeScan, Refusal>;

    /// Reports a finding. The error says why the host did not accept it.
    fn add(&self, finding: Finding) -> Result<(), String>;
    fn not_applicable(&self, rule: &str, reason: &str);
    /// The rule could not be decided, and should have been.
    fn not_run(&self, rule: &str, reason: &str);
    /// The rule could not be decided for want of something that this machine does not have.
    fn skipped(&self, rule: &str, reason: &str);
    fn progress(&self, done: u32, total: u32, what: &str);
}
