//! The report for a terminal: OpenClaw's layout, with locations and with what did not run.

use std::fmt::Write as _;

use super::style::{BOLD, DIM, of_severity};
use chitin_audit::{Audited, Place, Report};
use chitin_model::escape::{visible, visible_lines};
use chitin_model::finding::{Finding, ResolvedLocation, Severity};
use chitin_model::ledger::Status;
use chitin_trust::{SignaturePolicy, TrustReport};

/// With colour; the output stream strips it where there is no terminal.
pub fn render(report: &Report) -> String {
    render_fixed(report, "")
}

/// With the lines about a fix, as [`super::fix::section`] renders them.
pub fn render_fixed(report: &Report, fix: &str) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _infallible = write_report(&mut out, report, fix);
    out
}

fn write_report(out: &mut String, report: &Report, fix: &str) -> std::fmt::Result {
    writeln!(out, "{BOLD}chitin security audit{BOLD:#}")?;
    write_audited(out, &report.audited)?;
    writeln!(
        out,
        "Summary: {} critical · {} warn · {} info",
        report.count(Severity::Critical),
        report.count(Severity::Warn),
        report.count(Severity::Info),
    )?;
    if !report.suppressed.is_empty() {
        writeln!(out, "Suppressed: {} configured", report.suppressed.len())?;
    }
    write_ledger_line(out, report)?;
    write_trust(out, &report.trust_report)?;
    if report.deep.is_none() {
        writeln!(out, "Run deeper: chitin audit --deep")?;
    }
    for diagnostic in &report.secret_diagnostics {
        writeln!(out, "[secrets] {}", visible(diagnostic))?;
    }
    out.push_str(fix);
    for severity in [Severity::Critical, Severity::Warn, Severity::Info] {
        let findings: Vec<&Finding> =
            report.findings.iter().filter(|finding| finding.severity == severity).collect();
        if findings.is_empty() {
            continue;
        }
        let style = of_severity(severity);
        writeln!(out, "\n{style}{}{style:#}", severity.to_string().to_uppercase())?;
        for finding in findings {
            write_finding(out, finding)?;
        }
    }
    write_not_run(out, report)
}

/// What was audited, and what decided about it.
fn write_audited(out: &mut String, audited: &Audited) -> std::fmt::Result {
    let shown = |place: &Place| visible(&place.path.display().to_string());
    if let Some(place) = &audited.state_dir {
        writeln!(out, "State directory: {} ({})", shown(place), visible(&place.by))?;
    }
    if audited.config_found {
        writeln!(out, "Config: {} ({})", shown(&audited.config), visible(&audited.config.by))?;
    } else {
        let path = shown(&audited.config);
        writeln!(out, "Config: no config found; defaults audited (looked for {path})")?;
    }
    if audited.state_dir.is_none() {
        writeln!(out, "Only a config was given: rules about directories and files do not apply.")?;
    }
    let known = [
        audited.openclaw.config.as_ref().map(|version| format!("{version} wrote the config")),
        audited.openclaw.installed.as_ref().map(|version| format!("{version} is installed")),
    ];
    let known: Vec<String> = known.into_iter().flatten().collect();
    if known.is_empty() {
        return writeln!(out, "OpenClaw: version unknown");
    }
    writeln!(out, "OpenClaw: {}", visible(&known.join(", ")))
}

fn write_ledger_line(out: &mut String, report: &Report) -> std::fmt::Result {
    let count = |status| report.ledger.iter().filter(|entry| entry.status == status).count();
    writeln!(
        out,
        "Rules: {} with findings · {} passed · {} not applicable · {} skipped · {} not run",
        count(Status::Finding),
        count(Status::Passed),
        count(Status::NotApplicable),
        count(Status::Skipped),
        count(Status::NotRun),
    )
}

/// One line, when installed modules were refused or need no signature.
fn write_trust(out: &mut String, trust_report: &TrustReport) -> std::fmt::Result {
    if trust_report.is_plain() {
        return Ok(());
    }
    let policy = match trust_report.policy {
        SignaturePolicy::Require => "signatures required",
        SignaturePolicy::Warn => "signatures NOT required (policy warn)",
        SignaturePolicy::Off => "signatures NOT checked (policy off)",
    };
    write!(out, "Modules: {policy}")?;
    if trust_report.failure.is_some() {
        return writeln!(out, " · none could be used");
    }
    writeln!(
        out,
        " · {} refused · {} without a valid signature",
        trust_report.refused.len(),
        trust_report.unverified.len()
    )
}

fn write_finding(out: &mut String, finding: &Finding) -> std::fmt::Result {
    writeln!(out, "{BOLD}{}{BOLD:#} {}", visible(&finding.rule), visible(&finding.title))?;
    if !finding.detail.is_empty() {
        writeln!(out, "  {}", visible_lines(&finding.detail).replace('\n', "\n  "))?;
    }
    for position in &finding.locations {
        if let Some(place) = place(position) {
            writeln!(out, "  {DIM}at {place}{DIM:#}")?;
        }
    }
    if let Some(remediation) = &finding.remediation {
        writeln!(out, "  Fix: {}", visible_lines(remediation).replace('\n', "\n  "))?;
    }
    Ok(())
}

/// `file:line:column (/pointer)`, as much of it as is known.
fn place(position: &ResolvedLocation) -> Option<String> {
    let mut text = visible(position.file.as_deref()?);
    if let Some(line) = position.line {
        let _infallible = write!(text, ":{line}");
        if let Some(column) = position.column {
            let _infallible = write!(text, ":{column}");
        }
    }
    if let Some(pointer) = position.pointer.as_deref().filter(|pointer| !pointer.is_empty()) {
        let _infallible = write!(text, " ({})", visible(pointer));
    }
    Some(text)
}

fn write_not_run(out: &mut String, report: &Report) -> std::fmt::Result {
    let mut heading = Some("\nNOT RUN");
    for entry in &report.ledger {
        if entry.status != Status::NotRun {
            continue;
        }
        if let Some(heading) = heading.take() {
            writeln!(out, "{BOLD}{heading}{BOLD:#}")?;
        }
        let reason = entry.reason.as_deref().unwrap_or("no reason given");
        writeln!(out, "{}: {}", visible(&entry.rule), visible(reason))?;
    }
    for module in &report.modules {
        for rejected in &module.rejected {
            writeln!(out, "{DIM}{}: {}{DIM:#}", visible(&module.id), visible(rejected))?;
        }
    }
    Ok(())
}
