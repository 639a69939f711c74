//! Text that would do something to a terminal or to a reader's eyes, in keys, values, names and messages.

use serde_json::{Value, json};

use crate::support::output_hygiene::{assert_printable, without_colour};
use crate::support::runner::{Answer, Run};
use crate::support::workspace::Workspace;

/// Moves the cursor, sets a title, reverses what follows, hides characters, ends a line.
const EVIL: &str =
    "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}evil\u{2066}\u{200b}\u{e0041}\r\u{2028}";

fn evil_workspace() -> Workspace {
    let evil = |text: &str| format!("{text}{EVIL}");
    let mut config = json!({
        "gateway": {
            "bind": evil("lan"),
            "auth": {"mode": evil("token")},
            "trustedProxies": [evil("10.0.0.1")],
            "nodes": {"denyCommands": [evil("system.*"), evil("system.runn")], "allowCommands": [evil("x")]},
            "tailscale": {"mode": "funnel"},
        },
        "channels": {
            "telegram": {"groupPolicy": "open", "dmPolicy": "open", "botToken": "x", "allowFrom": ["*"], "accounts": {}},
        },
        "agents": {"entries": {}, "defaults": {"sandbox": {"docker": {
            "binds": [evil("/etc:/x"), evil("data:/x")], "network": "host",
        }}}},
        "tools": {"exec": {"safeBins": ["python3", evil("jq")], "safeBinTrustedDirs": [evil("/tmp/")]}},
        "browser": {"profiles": {}},
        "plugins": {"allow": [evil("ghost")], "entries": {}},
        "hooks": {"enabled": true, "mappings": [{"allowUnsafeExternalContent": true}]},
        "models": {"providers": {}},
    });
    let key = |pointer: &str| format!("{}{EVIL}", &pointer[1..2]);
    for (pointer, value) in [
        ("/channels", json!({"groupPolicy": "open", "dmPolicy": "open", "allowFrom": ["*"]})),
        ("/channels/telegram/accounts", json!({"groupPolicy": "open"})),
        (
            "/agents/entries",
            json!({"model": evil("ollama/llama3.1:8b"), "sandbox": {"docker": {"network": "host"}}}),
        ),
        ("/browser/profiles", json!({"cdpUrl": "http://10.0.0.1:1"})),
        ("/plugins/entries", json!({"config": {}})),
        ("/tools", json!(1)),
    ] {
        config.pointer_mut(pointer).unwrap()[key(pointer)] = value;
    }
    let workspace = Workspace::with_config(&config);
    workspace.mode("state", 0o777);
    workspace.file(format!("state/extensions/{}/package.json", EVIL.replace('/', "")), 0o666, "{}");
    workspace.link(format!("state/workspace/skills/{}", EVIL.replace('/', "")), "/etc");
    workspace
}

/// An audit of the evil workspace, with whatever paths it has in its temporary directory.
fn audit(arguments: &[&str]) -> Answer {
    let workspace = evil_workspace();
    let run =
        Run::audit(&workspace).envs([("OPENCLAW_PROFILE", EVIL), ("OPENCLAW_GATEWAY_PORT", EVIL)]);
    arguments.iter().fold(run, |run, argument| run.arg(*argument)).go()
}

#[test]
fn text_has_no_terminal_escapes() {
    let answer = audit(&[]);
    assert!(
        answer.stdout.contains(r"\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}evil"),
        "{}",
        answer.stdout
    );
    assert_printable(&answer.stdout);
    assert_printable(&answer.stderr);
}

#[test]
fn coloured_text_has_only_its_own_colours() {
    let workspace = evil_workspace();
    let answer = Run::audit(&workspace).env("CLICOLOR_FORCE", "1").go();
    assert!(answer.stdout.contains("\u{1b}["), "there is no colour");
    assert_printable(&without_colour(&answer.stdout));
}

#[test]
fn json_has_no_terminal_escapes() {
    let answer = audit(&["--json"]);
    assert_printable(&answer.stdout);
    let report: Value = serde_json::from_str(&answer.stdout).unwrap();
    assert!(report.to_string().contains('\u{202e}'), "the text is not in the report at all");
}

#[test]
fn errors_have_no_terminal_escapes() {
    let workspace = Workspace::new();
    for arguments in [
        vec!["explain", EVIL],
        vec!["audit", "--auth", EVIL],
        vec!["audit", "--limit", EVIL],
        vec!["audit", "--profile", EVIL],
        vec!["audit", EVIL, "--json"],
        vec![EVIL],
    ] {
        let answer = Run::new(&workspace, &arguments).go();
        assert_printable(&answer.stdout);
        assert_printable(&answer.stderr);
    }
}
