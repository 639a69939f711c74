//! Where a finding says that its cause is: file, line and column, also behind includes and comments. The place of a
//! member is that of its key.

use serde_json::{Value, json};

use crate::support::runner::Run;
use crate::support::workspace::Workspace;

/// The places of a finding, each as pointer, file, line and column.
fn places(workspace: &Workspace, id: &str) -> Vec<Value> {
    let answer = Run::audit_json(workspace).go();
    let report = answer.json();
    let of = |location: &Value| {
        let file = answer.redact(location["file"].as_str().unwrap_or("none"));
        json!([location["pointer"], file, location["line"], location["column"]])
    };
    report.locations(id).iter().map(of).collect()
}

#[test]
fn a_value_in_the_main_file() {
    let workspace = Workspace::with_config_text(
        "// A comment: {logging: 1}\n{\n  /* and\n     another */ 'logging': {\n\t\"redactSensitive\" /* x */ : 'off',\n  },\n}\n",
    );
    assert_eq!(
        places(&workspace, "logging.redact_off"),
        [json!(["/logging/redactSensitive", "@@ROOT@@/state/openclaw.json", 5, 2])]
    );
}

#[test]
fn columns_count_characters() {
    let workspace = Workspace::with_config_text("{ü: '😀', logging: {redactSensitive: 'off'}}");
    assert_eq!(
        places(&workspace, "logging.redact_off"),
        [json!(["/logging/redactSensitive", "@@ROOT@@/state/openclaw.json", 1, 20])]
    );
}

#[test]
fn a_value_in_an_include() {
    let workspace =
        Workspace::with_config_text("{\n  logging: { $include: './parts/logging.json5' },\n}");
    workspace.file(
        "state/parts/logging.json5",
        0o600,
        "// Logs\n\n{\n  redactSensitive: 'off',\n}\n",
    );
    assert_eq!(
        places(&workspace, "logging.redact_off"),
        [json!(["/logging/redactSensitive", "@@ROOT@@/state/parts/logging.json5", 4, 3])]
    );
}

#[test]
fn a_value_in_an_include_of_an_include() {
    let workspace =
        Workspace::with_config_text("{$include: ['./empty.json5', './parts/all.json5']}");
    workspace.file("state/empty.json5", 0o600, "{}");
    workspace.file("state/parts/all.json5", 0o600, "{logging: {$include: './deep/logging.json5'}}");
    workspace.file("state/parts/deep/logging.json5", 0o600, "\n{redactSensitive:\n'off'}");
    assert_eq!(
        places(&workspace, "logging.redact_off"),
        [json!(["/logging/redactSensitive", "@@ROOT@@/state/parts/deep/logging.json5", 2, 2])]
    );
}

#[test]
fn a_value_that_a_file_overrides() {
    let workspace = Workspace::with_config_text(
        "{\n$include: './a.json5',\nlogging: {redactSensitive: 'off'}}",
    );
    workspace.file("state/a.json5", 0o600, "{logging: {redactSensitive: 'tools'}}");
    assert_eq!(
        places(&workspace, "logging.redact_off"),
        [json!(["/logging/redactSensitive", "@@ROOT@@/state/openclaw.json", 3, 11])]
    );
}

#[test]
fn an_absent_value_is_shown_at_what_is_around_it() {
    let workspace = Workspace::with_config_text("{\n  gateway: {\n    bind: 'loopback',\n  },\n}");
    let places = places(&workspace, "gateway.trusted_proxies_missing");
    assert_eq!(places, [json!(["/gateway/trustedProxies", "@@ROOT@@/state/openclaw.json", 2, 3])]);
}

#[test]
fn an_absent_value_of_an_empty_config() {
    let workspace = Workspace::with_config_text("// nothing\n{}");
    let places = places(&workspace, "gateway.trusted_proxies_missing");
    assert_eq!(places, [json!(["/gateway/trustedProxies", "@@ROOT@@/state/openclaw.json", 2, 1])]);
}

#[test]
fn a_config_that_is_not_there() {
    let workspace = Workspace::new();
    let places = places(&workspace, "gateway.trusted_proxies_missing");
    assert_eq!(places, [json!(["/gateway/trustedProxies", "none", null, null])]);
}

#[test]
fn keys_are_escaped_in_pointers() {
    let workspace = Workspace::with_config(&json!({"agents": {"entries": {"a/b~c": {
        "sandbox": {"docker": {"network": "host"}}
    }}}}));
    let places = places(&workspace, "sandbox.dangerous_network_mode");
    assert_eq!(places[0][0], "/agents/entries/a~1b~0c/sandbox/docker/network");
}

#[test]
fn a_file_of_the_state_directory() {
    let workspace = Workspace::new();
    workspace.mode("state", 0o777);
    let places = places(&workspace, "fs.state_dir.perms_world_writable");
    assert_eq!(places, [json!([null, "@@ROOT@@/state", null, null])]);
}

#[test]
fn a_config_that_does_not_parse() {
    let workspace = Workspace::with_config_text("{\n  gateway: {\n    bind: lan,\n  },\n}");
    let places = places(&workspace, "config.parse_failed");
    assert_eq!(places[0][1], "@@ROOT@@/state/openclaw.json");
    assert_eq!(places[0][2], 3);
}

#[test]
fn the_text_report_shows_the_same_places() {
    let workspace = Workspace::with_config_text("{\n  logging: {redactSensitive: 'off'}}");
    let text = Run::audit(&workspace).go().redacted();
    let line = "  at @@ROOT@@/state/openclaw.json:2:13 (/logging/redactSensitive)\n";
    assert!(text.contains(line), "{text}");
}
