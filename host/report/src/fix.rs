//! What was fixed, in OpenClaw's JSON shape and in its text layout.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use chitin_audit::Report;
use chitin_fix::{Action, Applied, Verb};
use chitin_model::escape::visible;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireFix<'f> {
    ok: bool,
    state_dir: String,
    config_path: String,
    config_written: bool,
    changes: &'f [String],
    actions: Vec<WireAction<'f>>,
    errors: &'f [String],
}

#[derive(Serialize)]
struct WireAction<'f> {
    kind: &'static str,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<&'f str>,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'f str>,
}

pub(super) fn wire(fix: &Applied) -> WireFix<'_> {
    WireFix {
        ok: fix.ok(),
        state_dir: fix.state_dir.display().to_string(),
        config_path: fix.config_path.display().to_string(),
        config_written: fix.config_written,
        changes: &fix.changes,
        actions: fix.actions.iter().map(action).collect(),
        errors: &fix.errors,
    }
}

fn action(action: &Action) -> WireAction<'_> {
    let (kind, mode, command) = match &action.verb {
        Verb::Chmod { mode } => ("chmod", Some(*mode), None),
        Verb::Icacls { command } => ("icacls", None, Some(command.as_str())),
    };
    WireAction {
        kind,
        path: action.path.display().to_string(),
        mode,
        command,
        ok: action.ok,
        skipped: action.skipped,
        error: action.error.as_deref(),
    }
}

/// How the home directory is shown.
#[derive(Debug, Clone)]
pub struct Home {
    path: String,
    shown: &'static str,
}

impl Home {
    pub fn new(path: &Path, is_openclaw_home: bool) -> Self {
        Self {
            path: path.display().to_string(),
            shown: if is_openclaw_home { "$OPENCLAW_HOME" } else { "~" },
        }
    }

    /// The text with the home directory shortened wherever a path in it begins with it.
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

/// The lines about fixing that follow the summary of a report.
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

/// The rules of the findings that were there before and are not any more, each with how many. In the order of before.
pub fn gone<'r>(before: &'r Report, after: &Report) -> Vec<(&'r str, usize)> {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for finding in &after.findings {
        *left.entry(&finding.rule).or_default() += 1;
    }
    let mut gone: Vec<(&str, usize)> = Vec::new();
    for finding in &before.findings {
        let rule = finding.rule.as_str();
        match left.get_mut(rule) {
            Some(count) if *count > 0 => *count -= 1,
            _ => match gone.iter_mut().find(|(known, _)| *known == rule) {
                Some((_, count)) => *count += 1,
                None => gone.push((rule, 1)),
            },
        }
    }
    gone
}

/// The same in words, for a person who wants to know whether it helped.
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
    use std::path::PathBuf;

    use super::*;

    fn applied() -> Applied {
        let action = |name: &str, ok, skipped, error: Option<&str>| Action {
            verb: Verb::Chmod { mode: 0o600 },
            path: PathBuf::from("/home/u").join(name),
            ok,
            skipped,
            error: error.map(str::to_owned),
        };
        Applied {
            state_dir: "/home/u/.openclaw".into(),
            config_path: "/home/u/.openclaw/openclaw.json".into(),
            config_written: true,
            changes: vec!["channels.telegram.groupPolicy=open -> allowlist".to_owned()],
            actions: vec![
                action("a", true, None, None),
                action("b", false, Some("already"), None),
                action("c", false, None, Some("permission denied")),
            ],
            errors: vec!["/home/u/x and /home/user: bad\u{1b}".to_owned()],
            run: None,
        }
    }

    #[test]
    fn text_follows_openclaws_layout() {
        let text = section(Some(&applied()), &Home::new(Path::new("/home/u"), false));
        assert_eq!(
            text,
            "Fix: chitin audit --fix\n\nFIX\n  channels.telegram.groupPolicy=open -> allowlist\n  chmod 600 ~/a\n  \
             skip chmod 600 ~/b (already)\n  chmod 600 ~/c failed: permission denied\n  \
             error: ~/x and /home/user: bad\\u{1b}\n"
        );
        let text = section(Some(&applied()), &Home::new(Path::new("/home/u"), true));
        assert!(text.contains("chmod 600 $OPENCLAW_HOME/a"));
    }

    #[test]
    fn nothing_done_is_said_in_one_line() {
        let mut idle = applied();
        idle.changes.clear();
        idle.errors.clear();
        idle.actions.retain(|action| !action.ok);
        let home = Home::new(Path::new("/home/u"), false);
        assert!(section(Some(&idle), &home).ends_with("Fixes: no changes applied\n"));
        assert!(section(None, &home).contains("Fixes: failed to apply"));
    }

    #[test]
    fn json_keeps_openclaws_key_order() {
        let json = serde_json::to_string(&wire(&applied())).unwrap();
        assert!(json.starts_with(
            r#"{"ok":false,"stateDir":"/home/u/.openclaw","configPath":"/home/u/.openclaw/openclaw.json","configWritten":true,"changes":["#
        ));
        assert!(json.contains(
            r#"{"kind":"chmod","path":"/home/u/b","mode":384,"ok":false,"skipped":"already"}"#
        ));
        assert!(json.contains(r#""ok":false,"error":"permission denied"}"#));
    }
}
