//! The report of `chitin scan` for a terminal.

use std::fmt::{Result, Write as _};

use super::super::style::{BOLD, DIM, of_severity, of_verdict};
use super::ScanReport;
use chitin_model::escape::visible;
use chitin_model::finding::Severity;
use chitin_scan::{TargetReport, Verdict};
use chitin_view::{CodeScan, FileNote};

/// With colour; the output stream strips it where there is no terminal.
pub fn render(report: &ScanReport) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _infallible = write_report(&mut out, report);
    out
}

fn write_report(out: &mut String, report: &ScanReport) -> Result {
    writeln!(out, "{BOLD}chitin code scan{BOLD:#}")?;
    for target in &report.targets {
        write_target(out, target)?;
    }
    writeln!(
        out,
        "Summary: {} {} scanned · {} critical · {} warn · {} info",
        report.scanned_files(),
        if report.scanned_files() == 1 { "file" } else { "files" },
        report.count(Severity::Critical),
        report.count(Severity::Warn),
        report.count(Severity::Info),
    )?;
    for severity in [Severity::Critical, Severity::Warn, Severity::Info] {
        write_findings(out, report, severity)?;
    }
    write_remarks(out, report, "NOT SCANNED", |scan| &scan.not_scanned)?;
    write_remarks(out, report, "NOTES", |scan| &scan.notes)
}

fn write_target(out: &mut String, target: &TargetReport) -> Result {
    let style = of_verdict(target.verdict);
    write!(out, "{}: {style}{}{style:#}", visible(&target.path), target.verdict.name())?;
    let is_partly = target.verdict != Verdict::NotScanned && !target.is_complete();
    out.write_str(if is_partly { ", but not everything was scanned\n" } else { "\n" })
}

fn write_findings(out: &mut String, report: &ScanReport, severity: Severity) -> Result {
    let style = of_severity(severity);
    let mut heading = Some(severity.to_string().to_uppercase());
    for target in &report.targets {
        for finding in target.scan.findings.iter().filter(|found| found.severity == severity) {
            if let Some(heading) = heading.take() {
                writeln!(out, "\n{style}{heading}{style:#}")?;
            }
            let place = report.place(target, &finding.file);
            writeln!(
                out,
                "{BOLD}{}{BOLD:#} {}\n  {DIM}at {}:{}:{}{DIM:#}",
                visible(&finding.rule),
                visible(&finding.message),
                visible(&place),
                finding.line,
                finding.column,
            )?;
            if !finding.evidence.is_empty() {
                writeln!(out, "  {DIM}|{DIM:#} {}", visible(&finding.evidence))?;
            }
        }
    }
    Ok(())
}

fn write_remarks(
    out: &mut String,
    report: &ScanReport,
    heading: &str,
    of: fn(&CodeScan) -> &Vec<FileNote>,
) -> Result {
    let mut heading = Some(heading);
    for target in &report.targets {
        for note in of(&target.scan) {
            if let Some(heading) = heading.take() {
                writeln!(out, "\n{BOLD}{heading}{BOLD:#}")?;
            }
            let place = report.place(target, &note.file);
            writeln!(out, "{}: {}", visible(&place), visible(&note.reason))?;
        }
    }
    Ok(())
}
