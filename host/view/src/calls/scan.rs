//! What the code scanner found below a directory.

use serde::{Deserialize, Serialize};

use chitin_contract::code::{FileFinding, FileNote, ScanResult};
use chitin_contract::scanning::CodeFinding;
use chitin_contract::types;
use chitin_model::finding::Severity;

use super::{Call, Clock, Grant};
use crate::code_scan;
use crate::live::LiveView;
use crate::refusal::Answer;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    pub root: String,
    pub path: String,
    pub entries: Vec<String>,
}

impl Call for Scan {
    type Reply = ScanResult;

    fn grant(&self) -> Grant<'_> {
        Grant::Tree { root: &self.root, path: &self.path }
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let found = view.scan(&self.root, &self.path, &self.entries)?;
        let notes = |notes: Vec<code_scan::FileNote>| {
            notes
                .into_iter()
                .map(|note| FileNote { file: note.file, reason: note.reason })
                .collect()
        };
        Ok(ScanResult {
            scanned_files: found.scanned_files,
            findings: found.findings.into_iter().map(finding).collect(),
            not_scanned: notes(found.not_scanned),
            notes: notes(found.notes),
        })
    }

    /// A directory full of code must not look like a check that hangs.
    fn clock(&self) -> Clock {
        Clock::Stopped
    }
}

fn finding(found: code_scan::CodeFinding) -> FileFinding {
    FileFinding {
        file: found.file,
        found: CodeFinding {
            rule: found.rule,
            alias: found.alias,
            severity: match found.severity {
                Severity::Info => types::Severity::Info,
                Severity::Warn => types::Severity::Warn,
                Severity::Critical => types::Severity::Critical,
            },
            line: found.line,
            column: found.column,
            message: found.message,
            evidence: found.evidence,
        },
    }
}
