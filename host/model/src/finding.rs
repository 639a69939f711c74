//! What a module reported, after the host has accepted it. Shared by the rooms that run modules and those that report;
//! knows neither.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How bad a finding is. The order is from harmless to urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know; nothing has to be done.
    Info,
    /// A weakness that should be fixed.
    Warn,
    /// Someone can take over or read what they must not; fix it now.
    Critical,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Critical => "critical",
        })
    }
}

/// A symbolic location, as a module gives it; the host turns it into a [`ResolvedLocation`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A JSON pointer (RFC 6901) in the effective config.
    Config(String),
    /// A file or directory.
    File {
        /// The name of a root, such as `state` or `workspace:main`.
        root: String,
        /// The path below it, separated by `/`; empty for the root itself.
        path: String,
        /// Counted from 1.
        line: Option<u32>,
    },
    /// A problem of the config, by its index in the `config-problems` fact.
    Problem(u32),
}

/// A location that a person can go to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResolvedLocation {
    /// The JSON pointer, for a location in the config.
    pub pointer: Option<String>,
    /// The file's path, as it is shown.
    pub file: Option<String>,
    /// Counted from 1.
    pub line: Option<usize>,
    /// Counted from 1, in characters.
    pub column: Option<usize>,
}

/// Who has to agree to a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixLevel {
    /// It breaks nothing that is in use.
    Safe,
    /// It may break something that is in use, so the operator has to ask for it.
    Unsafe,
    /// It is shown, and never made by chitin.
    DisplayOnly,
}

/// One change that a fix asks for. The host decides whether it is made.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Set the permissions of a file or directory.
    SetMode {
        /// The name of a root, such as `state`.
        root: String,
        /// The path below it, separated by `/`; empty for the root itself.
        path: String,
        /// The permission bits, such as `0o600`.
        mode: u32,
    },
    /// Replace a value in the config.
    SetValue {
        /// The JSON pointer of the value.
        pointer: String,
        /// What the module saw there. The change is refused if the value is another one.
        expected: serde_json::Value,
        /// The new value.
        value: serde_json::Value,
    },
}

/// A fix that comes with a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    /// What it does, in one line; fixes with the same title are offered together.
    pub title: String,
    /// As the module sees it; for a third-party module the host treats [`FixLevel::Safe`] as unsafe.
    pub level: FixLevel,
    /// The change.
    pub change: Change,
}

/// Who made a finding, and so how far its requests are trusted. The host sets it where it accepts the finding; it is
/// never worked out from an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The host itself, about the audit.
    Host,
    /// A module that this program carries.
    BuiltIn,
    /// A module from anyone else, signed or not.
    ThirdParty,
}

/// A finding that the host has accepted: the rule and the severity are declared, every location was granted, and no text
/// holds a secret.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The id of the module that made it; `chitin` for the host itself.
    pub module: String,
    /// Whose module that is.
    pub origin: Origin,
    /// The id, in which each `*` of the rule's id is filled in.
    pub rule: String,
    /// One of those that the rule declares.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub title: String,
    /// What was found and why it matters; may have several lines.
    pub detail: String,
    /// What to do about it.
    pub remediation: Option<String>,
    /// Where it is; the most important one first.
    pub locations: Vec<ResolvedLocation>,
    /// What the module saw, one line each.
    pub evidence: Vec<String>,
    /// What chitin could change.
    pub fixes: Vec<Fix>,
}

/// A finding that the config asks to keep out of the active findings.
#[derive(Debug, Clone, PartialEq)]
pub struct Suppressed {
    /// The finding itself.
    pub finding: Finding,
    /// Why, as the config says.
    pub reason: Option<String>,
}
