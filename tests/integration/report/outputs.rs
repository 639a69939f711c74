//! Whole outputs, as they are.

use std::path::Path;

use insta::assert_snapshot;
use serde_json::json;

use crate::support::runner::{Answer, Run};
use crate::support::workspace::Workspace;

/// The demo: a gateway that does nearly everything wrong.
fn exposed() -> Workspace {
    let workspace = Workspace::new();
    workspace.copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/gateways/exposed"), "state");
    workspace.mode("state", 0o755);
    workspace.mode("state/openclaw.json", 0o644);
    workspace
}

/// No docker, whatever the machine has.
fn audit(run: Run<'_>) -> Answer {
    run.env("PATH", "/nonexistent").go()
}

#[test]
fn exposed_as_text() {
    let workspace = exposed();
    assert_snapshot!(audit(Run::audit(&workspace)).redacted());
}

#[test]
fn exposed_as_json() {
    let workspace = exposed();
    assert_snapshot!(audit(Run::audit_json(&workspace)).redacted());
}

#[test]
fn exposed_as_a_target() {
    let workspace = exposed();
    let state = workspace.state();
    assert_snapshot!(audit(Run::new(&workspace, &["audit"]).arg(state)).redacted());
}

#[test]
fn empty_as_text() {
    let workspace = Workspace::new();
    assert_snapshot!(audit(Run::audit(&workspace)).redacted());
}

#[test]
fn empty_as_json() {
    let workspace = Workspace::new();
    assert_snapshot!(audit(Run::audit_json(&workspace)).redacted());
}

#[test]
fn a_broken_config_as_text() {
    let workspace = Workspace::with_config_text("{gateway: {bind: 'lan'}");
    assert_snapshot!(audit(Run::audit(&workspace)).redacted());
}

#[test]
fn json_has_the_shape_of_openclaw() {
    let workspace = exposed();
    let answer = audit(Run::audit_json(&workspace));
    assert!(answer.stdout.ends_with("}\n"));
    assert_eq!(answer.stderr, "");
    let report = answer.json().0;
    let keys: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["ts", "summary", "findings", "secretDiagnostics", "chitin"]);
    let findings = report["findings"].as_array().unwrap();
    for severity in ["critical", "warn", "info"] {
        let count = findings.iter().filter(|finding| finding["severity"] == severity).count();
        assert_eq!(report["summary"][severity], count);
    }
    assert_eq!(report["chitin"]["findings"].as_array().unwrap().len(), findings.len());
    let now =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    let ts = u128::from(report["ts"].as_u64().unwrap());
    assert!(ts <= now && now - ts < 600_000, "{ts}");
}

#[test]
fn suppressed_findings_stay_in_the_report() {
    let workspace = Workspace::with_config(&json!({"security": {"audit": {"suppressions": [
        {"checkId": "gateway.trusted_proxies_missing", "reason": " no proxy "},
        {"checkId": "gateway.loopback_no_auth", "titleIncludes": "no such words"},
    ]}}}));
    let report = audit(Run::audit_json(&workspace)).json();
    assert_eq!(report.suppressed(), ["gateway.trusted_proxies_missing"]);
    assert_eq!(report.0["suppressedFindings"][0]["suppression"], json!({"reason": "no proxy"}));
    assert!(report.has("gateway.loopback_no_auth"));
    assert_eq!(report.ids().last().map(String::as_str), Some("security.audit.suppressions.active"));
    let text = audit(Run::audit(&workspace));
    assert!(text.stdout.contains("\nSuppressed: 1 configured\n"), "{}", text.stdout);
}

#[test]
fn unresolved_references_are_reported() {
    let reference = json!({"source": "env", "provider": "default", "id": "NOT_SET"});
    let workspace = Workspace::with_config(
        &json!({"gateway": {"auth": {"mode": "token", "token": reference}}}),
    );
    let report = audit(Run::audit_json(&workspace)).json();
    let [diagnostic] = report.0["secretDiagnostics"].as_array().unwrap().as_slice() else {
        panic!("{}", report.0["secretDiagnostics"]);
    };
    let diagnostic = diagnostic.as_str().unwrap();
    assert!(diagnostic.contains("gateway.auth.token"), "{diagnostic}");
    let text = audit(Run::audit(&workspace));
    assert!(text.stdout.contains(&format!("\n[secrets] {diagnostic}\n")), "{}", text.stdout);
}

#[test]
fn every_rule_is_in_the_ledger_once() {
    let workspace = Workspace::new();
    let report = audit(Run::audit_json(&workspace)).json().0;
    let mut rules: Vec<_> = report["chitin"]["ledger"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["rule"].as_str().unwrap())
        .collect();
    rules.sort_unstable();
    let listed = Run::new(&workspace, &["list", "--json"]).go();
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    // The scanner's rules are what the findings about code speak of; no audit decides them one by one.
    let listed: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .filter(|rule| rule["module"] != "chitin.code")
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    assert_eq!(rules, listed);
}

#[test]
fn the_output_does_not_depend_on_the_machine() {
    let workspace = exposed();
    let plain = audit(Run::audit_json(&workspace)).redacted();
    for variables in [
        [("LANG", "de_DE.UTF-8"), ("LC_ALL", "tr_TR.UTF-8"), ("TZ", "Asia/Kathmandu")],
        [("COLUMNS", "20"), ("TERM", "dumb"), ("RUST_LOG", "trace")],
        [("USER", "somebody"), ("TMPDIR", "/var/tmp"), ("RUST_BACKTRACE", "1")],
    ] {
        assert_eq!(
            audit(Run::audit_json(&workspace).envs(variables)).redacted(),
            plain,
            "{variables:?}"
        );
    }
}

#[test]
fn list() {
    let workspace = Workspace::new();
    assert_snapshot!(Run::new(&workspace, &["list"]).go().stdout);
}

#[test]
fn explain() {
    let workspace = Workspace::new();
    assert_snapshot!(Run::new(&workspace, &["explain", "gateway.bind_no_auth"]).go().stdout);
}

#[test]
fn explain_takes_the_id_of_a_finding() {
    let workspace = Workspace::new();
    let of_finding = Run::new(&workspace, &["explain", "channels.telegram.dm.open"]).go();
    assert!(of_finding.stdout.starts_with("channels.*.dm.open\n"), "{}", of_finding.stdout);
}
