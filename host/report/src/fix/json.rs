//! What was fixed, in OpenClaw's JSON shape.

use serde::Serialize;

use chitin_fix::{Action, Applied, Verb};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireFix<'f> {
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

pub(crate) fn wire(fix: &Applied) -> WireFix<'_> {
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

#[cfg(test)]
mod tests {
    use super::super::samples::applied;
    use super::*;

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
