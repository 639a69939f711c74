//! The verdict on a tree, in ClawHub's words.

use serde::Serialize;

use chitin_view::CodeScan;

/// Whether everything was scanned is reported beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    #[default]
    Clean,
    /// No file was read, so nothing can be said.
    #[serde(rename = "not-scanned")]
    NotScanned,
    Suspicious,
    Malicious,
}

impl Verdict {
    pub fn of(scan: &CodeScan) -> Self {
        let any =
            |family: &str| scan.findings.iter().any(|finding| finding.rule.starts_with(family));
        if any("malicious.") {
            Self::Malicious
        } else if any("suspicious.") {
            Self::Suspicious
        } else if scan.scanned_files == 0 {
            Self::NotScanned
        } else {
            Self::Clean
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::NotScanned => "not scanned",
            Self::Suspicious => "suspicious",
            Self::Malicious => "malicious",
        }
    }
}
