//! Prints what `chitin scan` found: one file per format.

mod json;
mod text;

pub use json::render as json;
pub use text::render as text;

use chitin_model::finding::Severity;
use chitin_scan::{Holds, TargetReport, Verdict};
use chitin_view::CodeFinding;

/// Everything that one run of `chitin scan` looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScanReport {
    pub targets: Vec<TargetReport>,
}

impl ScanReport {
    /// The worst verdict of all paths.
    pub fn verdict(&self) -> Verdict {
        self.targets.iter().map(|target| target.verdict).max().unwrap_or_default()
    }

    /// Whether everything was looked at.
    pub fn is_complete(&self) -> bool {
        self.targets.iter().all(TargetReport::is_complete)
    }

    pub fn is_truncated(&self) -> bool {
        self.targets.iter().any(|target| target.truncated)
    }

    /// Findings of all paths.
    pub fn findings(&self) -> impl Iterator<Item = &CodeFinding> {
        self.targets.iter().flat_map(|target| &target.scan.findings)
    }

    fn scanned_files(&self) -> u32 {
        self.targets.iter().fold(0, |sum, target| sum.saturating_add(target.scan.scanned_files))
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings().filter(|finding| finding.severity == severity).count()
    }

    /// A file as it is told: relative to the path, and with the path before it where there are several.
    fn place(&self, target: &TargetReport, file: &str) -> String {
        match (self.targets.as_slice(), target.holds, file) {
            ([_], _, file) => file.to_owned(),
            (_, Holds::OneFile, _) | (_, _, ".") => target.path.clone(),
            (_, Holds::Files, file) => format!("{}/{file}", target.path.trim_end_matches('/')),
        }
    }
}
