//! Which permissions are set, in which order, and which are left alone.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::json;

use super::{Fixed, run};
use crate::support::workspace::Workspace;

#[test]
fn permissions_in_openclaws_order() {
    let workspace = Workspace::with_config_text("{}");
    workspace.mode("state", 0o755);
    workspace.mode("state/openclaw.json", 0o644);
    let fixed = Fixed::of(&workspace);
    let keys = |pointer: &str| -> Vec<String> {
        fixed.0.pointer(pointer).unwrap().as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(keys(""), ["fix", "report", "secretDiagnostics", "chitin"]);
    assert_eq!(
        keys("/fix"),
        ["ok", "stateDir", "configPath", "configWritten", "changes", "actions", "errors"]
    );
    assert_eq!(keys("/report"), ["ts", "summary", "findings"]);

    let state = workspace.path("state");
    let config = state.join("openclaw.json");
    let rows = fixed.actions();
    assert_eq!(rows[0], json!({"kind": "chmod", "path": state, "mode": 448, "ok": true}));
    assert_eq!(rows[1], json!({"kind": "chmod", "path": config, "mode": 384, "ok": true}));
    assert_eq!(rows[2]["skipped"], "missing");
    let names = [
        "",
        "/agent",
        "/agent/openclaw-agent.sqlite",
        "/agent/openclaw-agent.sqlite-wal",
        "/agent/openclaw-agent.sqlite-shm",
        "/agent/openclaw-agent.sqlite-journal",
        "/agent/auth-profiles.json",
        "/sessions",
        "/sessions/sessions.json",
    ];
    assert_eq!(rows.len(), 3 + names.len());
    for (row, name) in rows[3..].iter().zip(names) {
        let path = format!("{}/agents/main{name}", state.display());
        assert_eq!(
            (row["path"].as_str(), row["skipped"].as_str()),
            (Some(&*path), Some("missing"))
        );
    }
    assert_eq!(
        (workspace.mode_of("state"), workspace.mode_of("state/openclaw.json")),
        (0o700, 0o600)
    );

    let again = Fixed::of(&workspace);
    assert!(again.actions().iter().all(|row| row["ok"] == false && row["skipped"].is_string()));
    let words = run(&workspace, &["audit", "--fix"]).stdout;
    assert!(words.contains("Fix: chitin audit --fix\nFixes: no changes applied\n"), "{words}");
}

#[test]
fn every_file_of_the_catalogue_is_closed() {
    let workspace = Workspace::with_config_text(
        "{agents: {entries: {Work: {}}}, $include: './more.json5', logging: {file: '~/oc.log'}}",
    );
    let closed = [
        "state/more.json5",
        "home/oc.log",
        "state/credentials/a.json",
        "state/agents/work/sessions/s.jsonl",
        "state/agents/work/agent/auth-profiles.json",
    ];
    let open = ["state/credentials/b.JSON", "state/credentials/c.txt"];
    for name in closed.iter().chain(&open) {
        workspace.file(name, 0o644, "{}");
    }
    workspace.mode("state/credentials", 0o755);
    let fixed = Fixed::of(&workspace);
    assert!(fixed.ok(), "{:?}", fixed.errors());
    for name in closed {
        assert_eq!(workspace.mode_of(name), 0o600, "{name}");
    }
    for name in open {
        assert_eq!(workspace.mode_of(name), 0o644, "{name}");
    }
    assert_eq!(workspace.mode_of("state/credentials"), 0o700);
    let paths: Vec<_> =
        fixed.actions().iter().map(|row| row["path"].as_str().unwrap().to_owned()).collect();
    let path = |name: &str| workspace.path(name).to_str().unwrap().to_owned();
    assert_eq!(paths[2], path("state/more.json5"));
    assert_eq!(paths[3], path("state/credentials"));
    assert_eq!(*paths.last().unwrap(), path("home/oc.log"));
}

#[test]
fn missing_bits_of_the_owner_are_added() {
    let workspace = Workspace::with_config_text("{}");
    workspace.file("state/credentials/a.json", 0o000, "{}");
    assert_eq!(
        Fixed::of(&workspace).action(&workspace.path("state/credentials/a.json"))["ok"],
        true
    );
    assert_eq!(workspace.mode_of("state/credentials/a.json"), 0o600);
}

#[test]
fn an_include_outside_of_the_configs_directory_is_not_touched() {
    let workspace = Workspace::new();
    workspace.file("elsewhere.json", 0o644, "{}");
    workspace.file("state/openclaw.json", 0o600, "{$include: '../elsewhere.json'}");
    Fixed::of(&workspace);
    assert_eq!(workspace.mode_of("elsewhere.json"), 0o644);
}

#[test]
fn links_are_skipped_and_never_edited() {
    let workspace = Workspace::new();
    workspace.file("outside.json", 0o644, "{channels: {telegram: {groupPolicy: 'open'}}}");
    symlink(workspace.path("outside.json"), workspace.path("state/openclaw.json")).unwrap();
    for name in ["elsewhere", "state/agents"] {
        fs::create_dir(workspace.path(name)).unwrap();
        workspace.mode(name, 0o755);
    }
    fs::create_dir(workspace.path("elsewhere/sessions")).unwrap();
    workspace.mode("elsewhere/sessions", 0o755);
    symlink(workspace.path("elsewhere"), workspace.path("state/credentials")).unwrap();
    symlink(workspace.path("elsewhere"), workspace.path("state/agents/main")).unwrap();
    let fixed = Fixed::of(&workspace);
    for name in ["openclaw.json", "credentials", "agents/main", "agents/main/sessions"] {
        assert_eq!(
            fixed.action(&workspace.path("state").join(name))["skipped"],
            "symlink",
            "{name}"
        );
    }
    let modes =
        ["outside.json", "elsewhere", "elsewhere/sessions"].map(|name| workspace.mode_of(name));
    assert_eq!(modes, [0o644, 0o755, 0o755]);
    assert!(!fixed.config_written());
    assert_eq!(fixed.changes(), ["channels.telegram.groupPolicy=open -> allowlist"]);
    let [error] = fixed.errors()[..] else { panic!("{:?}", fixed.errors()) };
    assert!(error.starts_with("replaceConfigFile failed: ") && error.ends_with("it is a symlink"));
    let findings = fixed.0["report"]["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["checkId"] == "fs.config.symlink"));
}

#[test]
fn a_path_that_the_operator_names_may_lead_through_links() {
    let workspace = Workspace::new();
    workspace.file("real/openclaw.json", 0o644, "{channels: {x: {groupPolicy: 'open'}}}");
    symlink(workspace.path("real"), workspace.path("link")).unwrap();
    let fixed = Fixed::with(
        &workspace,
        "OPENCLAW_CONFIG_PATH",
        workspace.path("link/openclaw.json").to_str().unwrap(),
    );
    assert!(fixed.ok() && fixed.config_written(), "{:?}", fixed.errors());
    assert_eq!(workspace.mode_of("real/openclaw.json"), 0o600);
    assert!(workspace.read("real/openclaw.json").contains("allowlist"));
    assert!(workspace.path("link").is_symlink());
}

#[test]
fn hard_links_and_wrong_kinds_are_left_alone() {
    let workspace = Workspace::with_config_text("{channels: {x: {groupPolicy: 'open'}}}");
    fs::hard_link(workspace.path("state/openclaw.json"), workspace.path("second")).unwrap();
    workspace.mode("second", 0o644);
    workspace.file("state/credentials", 0o600, "no directory");
    fs::create_dir_all(workspace.path("state/agents/main/agent/auth-profiles.json")).unwrap();
    let fixed = Fixed::of(&workspace);
    let reason = "it has more than one hard link";
    assert!(fixed.errors()[0].ends_with(reason), "{:?}", fixed.errors());
    assert_eq!(fixed.action(&workspace.path("state/openclaw.json"))["error"], reason);
    assert_eq!(workspace.mode_of("second"), 0o644);
    let skipped = |name: &str| fixed.action(&workspace.path(name))["skipped"].as_str().unwrap();
    assert_eq!(skipped("state/credentials"), "not-a-directory");
    assert_eq!(skipped("state/agents/main/agent/auth-profiles.json"), "not-a-file");
}
