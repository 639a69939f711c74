//! The contract in Rust terms: one trait with everything that a check may ask, and the types it speaks in.
//!
//! The types mirror `wit/` so that checks compile natively, without bindings.

use serde_json::Value;

use crate::finding::{Finding, Severity};
use crate::node::Tree;

/// Why the host gave no answer. Returned with `?` from a check, it ends the rules of that check as "not run".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The module's manifest does not ask for this.
    NotGranted(String),
    /// Granted, but it cannot be had here.
    Unavailable(String),
    /// A limit of the host was reached.
    OverLimit(String),
    /// What would be asked is not on this machine, so there is nothing to see.
    NotHere(String),
}

impl Refusal {
    /// The reason in words, for the ledger.
    pub fn reason(&self) -> &str {
        match self {
            Self::NotGranted(text)
            | Self::Unavailable(text)
            | Self::OverLimit(text)
            | Self::NotHere(text) => text,
        }
    }
}

/// Where a secret's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretSource {
    /// Written out in the file.
    Literal,
    /// Contains at least one `${NAME}`, or is `$NAME` as a whole.
    Env,
    /// A `SecretRef` object.
    Reference,
}

/// A text that is never valid as a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    /// Empty after trimming.
    Blank,
    /// The word `undefined`.
    Undefined,
    /// The word `null`.
    NullWord,
    /// An example value that was published in documentation.
    Published,
}

/// A secret, as much of it as a check may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    pub source: SecretSource,
    /// False when an environment variable is missing or a reference could not be resolved.
    pub resolved: bool,
    /// The environment variable, when the value is exactly one reference to it.
    pub variable: Option<String>,
    /// UTF-16 code units of the value after trimming; 0 when unresolved.
    pub length: u32,
    /// Equal for equal values within one run; empty when there is no value.
    pub fingerprint: String,
    pub placeholder: Option<Placeholder>,
}

impl Seal {
    /// Reads a seal from the JSON object that stands in a secret's place.
    pub fn from_json(value: &Value) -> Option<Self> {
        let object = value.as_object().filter(|object| object.len() == 1)?;
        let fields = object.get("$sealed")?;
        let text = |key: &str| fields.get(key).and_then(Value::as_str);
        Some(Self {
            source: match text("source")? {
                "literal" => SecretSource::Literal,
                "env" => SecretSource::Env,
                "reference" => SecretSource::Reference,
                _ => return None,
            },
            resolved: fields.get("resolved")?.as_bool()?,
            variable: text("variable").map(str::to_owned),
            length: u32::try_from(fields.get("length")?.as_u64()?).ok()?,
            fingerprint: text("fingerprint").unwrap_or_default().to_owned(),
            placeholder: match text("placeholder") {
                Some("blank") => Some(Placeholder::Blank),
                Some("undefined") => Some(Placeholder::Undefined),
                Some("null-word") => Some(Placeholder::NullWord),
                Some("published") => Some(Placeholder::Published),
                _ => None,
            },
        })
    }

    /// A value is known and not blank.
    pub fn has_value(&self) -> bool {
        self.resolved && self.length > 0
    }

    /// Both values are known and equal after trimming.
    pub fn same_value(&self, other: &Self) -> bool {
        self.has_value() && other.has_value() && self.fingerprint == other.fingerprint
    }
}

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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    File,
    Directory,
    Symlink,
    /// A fifo, socket or device.
    Special,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub target: String,
    /// The real path, if everything on the way exists.
    pub resolved: Option<String>,
    /// Whether the real path lies below the root's real path.
    pub inside: bool,
    pub target_kind: Option<Kind>,
    pub target_mode: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AclEntry {
    pub principal: String,
    pub rights: String,
}

/// Of the thing itself: for a link, of the link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    pub kind: Kind,
    pub mode: Option<u32>,
    pub uid: Option<u32>,
    pub gid: Option<u32>,
    pub size: u64,
    pub hard_links: u64,
    pub link: Option<Link>,
    pub acl: Option<Vec<AclEntry>>,
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

/// `--auth`, `--token` and `--password` of this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthOverride {
    pub mode: String,
    pub token: Option<Seal>,
    pub password: Option<Seal>,
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

/// Everything that a check may ask and say. The documentation of each is in `wit/`.
pub trait Host {
    /// The sub-tree at a JSON pointer as OpenClaw sees it. An absent one is a tree with an absent root.
    fn effective(&self, pointer: &str) -> Result<Tree, Refusal>;
    /// The sub-tree as it was written.
    fn authored(&self, pointer: &str) -> Result<Tree, Refusal>;
    fn provenance(&self, pointer: &str) -> Result<Option<Provenance>, Refusal>;
    fn problems(&self) -> Result<Vec<Problem>, Refusal>;

    fn roots(&self) -> Vec<Root>;
    fn describe(&self, root: &str, path: &str) -> Result<String, Refusal>;
    fn stat(&self, root: &str, path: &str) -> Result<Option<Metadata>, Refusal>;
    fn list(&self, root: &str, path: &str) -> Result<Option<Listing>, Refusal>;
    fn read(&self, root: &str, path: &str, format: Format, max: u32) -> Result<Content, Refusal>;

    fn platform(&self) -> Result<OperatingSystem, Refusal>;
    fn environment(&self, name: &str) -> Result<Option<Seal>, Refusal>;
    fn gateway_service(&self) -> Result<bool, Refusal>;
    fn auth_override(&self) -> Result<Option<AuthOverride>, Refusal>;
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
