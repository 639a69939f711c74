//! One word about a tree, as ClawHub has them.

use serde::Serialize;

use chitin_view::CodeFinding;

/// Decided by what was found alone; whether everything was looked at is said beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    #[default]
    Clean,
    Suspicious,
    Malicious,
}

impl Verdict {
    pub fn of(findings: &[CodeFinding]) -> Self {
        let any = |family: &str| findings.iter().any(|finding| finding.rule.starts_with(family));
        if any("malicious.") {
            Self::Malicious
        } else if any("suspicious.") {
            Self::Suspicious
        } else {
            Self::Clean
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Suspicious => "suspicious",
            Self::Malicious => "malicious",
        }
    }
}
