//! What was fixed, in OpenClaw's text layout.

use std::fmt::Write as _;
use std::path::Path;

use super::gone;
use chitin_audit::Report;
use chitin_fix::{Applied, Verb};
use chitin_model::escape::visible;

/// The home directory, which is shown shortened: `~`, or `$OPENCLAW_HOME`.
#[derive(Debug, Clone)]
pub struct Home {
    path: String,
    shown: &'static str,
}

impl Home {
    /// The user's own home directory.
    pub fn of_user(path: &Path) -> Self {
        Self { path: path.display().to_string(), shown: "~" }
    }

    /// The directory that `OPENCLAW_HOME` names.
    pub fn of_variable(path: &Path) -> Self {
        Self { path: path.display().to_string(), shown: "$OPENCLAW_HOME" }
    }

    /// A text in which every path below the home directory is shortened.
    fn shorten(&self, text: &str) -> String {
        let path = self.path.trim_end_matches(['/', '\\']);
        if path.is_empty() {
            return visible(text);
        }
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(path) {
            let (before, found) = rest.split_at(at);
            let after = found.get(path.len()..).unwrap_or_default();
            let ends =
                after.chars().next().is_none_or(|c| !(c.is_alphanumeric() || "-_.".contains(c)));
            out.push_str(before);
            out.push_str(if ends { self.shown } else { path });
            rest = after;
        }
        out.push_str(rest);
        visible(&out)
    }
}

/// The lines about the fix that follow the summary of a report; `None` when it failed.
pub fn section(fix: Option<&Applied>, home: &Home) -> String {
    let mut out = String::from("Fix: chitin audit --fix\n");
    let Some(fix) = fix else {
        out.push_str("Fixes: failed to apply (see the message on stderr)\n");
        return out;
    };
    if fix.is_idle() {
        out.push_str("Fixes: no changes applied\n");
        return out;
    }
    out.push_str("\nFIX\n");
    out.push_str(&lines(fix, home));
    out
}

/// Which findings are gone after the fix, and how many are left.
pub fn verified(before: &Report, after: &Report) -> String {
    let gone = gone(before, after);
    let mut out = format!("GONE ({})\n", gone.iter().map(|(_, count)| count).sum::<usize>());
    for (rule, count) in gone {
        let times = if count > 1 { format!(" ({count})") } else { String::new() };
        let _infallible = writeln!(out, "  {}{times}", visible(rule));
    }
    let _infallible = writeln!(out, "Findings left: {}", after.findings.len());
    out
}

/// A line for each change, action and error.
pub fn lines(fix: &Applied, home: &Home) -> String {
    let mut out = String::new();
    for change in &fix.changes {
        let _infallible = writeln!(out, "  {}", home.shorten(change));
    }
    for action in &fix.actions {
        let command = match &action.verb {
            Verb::Chmod { mode } => format!("chmod {mode:o} {}", action.path.display()),
            Verb::Icacls { command } => command.clone(),
        };
        let command = home.shorten(&command);
        let _infallible = match (&action.error, action.skipped) {
            (Some(error), _) => writeln!(out, "  {command} failed: {}", home.shorten(error)),
            (None, Some(why)) => writeln!(out, "  skip {command} ({why})"),
            (None, None) => writeln!(out, "  {command}"),
        };
    }
    for error in &fix.errors {
        let _infallible = writeln!(out, "  error: {}", home.shorten(error));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::samples::applied;
    use super::*;

    #[test]
    fn text_follows_openclaws_layout() {
        let text = section(Some(&applied()), &Home::of_user(Path::new("/home/u")));
        assert_eq!(
            text,
            "Fix: chitin audit --fix\n\nFIX\n  channels.telegram.groupPolicy=open -> allowlist\n  chmod 600 ~/a\n  \
             skip chmod 600 ~/b (already)\n  chmod 600 ~/c failed: permission denied\n  \
             error: ~/x and /home/user: bad\\u{1b}\n"
        );
        let text = section(Some(&applied()), &Home::of_variable(Path::new("/home/u")));
        assert!(text.contains("chmod 600 $OPENCLAW_HOME/a"));
    }

    #[test]
    fn a_fix_without_changes_is_one_line() {
        let mut idle = applied();
        idle.changes.clear();
        idle.errors.clear();
        idle.actions.retain(|action| !action.ok);
        let home = Home::of_user(Path::new("/home/u"));
        assert!(section(Some(&idle), &home).ends_with("Fixes: no changes applied\n"));
        assert!(section(None, &home).contains("Fixes: failed to apply"));
    }
}
