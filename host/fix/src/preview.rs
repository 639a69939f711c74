//! What a plan would change, for the operator to confirm: a unified diff of each file and a line for each path whose
//! permissions change. In colour; the code that prints it removes the colour where there is no terminal.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::apply::ready;
use super::diff::{Line, hunks, unified};
use super::plan::{ConfigText, Edited, FixPlan, PermissionBackend};
use chitin_model::escape::visible;
use chitin_view::Inputs;

const HEADER: Style = Style::new().bold();
const HUNK: Style = AnsiColor::Cyan.on_default();
const OLD: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();
const WARNING: Style = AnsiColor::Yellow.on_default();

/// Lines of a diff that are shown. A hostile config can cause any number of changes.
const MAX_LINES: usize = 2_000;
/// Characters of a line that are shown.
const MAX_WIDTH: usize = 2_000;

/// Renders a plan. The diff has no context lines, because these may contain secrets; in the changed lines, secrets and
/// comments are blanked out.
pub fn preview(plan: &FixPlan, inputs: &Inputs) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _infallible = write_preview(&mut out, plan, inputs);
    out
}

fn write_preview(out: &mut String, plan: &FixPlan, inputs: &Inputs) -> std::fmt::Result {
    let (ready, unfit) = ready(plan);
    let shown = |text: &str| visible(&inputs.blank(text));
    for edited in &ready {
        write_diff(out, edited, inputs)?;
    }
    for row in &plan.modes {
        let Some(stat) = row.pending(&plan.backend) else { continue };
        match &plan.backend {
            PermissionBackend::PosixMode => {
                let path = shown(&row.target.path().display().to_string());
                writeln!(out, "chmod {:03o} {path} (now {:03o})", row.mode, stat.mode & 0o777)?;
            }
            PermissionBackend::Icacls(icacls) => {
                writeln!(out, "{}", shown(&row.call(icacls).display()))?;
            }
        }
    }
    for refused in plan.refused().iter().chain(&unfit) {
        let text = format!("refused: {}: {}", shown(&refused.what), shown(&refused.reason));
        write_styled(out, WARNING, &text)?;
    }
    for problem in plan.problems() {
        write_styled(out, WARNING, &format!("not edited: {}", shown(problem)))?;
    }
    Ok(())
}

fn write_diff(out: &mut String, edited: &Edited<'_>, inputs: &Inputs) -> std::fmt::Result {
    let path = visible(&inputs.blank(&edited.source.path.display().to_string()));
    write_styled(out, HEADER, &format!("--- {path}"))?;
    write_styled(out, HEADER, &format!("+++ {path}"))?;
    let (ConfigText(old), ConfigText(new)) = (&edited.source.text, &edited.new);
    let hunks = hunks(old, &edited.splices);
    let (old, new) = (inputs.blank_config_text(old), inputs.blank_config_text(new));
    let lines = unified(&hunks, &old, &new);
    let shown = |line: &str| visible(&inputs.blank(&clipped(line)));
    for line in lines.iter().take(MAX_LINES) {
        match line {
            Line::Header(header) => write_styled(out, HUNK, header)?,
            Line::Old(line) => write_styled(out, OLD, &format!("-{}", shown(line)))?,
            Line::New(line) => write_styled(out, NEW, &format!("+{}", shown(line)))?,
        }
    }
    match lines.len().checked_sub(MAX_LINES) {
        None | Some(0) => Ok(()),
        Some(more) => write_styled(out, WARNING, &format!("… {more} more lines")),
    }
}

fn clipped(line: &str) -> String {
    let line = line.strip_suffix('\r').unwrap_or(line);
    match line.char_indices().nth(MAX_WIDTH) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

fn write_styled(out: &mut String, style: Style, text: &str) -> std::fmt::Result {
    writeln!(out, "{style}{text}{style:#}")
}
