//! The JSON of `chitin scan`.

use serde::Serialize;

use super::ScanReport;
use chitin_model::escape::escaped_json;
use chitin_model::finding::Severity;
use chitin_scan::{TargetReport, Verdict};
use chitin_view::{CodeScan, FileNote};

/// The version of this shape.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'r> {
    schema: u32,
    verdict: Verdict,
    /// False when `notScanned` has an entry: a verdict of `clean` means little then.
    complete: bool,
    /// A limit was reached, or the scan was cancelled, before everything was read.
    truncated: bool,
    summary: Summary,
    findings: Vec<Finding<'r>>,
    not_scanned: Vec<WireNote<'r>>,
    notes: Vec<WireNote<'r>>,
    targets: Vec<Target<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    scanned_files: u32,
    critical: usize,
    warn: usize,
    info: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'r> {
    rule_id: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<&'r str>,
    severity: Severity,
    file: String,
    line: u32,
    column: u32,
    message: &'r str,
    evidence: &'r str,
}

#[derive(Serialize)]
struct WireNote<'r> {
    file: String,
    reason: &'r str,
}

/// One path that was given.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Target<'r> {
    path: &'r str,
    verdict: Verdict,
    complete: bool,
    scanned_files: u32,
}

/// Pretty-printed, with a final line end.
pub fn render(report: &ScanReport) -> Result<String, serde_json::Error> {
    let wire = Wire {
        schema: SCHEMA,
        verdict: report.verdict(),
        complete: report.is_complete(),
        truncated: report.is_truncated(),
        summary: Summary {
            scanned_files: report.scanned_files(),
            critical: report.count(Severity::Critical),
            warn: report.count(Severity::Warn),
            info: report.count(Severity::Info),
        },
        findings: report.targets.iter().flat_map(|target| findings(report, target)).collect(),
        not_scanned: notes(report, |scan| &scan.not_scanned),
        notes: notes(report, |scan| &scan.notes),
        targets: report
            .targets
            .iter()
            .map(|target| Target {
                path: &target.path,
                verdict: target.verdict,
                complete: target.is_complete(),
                scanned_files: target.scan.scanned_files,
            })
            .collect(),
    };
    Ok(escaped_json(&serde_json::to_string_pretty(&wire)?) + "\n")
}

fn findings<'r>(
    report: &'r ScanReport,
    target: &'r TargetReport,
) -> impl Iterator<Item = Finding<'r>> {
    target.scan.findings.iter().map(|finding| Finding {
        rule_id: &finding.rule,
        alias: finding.alias.as_deref(),
        severity: finding.severity,
        file: report.place(target, &finding.file),
        line: finding.line,
        column: finding.column,
        message: &finding.message,
        evidence: &finding.evidence,
    })
}

fn notes(report: &ScanReport, of: fn(&CodeScan) -> &Vec<FileNote>) -> Vec<WireNote<'_>> {
    report
        .targets
        .iter()
        .flat_map(|target| of(&target.scan).iter().map(move |note| (target, note)))
        .map(|(target, note)| WireNote {
            file: report.place(target, &note.file),
            reason: &note.reason,
        })
        .collect()
}
