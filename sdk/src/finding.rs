//! A finding, and the request to fix it. Both are data: the host validates them and decides what to do with them.

use chitin_document::Node;
use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Info,
    Warn,
    Critical,
}

/// Where a finding is. The host turns it into file, line and column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A JSON pointer into the config.
    Config(String),
    File {
        root: String,
        path: String,
        line: Option<u32>,
    },
    /// The nth entry of [`Host::problems`](crate::Host::problems).
    Problem(u32),
}

/// How much care a fix needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixLevel {
    /// Changes nothing that anyone could rely on.
    Safe,
    /// May take something away that is in use.
    Unsafe,
    /// Shown, never applied.
    DisplayOnly,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    SetMode { root: String, path: String, mode: u32 },
    SetValue { pointer: String, expected: Value, value: Value },
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
    pub locations: Vec<Location>,
    pub evidence: Vec<String>,
    pub fixes: Vec<Fix>,
}

impl Finding {
    /// A finding whose rule is not one of the manifest's constants. A check begins with [`Rule::finding`](crate::Rule).
    pub fn new(rule: impl Into<String>, severity: Severity, title: impl Into<String>) -> Self {
        Self {
            rule: rule.into(),
            severity,
            title: title.into(),
            detail: String::new(),
            remediation: None,
            locations: Vec::new(),
            evidence: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Says more than the manifest's title, for instance which of several things was found.
    #[must_use]
    pub fn title(mut self, text: impl Into<String>) -> Self {
        self.title = text.into();
        self
    }

    /// What was found, in full sentences; lines of a list begin with `- `.
    #[must_use]
    pub fn detail(mut self, text: impl Into<String>) -> Self {
        self.detail = text.into();
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn remediation(mut self, text: impl Into<String>) -> Self {
        self.remediation = Some(text.into());
        self
    }

    /// Adds the place of a config value.
    #[must_use]
    pub fn at(mut self, node: &Node<'_>) -> Self {
        self.locations.push(Location::Config(node.pointer().to_owned()));
        self
    }

    /// Adds a file, as a whole.
    #[must_use]
    pub fn in_file(mut self, root: &str, path: &str) -> Self {
        self.locations.push(Location::File {
            root: root.to_owned(),
            path: path.to_owned(),
            line: None,
        });
        self
    }

    #[must_use]
    pub fn at_location(mut self, location: Location) -> Self {
        self.locations.push(location);
        self
    }

    /// Adds a short excerpt of what was seen.
    #[must_use]
    pub fn evidence(mut self, text: impl Into<String>) -> Self {
        self.evidence.push(text.into());
        self
    }

    /// Asks for permission bits to be set.
    #[must_use]
    pub fn fix_mode(mut self, root: &str, path: &str, mode: u32) -> Self {
        self.fixes.push(Fix {
            title: format!("set mode {mode:03o}"),
            level: FixLevel::Safe,
            change: Change::SetMode { root: root.to_owned(), path: path.to_owned(), mode },
        });
        self
    }

    /// Asks for a config value to be replaced.
    #[must_use]
    pub fn fix_value(mut self, node: &Node<'_>, value: Value, level: FixLevel) -> Self {
        self.fixes.push(Fix {
            title: format!("set {} to {value}", node.pointer()),
            level,
            change: Change::SetValue {
                pointer: node.pointer().to_owned(),
                expected: node.value().clone(),
                value,
            },
        });
        self
    }
}
