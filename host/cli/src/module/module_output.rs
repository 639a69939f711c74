//! A module's output, for a terminal.

use std::fmt::Write as _;

use chitin_devkit::record::ModuleOutput;
use chitin_model::escape::{visible, visible_lines};
use chitin_model::ledger::Status;

/// Findings, rules without a result, and what went wrong.
pub(super) fn render_output(output: &ModuleOutput) -> String {
    let mut out = String::new();
    for finding in &output.findings {
        let _infallible = writeln!(
            out,
            "{:8}  {} {}",
            finding.severity.to_string(),
            visible(&finding.rule),
            visible(&finding.title)
        );
        if !finding.detail.is_empty() {
            let detail = visible_lines(&finding.detail).replace('\n', "\n          ");
            let _infallible = writeln!(out, "          {detail}");
        }
    }
    for status in &output.statuses {
        let word = match status.status {
            Status::NotRun => "not run",
            Status::Skipped => "skipped",
            _ => "n/a",
        };
        let _infallible =
            writeln!(out, "{word:8}  {}: {}", visible(&status.rule), visible(&status.reason));
    }
    for rejected in &output.rejected {
        let _infallible = writeln!(out, "not accepted: {}", visible(rejected));
    }
    if let Some(failure) = &output.failure {
        let _infallible = writeln!(out, "did not finish: {}", visible(failure));
    }
    out
}
