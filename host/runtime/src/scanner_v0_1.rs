//! Version 0.1 of the contract of a scanner: conversions between its types and the host's, and nothing that decides.

use super::reading::{self, RawFinding};
use chitin_model::finding::Severity;

use chitin_contract::scanner_v0_1::chitin::audit::scanning::{self, CodeFinding};
use chitin_contract::scanner_v0_1::chitin::audit::types;
pub(super) use chitin_contract::scanner_v0_1::{Scanner, ScannerPre};

pub(super) fn source_file(file: &reading::SourceFile) -> scanning::SourceFile {
    scanning::SourceFile {
        path: file.path.clone(),
        directory: file.directory.clone(),
        bytes: file.bytes.clone(),
    }
}

pub(super) fn reading(reading: scanning::Reading) -> reading::Reading {
    reading::Reading {
        findings: reading.findings.into_iter().map(raw_finding).collect(),
        note: reading.note,
    }
}

fn raw_finding(finding: CodeFinding) -> RawFinding {
    RawFinding {
        rule: finding.rule,
        alias: finding.alias,
        severity: match finding.severity {
            types::Severity::Info => Severity::Info,
            types::Severity::Warn => Severity::Warn,
            types::Severity::Critical => Severity::Critical,
        },
        line: finding.line,
        column: finding.column,
        message: finding.message,
        evidence: finding.evidence,
    }
}
