//! What `chitin scan` prints: one file per format.

mod json;
mod text;

pub use json::render as json;
pub use text::render as text;

use chitin_model::finding::Severity;
use chitin_scan::{TargetKind, TargetReport, Verdict, WHOLE_TREE};
use chitin_view::CodeFinding;

/// The results of one run of `chitin scan`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScanReport {
    pub targets: Vec<TargetReport>,
}

impl ScanReport {
    /// The worst verdict of all paths.
    pub fn verdict(&self) -> Verdict {
        self.targets.iter().map(|target| target.verdict).max().unwrap_or_default()
    }

    /// Whether everything was scanned.
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

    /// A file as it is shown: relative to the path, and with the path before it where there are several.
    fn place(&self, target: &TargetReport, file: &str) -> String {
        match (self.targets.as_slice(), target.kind, file) {
            ([_], _, file) => file.to_owned(),
            (_, TargetKind::File, _) | (_, _, WHOLE_TREE) => target.path.clone(),
            (_, TargetKind::Tree, file) => format!("{}/{file}", target.path.trim_end_matches('/')),
        }
    }
}
