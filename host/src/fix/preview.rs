//! What a plan would change, for a person to agree to: a unified diff of each file and a line for each mode.

use std::fmt::Write as _;

use similar::TextDiff;

use super::apply::ready;
use super::plan::{Plan, Text};
use crate::report::visible;
use crate::view::Inputs;

/// The diff shows changed lines only: the lines around may hold what nobody should see on a screen. Secrets in the
/// changed lines are blanked out.
pub fn preview(plan: &Plan, inputs: &Inputs) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _infallible = write_preview(&mut out, plan, inputs);
    out
}

fn write_preview(out: &mut String, plan: &Plan, inputs: &Inputs) -> std::fmt::Result {
    let (ready, unfit) = ready(plan);
    for edited in &ready {
        let path = visible(&edited.source.path.display().to_string());
        let (Text(old), Text(new)) = (&edited.source.text, &edited.new);
        let (old, new) = (inputs.blank_config_text(old), inputs.blank_config_text(new));
        let diff = TextDiff::from_lines(&old, &new);
        let mut unified = diff.unified_diff();
        let text = unified.context_radius(0).header(&path, &path).to_string();
        for line in text.lines() {
            writeln!(out, "{}", visible(line))?;
        }
    }
    for row in &plan.modes {
        let path = visible(&row.spot.path().display().to_string());
        if let Some(seen) = row.pending() {
            writeln!(out, "chmod {:03o} {path} (now {:03o})", row.mode, seen.mode & 0o777)?;
        }
    }
    for refused in plan.refused().iter().chain(&unfit) {
        writeln!(out, "refused: {}: {}", visible(&refused.what), visible(&refused.reason))?;
    }
    for problem in plan.problems() {
        writeln!(out, "not edited: {}", visible(problem))?;
    }
    Ok(())
}
