//! Exit codes. Pipelines rely on them.

use std::process::{Command, Stdio};

use serde_json::json;

use crate::support::runner::Run;
use crate::support::workspace::Workspace;

fn exit(run: Run<'_>) -> i32 {
    run.go().exit
}

#[test]
fn zero_for_a_complete_audit_whatever_it_found() {
    let workspace = Workspace::with_config(&json!({"gateway": {"bind": "lan"}}));
    assert!(Run::audit_json(&workspace).go().json().has("gateway.bind_no_auth"));
    assert_eq!(exit(Run::audit(&workspace)), 0);
}

#[test]
fn one_when_chitin_fails() {
    let workspace = Workspace::new();
    // A working directory that is not there any more.
    let script = "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" audit";
    let output = Command::new("/bin/sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_chitin-under-test")])
        .current_dir(workspace.root())
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.starts_with("error: "), "{stderr}");
    assert!(output.stdout.is_empty());
}

#[test]
fn two_for_wrong_usage() {
    let workspace = Workspace::new();
    assert_eq!(exit(Run::audit(&workspace).arg("--no-such-option")), 2);
    assert_eq!(exit(Run::new(&workspace, &["explain", "no.such.rule"])), 2);
    assert_eq!(exit(Run::new(&workspace, &[])), 2);
}

#[test]
fn three_for_an_incomplete_audit() {
    let workspace = Workspace::with_config_text("{");
    assert_eq!(exit(Run::audit(&workspace)), 3);
    let workspace = Workspace::with_config(&json!({}));
    assert_eq!(exit(Run::audit(&workspace).arg("--limit").arg("fuel=1000")), 3);
}

#[test]
fn ten_for_findings_at_or_above_the_severity() {
    let warns = Workspace::with_config(&json!({"gateway": {
        "auth": {"token": "a-long-token-that-nobody-guesses"},
        "trustedProxies": [],
    }}));
    let report = Run::audit_json(&warns).go().json();
    assert_eq!(report.0["summary"]["critical"], 0, "{:?}", report.hits());
    assert_eq!(exit(Run::audit(&warns).arg("--fail-on").arg("info")), 10);
    assert_eq!(exit(Run::audit(&warns).arg("--fail-on").arg("warn")), 10);
    assert_eq!(exit(Run::audit(&warns).arg("--fail-on").arg("critical")), 0);
    let critical = Workspace::with_config(&json!({"gateway": {"bind": "lan"}}));
    assert_eq!(exit(Run::audit(&critical).arg("--fail-on").arg("critical")), 10);
}

#[test]
fn ten_comes_before_three() {
    let workspace = Workspace::with_config_text("{");
    assert_eq!(exit(Run::audit(&workspace).arg("--fail-on").arg("critical")), 10);
}

#[test]
fn a_closed_pipe_is_not_a_failure() {
    let workspace = Workspace::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_chitin-under-test"))
        .args(["list", "--json"])
        .current_dir(workspace.root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty());
}
