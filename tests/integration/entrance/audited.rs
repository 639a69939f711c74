//! What was audited stands at the beginning of the report.

use serde_json::{Value, json};

use crate::support::runner::Run;
use crate::support::workspace::Workspace;

fn report(workspace: &Workspace, arguments: &[&str]) -> Value {
    let answer = Run::new(workspace, arguments).arg("--json").go();
    assert_eq!(answer.exit, 0, "{arguments:?}: {}{}", answer.stdout, answer.stderr);
    serde_json::from_str(&answer.stdout).unwrap()
}

fn ids(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|f| f["checkId"].as_str().unwrap()).collect()
}

#[test]
fn a_config_of_any_name_is_audited_as_a_config() {
    let workspace = Workspace::new();
    workspace.file("my-claw.json5", 0o644, "{gateway: {bind: 'lan'}}");
    let report = report(&workspace, &["audit", "my-claw.json5"]);
    assert!(ids(&report).contains(&"gateway.bind_no_auth"), "{:?}", ids(&report));
    assert!(!ids(&report).iter().any(|id| id.starts_with("fs.")), "{:?}", ids(&report));
    let ledger = report["chitin"]["ledger"].as_array().unwrap();
    let of_files = ledger.iter().filter(|entry| entry["rule"].as_str().unwrap().starts_with("fs."));
    for entry in of_files {
        assert_eq!(entry["status"], "not-applicable", "{entry}");
    }
    assert_eq!(report["chitin"]["complete"], true);
}

#[test]
fn the_operators_own_gateway_without_a_config_has_defaults_and_says_so() {
    let workspace = Workspace::new();
    let answer = Run::new(&workspace, &["audit"]).go();
    assert_eq!(answer.exit, 0, "{}", answer.stderr);
    assert!(answer.stdout.contains("no config found; defaults audited"), "{}", answer.stdout);
    assert_eq!(report(&workspace, &["audit"])["chitin"]["audited"]["configFound"], false);
}

#[test]
fn the_report_begins_with_what_was_audited() {
    let workspace = Workspace::with_config(&json!({"meta": {"lastTouchedVersion": "2026.9.6"}}));
    let state = workspace.state().display().to_string();
    let named = report(&workspace, &["audit", "--state-dir", &state]);
    let audited = &named["chitin"]["audited"];
    assert_eq!(audited["stateDir"], json!({"path": state, "from": "--state-dir"}));
    assert_eq!(audited["config"]["from"], "in the state directory");
    assert!(audited["openclaw"].to_string().contains("2026.9.6"), "{audited}");
    let text = Run::new(&workspace, &["audit", &state]).go().stdout;
    let head: Vec<&str> = text.lines().take(4).collect();
    assert!(head.iter().any(|line| line.starts_with("State directory: ")), "{head:?}");
    assert!(head.iter().any(|line| line.contains("2026.9.6")), "{head:?}");
}
