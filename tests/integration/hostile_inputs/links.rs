//! Links and entries that are not files, wherever a file or directory is expected.

use serde_json::json;

use super::{assert_config_is_refused, audit};
use crate::support::workspace::Workspace;

fn config() -> serde_json::Value {
    json!({"gateway": {"bind": "lan"}})
}

#[test]
fn a_fifo_for_a_config() {
    let workspace = Workspace::new();
    workspace.fifo("state/openclaw.json");
    assert_config_is_refused(&workspace);
}

#[test]
fn a_directory_for_a_config() {
    let workspace = Workspace::new();
    workspace.dir("state/openclaw.json", 0o700);
    assert_config_is_refused(&workspace);
}

#[test]
fn a_config_behind_a_link() {
    let workspace = Workspace::new();
    workspace.file("elsewhere/real.json", 0o644, config().to_string());
    workspace.link("state/openclaw.json", "../elsewhere/real.json");
    let report = audit(&workspace);
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
    assert!(report.has("fs.config.symlink"), "{:?}", report.ids());
}

#[test]
fn a_config_behind_a_link_to_a_device_or_to_itself() {
    for target in ["/dev/zero", "/dev/stdin", "openclaw.json", "/proc/self/mem", "/"] {
        let workspace = Workspace::new();
        workspace.link("state/openclaw.json", target);
        let report = audit(&workspace);
        assert!(
            report.has("summary.attack_surface") || report.has("config.read_failed"),
            "{target}"
        );
    }
}

#[test]
fn a_state_directory_behind_a_link() {
    let workspace = Workspace::new();
    workspace.mode("state", 0o700);
    std::fs::remove_dir(workspace.path("state")).unwrap();
    workspace.file("real/openclaw.json", 0o600, config().to_string());
    workspace.link("state", "real");
    let report = audit(&workspace);
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
    assert!(report.has("fs.state_dir.symlink"), "{:?}", report.ids());
}

#[test]
fn a_state_directory_that_is_not_a_directory() {
    let workspace = Workspace::new();
    std::fs::remove_dir(workspace.path("state")).unwrap();
    assert!(audit(&workspace).has("gateway.loopback_no_auth"));
    workspace.file("state", 0o600, "a file");
    assert!(audit(&workspace).has("gateway.loopback_no_auth"));
    std::fs::remove_file(workspace.path("state")).unwrap();
    workspace.link("state", "state");
    audit(&workspace);
}

#[test]
fn directories_behind_links_to_the_root_of_the_file_system() {
    let workspace = Workspace::with_config(&config());
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
        workspace.link(format!("state/{name}"), "/");
    }
    let report = audit(&workspace);
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
    // Nothing of what is there is taken for a part of this gateway.
    assert!(!report.0.to_string().contains("/etc/passwd"));
}

#[test]
fn loops_of_links() {
    let workspace = Workspace::with_config(&config());
    for directory in [
        "credentials",
        "agents/main/agent",
        "extensions/a",
        "workspace/skills/a",
        "agents/main/sessions",
    ] {
        workspace.dir(format!("state/{directory}"), 0o700);
        workspace.link(format!("state/{directory}/self"), ".");
        workspace.link(format!("state/{directory}/up"), "../..");
        workspace.link(format!("state/{directory}/loop"), "loop");
    }
    let report = audit(&workspace);
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
}

#[test]
fn fifos_for_files() {
    let workspace =
        Workspace::with_config(&json!({"gateway": {"bind": "lan"}, "logging": {"file": "~/log"}}));
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
        workspace.fifo(&format!("state/{path}"));
    }
    workspace.fifo("home/log");
    workspace.fifo(".env");
    let report = audit(&workspace);
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
}

#[test]
fn directories_for_files() {
    let workspace = Workspace::with_config(&config());
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
        workspace.dir(format!("state/{path}"), 0o700);
    }
    let report = audit(&workspace);
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
}
