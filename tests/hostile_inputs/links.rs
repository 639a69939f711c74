//! Links and things that are no files, in every place where a file or directory is expected.

use serde_json::json;

use super::{assert_config_is_refused, audit};
use crate::place::Place;

fn config() -> serde_json::Value {
    json!({"gateway": {"bind": "lan"}})
}

#[test]
fn a_fifo_for_a_config() {
    let place = Place::new();
    place.fifo("state/openclaw.json");
    assert_config_is_refused(&place);
}

#[test]
fn a_directory_for_a_config() {
    let place = Place::new();
    place.dir("state/openclaw.json", 0o700);
    assert_config_is_refused(&place);
}

#[test]
fn a_config_behind_a_link() {
    let place = Place::new();
    place.file("elsewhere/real.json", 0o644, config().to_string());
    place.link("state/openclaw.json", "../elsewhere/real.json");
    let report = audit(&place);
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
    assert!(report.has("fs.config.symlink"), "{:?}", report.ids());
}

#[test]
fn a_config_behind_a_link_to_a_device_or_to_itself() {
    for target in ["/dev/zero", "/dev/stdin", "openclaw.json", "/proc/self/mem", "/"] {
        let place = Place::new();
        place.link("state/openclaw.json", target);
        let report = audit(&place);
        assert!(
            report.has("summary.attack_surface") || report.has("config.parse_failed"),
            "{target}"
        );
    }
}

#[test]
fn a_state_directory_behind_a_link() {
    let place = Place::new();
    place.mode("state", 0o700);
    std::fs::remove_dir(place.path("state")).unwrap();
    place.file("real/openclaw.json", 0o600, config().to_string());
    place.link("state", "real");
    let report = audit(&place);
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
    assert!(report.has("fs.state_dir.symlink"), "{:?}", report.ids());
}

#[test]
fn a_state_directory_that_is_none() {
    let place = Place::new();
    std::fs::remove_dir(place.path("state")).unwrap();
    assert!(audit(&place).has("gateway.loopback_no_auth"));
    place.file("state", 0o600, "a file");
    assert!(audit(&place).has("gateway.loopback_no_auth"));
    std::fs::remove_file(place.path("state")).unwrap();
    place.link("state", "state");
    audit(&place);
}

#[test]
fn directories_behind_links_to_the_root_of_the_file_system() {
    let place = Place::with_config(&config());
    for name in [
        "credentials",
        "agents",
        "extensions",
        "workspace",
        "skills",
        "state",
        "logs",
        "hooks",
        "plugins",
    ] {
        place.link(format!("state/{name}"), "/");
    }
    let report = audit(&place);
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
    // Nothing of what lies there is taken for a part of this gateway.
    assert!(!report.0.to_string().contains("/etc/passwd"));
}

#[test]
fn loops_of_links() {
    let place = Place::with_config(&config());
    for directory in [
        "credentials",
        "agents/main/agent",
        "extensions/a",
        "workspace/skills/a",
        "agents/main/sessions",
    ] {
        place.dir(format!("state/{directory}"), 0o700);
        place.link(format!("state/{directory}/self"), ".");
        place.link(format!("state/{directory}/up"), "../..");
        place.link(format!("state/{directory}/loop"), "loop");
    }
    let report = audit(&place);
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
}

#[test]
fn fifos_for_files() {
    let place =
        Place::with_config(&json!({"gateway": {"bind": "lan"}, "logging": {"file": "~/log"}}));
    for path in [
        ".env",
        "exec-approvals.json",
        "agents/main/agent/auth-profiles.json",
        "agents/main/sessions/sessions.json",
        "credentials/telegram-default-allowFrom.json",
        "credentials/telegram-pairing.json",
        "state/openclaw.sqlite",
        "extensions/a/package.json",
        "extensions/a/openclaw.plugin.json",
        "plugins/installs.json",
        "workspace/skills/a/SKILL.md",
        "skills/config/mcporter.json",
    ] {
        place.fifo(&format!("state/{path}"));
    }
    place.fifo("home/log");
    place.fifo(".env");
    let report = audit(&place);
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
}

#[test]
fn directories_for_files() {
    let place = Place::with_config(&config());
    for path in [
        ".env",
        "exec-approvals.json",
        "agents/main/agent/auth-profiles.json",
        "credentials/telegram-default-allowFrom.json",
        "state/openclaw.sqlite",
        "extensions/a/package.json",
        "workspace/skills/a/SKILL.md",
        "skills/config/mcporter.json",
    ] {
        place.dir(format!("state/{path}"), 0o700);
    }
    let report = audit(&place);
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
}
