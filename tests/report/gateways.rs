//! Which gateway is audited: the machine's own, a profile's, one that options name, or one that was brought here.

use serde_json::json;

use crate::place::Place;
use crate::runner::{Report, Run};

/// A place with several gateways, each with a `gateway.bind` of its own.
fn machine() -> Place {
    let place = Place::new();
    for (path, bind) in [
        ("home/.openclaw/openclaw.json", "default"),
        ("home/.openclaw-dev/openclaw.json", "dev"),
        ("home/.openclaw-work/openclaw.json", "work"),
        ("state/openclaw.json", "named"),
        ("brought/openclaw.json", "brought"),
        ("other.json", "other"),
    ] {
        place.file(path, 0o600, json!({"gateway": {"bind": bind}}).to_string());
    }
    place
}

/// The bind of the gateway that was audited.
fn bind(run: Run<'_>) -> String {
    let detail = run.arg("--json").go().json().texts("gateway.bind_no_auth", "detail");
    let (_, rest) = detail.split_once("gateway.bind=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

#[test]
fn the_machines_own() {
    let place = machine();
    assert_eq!(bind(Run::new(&place, &["audit"])), "default");
    assert_eq!(bind(Run::audit(&place)), "named");
    let by_config =
        Run::new(&place, &["audit"]).env("OPENCLAW_CONFIG_PATH", place.path("other.json"));
    assert_eq!(bind(by_config), "other");
}

#[test]
fn a_profiles() {
    let place = machine();
    assert_eq!(bind(Run::new(&place, &["audit", "--profile", "work"])), "work");
    assert_eq!(bind(Run::new(&place, &["--dev", "audit"])), "dev");
    // What the environment names is not replaced by a profile.
    assert_eq!(bind(Run::audit(&place).arg("--profile").arg("work")), "named");
}

#[test]
fn one_that_options_name() {
    let place = machine();
    let by_directory = Run::new(&place, &["audit", "--state-dir", "state"]);
    assert_eq!(bind(by_directory), "named");
    let by_file = Run::audit(&place).arg("--config").arg("other.json");
    assert_eq!(bind(by_file), "other");
}

/// An audit of the directory that was brought here, on a machine that has a gateway itself.
fn brought(place: &Place) -> Report {
    Run::new(place, &["audit", "brought", "--json"])
        .env("OPENCLAW_STATE_DIR", place.state())
        .env("OPENCLAW_CONFIG_PATH", place.path("other.json"))
        .env("OPENCLAW_GATEWAY_TOKEN", "a-token-of-this-machine-and-no-other")
        .env("TELEGRAM_BOT_TOKEN", "123:abc")
        .go()
        .json()
}

#[test]
fn one_that_was_brought_here() {
    let report = brought(&machine());
    // The machine's own token is not that gateway's.
    let detail = report.texts("gateway.bind_no_auth", "detail");
    assert!(detail.contains("gateway.bind=\"brought\""), "{detail}");
}

#[test]
fn one_that_was_brought_here_leads_nowhere_else() {
    let place = machine();
    place.file("outside/log", 0o666, "x");
    place.link("outside/workspace/skills/a", "/etc");
    place.file(
        "brought/.env",
        0o600,
        format!("OPENCLAW_OAUTH_DIR={}\n", place.path("outside").display()),
    );
    let config = json!({
        "gateway": {"bind": "brought"},
        "logging": {"file": place.path("outside/log")},
        "agents": {"defaults": {"workspace": place.path("outside/workspace")}},
        "channels": {"$include": place.path("other.json")},
    });
    place.file("brought/openclaw.json", 0o600, config.to_string());
    place.mode("outside", 0o777);
    let report = brought(&place);
    for id in [
        "fs.log_file.perms_readable",
        "skills.workspace.symlink_escape",
        "fs.credentials_dir.perms_writable",
    ] {
        assert!(!report.has(id), "{}", report.texts(id, "detail"));
    }
    assert!(report.has("config.include_failed"), "{:?}", report.ids());
}
