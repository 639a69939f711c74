//! The environment of another machine is not known, so what it holds is not judged.

use serde_json::Value;

use crate::support::runner::Run;
use crate::support::workspace::Workspace;

const CONFIG: &str = "{gateway: {bind: 'lan', auth: {mode: 'token', token: '${GATEWAY_TOKEN}'}},
    hooks: {enabled: true, token: '${GATEWAY_TOKEN}'}}";

fn ids(workspace: &Workspace, arguments: &[&str]) -> Vec<String> {
    let answer = Run::new(workspace, arguments).arg("--json").go();
    let report: Value =
        serde_json::from_str(&answer.stdout).unwrap_or_else(|_| panic!("{}", answer.stderr));
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| finding["checkId"].as_str().unwrap().to_owned()).collect()
}

fn has(ids: &[String], id: &str) -> bool {
    ids.iter().any(|known| known == id)
}

#[test]
fn a_variable_of_another_machine_counts_as_set_and_is_named_once() {
    let workspace = Workspace::new();
    workspace.file("brought.json", 0o600, CONFIG);
    let found = ids(&workspace, &["audit", "brought.json"]);
    assert!(!has(&found, "gateway.bind_no_auth"), "{found:?}");
    let warnings = found.iter().filter(|id| *id == "chitin.variables_unknown").count();
    assert_eq!(warnings, 1, "{found:?}");
    // One variable is one secret, whatever its value.
    assert!(has(&found, "hooks.token_reuse_gateway_token"), "{found:?}");
}

#[test]
fn a_variable_that_is_given_is_judged() {
    let workspace = Workspace::new();
    workspace.file("brought.json", 0o600, CONFIG);
    workspace.file("vars", 0o600, "GATEWAY_TOKEN=short\n");
    for given in [&["--env", "GATEWAY_TOKEN=short"][..], &["--env-file", "vars"]] {
        let found = ids(&workspace, &[&["audit", "brought.json"][..], given].concat());
        assert!(has(&found, "gateway.token_too_short"), "{given:?}: {found:?}");
        assert!(!has(&found, "chitin.variables_unknown"), "{given:?}: {found:?}");
    }
}

#[test]
fn a_variable_of_the_operators_own_gateway_that_is_not_set_is_missing() {
    let workspace = Workspace::with_config_text(CONFIG);
    let state = workspace.state().display().to_string();
    let found = ids(&workspace, &["audit", "--state-dir", &state]);
    assert!(has(&found, "gateway.bind_no_auth"), "{found:?}");
}
