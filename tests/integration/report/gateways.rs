//! Which gateway is audited: the machine's own, a profile's, one that options name, or one that was brought here.

use serde_json::json;

use crate::support::runner::{Report, Run};
use crate::support::workspace::Workspace;

/// A workspace with several gateways, each with a `gateway.bind` of its own.
fn machine() -> Workspace {
    let workspace = Workspace::new();
    for (path, bind) in [
        ("home/.openclaw/openclaw.json", "default"),
        ("home/.openclaw-dev/openclaw.json", "dev"),
        ("home/.openclaw-work/openclaw.json", "work"),
        ("state/openclaw.json", "named"),
        ("brought/openclaw.json", "brought"),
        ("other.json", "other"),
    ] {
        workspace.file(path, 0o600, json!({"gateway": {"bind": bind}}).to_string());
    }
    workspace
}

/// The bind of the gateway that was audited.
fn bind(run: Run<'_>) -> String {
    let detail = run.arg("--json").go().json().texts("gateway.bind_no_auth", "detail");
    let (_, rest) = detail.split_once("gateway.bind=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

#[test]
fn the_default_gateway() {
    let workspace = machine();
    assert_eq!(bind(Run::new(&workspace, &["audit"])), "default");
    assert_eq!(bind(Run::audit(&workspace)), "named");
    let by_config =
        Run::new(&workspace, &["audit"]).env("OPENCLAW_CONFIG_PATH", workspace.path("other.json"));
    assert_eq!(bind(by_config), "other");
}

#[test]
fn the_gateway_of_a_profile() {
    let workspace = machine();
    assert_eq!(bind(Run::new(&workspace, &["audit", "--profile", "work"])), "work");
    assert_eq!(bind(Run::new(&workspace, &["--dev", "audit"])), "dev");
    // What the environment names is not replaced by a profile.
    assert_eq!(bind(Run::audit(&workspace).arg("--profile").arg("work")), "named");
}

#[test]
fn a_gateway_named_by_options() {
    let workspace = machine();
    let by_directory = Run::new(&workspace, &["audit", "--state-dir", "state"]);
    assert_eq!(bind(by_directory), "named");
    let by_file = Run::audit(&workspace).arg("--config").arg("other.json");
    assert_eq!(bind(by_file), "other");
}

/// An audit of the directory that was brought here, on a machine that has a gateway itself.
fn brought(workspace: &Workspace) -> Report {
    Run::new(workspace, &["audit", "brought", "--json"])
        .env("OPENCLAW_STATE_DIR", workspace.state())
        .env("OPENCLAW_CONFIG_PATH", workspace.path("other.json"))
        .env("OPENCLAW_GATEWAY_TOKEN", "a-token-of-this-machine-and-no-other")
        .env("TELEGRAM_BOT_TOKEN", "123:abc")
        .go()
        .json()
}

#[test]
fn another_directory() {
    let report = brought(&machine());
    // The machine's own token is not that gateway's.
    let detail = report.texts("gateway.bind_no_auth", "detail");
    assert!(detail.contains("gateway.bind=\"brought\""), "{detail}");
}

#[test]
fn another_directory_does_not_lead_out() {
    let workspace = machine();
    workspace.file("outside/log", 0o666, "x");
    workspace.link("outside/workspace/skills/a", "/etc");
    workspace.file(
        "brought/.env",
        0o600,
        format!("OPENCLAW_OAUTH_DIR={}\n", workspace.path("outside").display()),
    );
    let config = json!({
        "gateway": {"bind": "brought"},
        "logging": {"file": workspace.path("outside/log")},
        "agents": {"defaults": {"workspace": workspace.path("outside/workspace")}},
        "channels": {"$include": workspace.path("other.json")},
    });
    workspace.file("brought/openclaw.json", 0o600, config.to_string());
    workspace.mode("outside", 0o777);
    let report = brought(&workspace);
    for id in [
        "fs.log_file.perms_readable",
        "skills.workspace.symlink_escape",
        "fs.credentials_dir.perms_writable",
    ] {
        assert!(!report.has(id), "{}", report.texts(id, "detail"));
    }
    assert!(report.has("config.include_failed"), "{:?}", report.ids());
}
