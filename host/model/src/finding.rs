//! What a module reported, after validation. Shared by the modules' side and the report's side; knows neither.

use std::fmt;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Info,
    Warn,
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

/// A symbolic place, as a module gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    Config(String),
    File { root: String, path: String, line: Option<u32> },
    Problem(u32),
}

/// A place that a person can go to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Position {
    /// JSON pointer, for a place in the config.
    pub pointer: Option<String>,
    pub file: Option<String>,
    pub line: Option<usize>,
    pub column: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixLevel {
    Safe,
    Unsafe,
    DisplayOnly,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    SetMode { root: String, path: String, mode: u32 },
    SetValue { pointer: String, expected: serde_json::Value, value: serde_json::Value },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    pub title: String,
    pub level: FixLevel,
    pub change: Change,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub rule: String,
    pub severity: Severity,
    pub title: String,
    pub detail: String,
    pub remediation: Option<String>,
    pub locations: Vec<Position>,
    pub evidence: Vec<String>,
    pub fixes: Vec<Fix>,
}

/// A finding that the config asks to keep out of the report.
#[derive(Debug, Clone, PartialEq)]
pub struct Suppressed {
    pub finding: Finding,
    pub reason: Option<String>,
}
