//! Styles of text on a terminal.

use anstyle::{AnsiColor, Style};

use chitin_model::finding::Severity;
use chitin_scan::Verdict;

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();

pub(super) fn of_severity(severity: Severity) -> Style {
    let color = match severity {
        Severity::Critical => AnsiColor::Red,
        Severity::Warn => AnsiColor::Yellow,
        Severity::Info => AnsiColor::Cyan,
    };
    color.on_default().bold()
}

pub(super) fn of_verdict(verdict: Verdict) -> Style {
    let color = match verdict {
        Verdict::Clean => AnsiColor::Green,
        Verdict::NotScanned | Verdict::Suspicious => AnsiColor::Yellow,
        Verdict::Malicious => AnsiColor::Red,
    };
    color.on_default().bold()
}
