//! The component around the scanner: one file in, its findings out. Only conversions belong here. `unsafe` is allowed
//! because the generated exports need it.
#![allow(unsafe_code, clippy::pedantic, unreachable_pub, missing_debug_implementations)]

use crate::model;

wit_bindgen::generate!({
    path: "../../wit/0.1.0",
    world: "scanner",
});

use chitin::audit::scanning::CodeFinding;
use chitin::audit::types::Severity;

struct Scanner;

impl Guest for Scanner {
    fn scan(file: SourceFile) -> Reading {
        let reading = crate::scan(&model::SourceFile {
            path: file.path,
            directory: file.directory,
            bytes: file.bytes,
        });
        Reading {
            findings: reading.findings.into_iter().map(finding).collect(),
            note: reading.note,
        }
    }
}

fn finding(finding: model::CodeFinding) -> CodeFinding {
    CodeFinding {
        rule: finding.rule.to_owned(),
        alias: finding.alias.map(str::to_owned),
        severity: match finding.severity {
            model::Severity::Info => Severity::Info,
            model::Severity::Warn => Severity::Warn,
            model::Severity::Critical => Severity::Critical,
        },
        line: finding.line,
        column: finding.column,
        message: finding.message,
        evidence: finding.evidence,
    }
}

export!(Scanner);
