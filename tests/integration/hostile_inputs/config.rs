//! Configs that no person writes: deep, large, of odd bytes, with keys that mean something to programs.

use serde_json::{Value, json};

use super::{assert_config_is_refused, audit};
use crate::support::runner::{Report, Run};
use crate::support::workspace::Workspace;

#[test]
fn a_hundred_thousand_levels() {
    let deep = 100_000;
    for text in [
        format!("{{a: {}{}}}", "[".repeat(deep), "]".repeat(deep)),
        format!("{}1{}", "{a:".repeat(deep), "}".repeat(deep)),
        "[".repeat(deep),
        "{a:".repeat(deep),
        "[{a:".repeat(deep),
        format!("{{a: {}", "/*".repeat(deep)),
    ] {
        assert_config_is_refused(&Workspace::with_config_text(text));
    }
}

#[test]
fn as_deep_as_allowed() {
    let deep = 510;
    let text = format!("{{gateway: {{bind: 'lan'}}, a: {}{}}}", "[".repeat(deep), "]".repeat(deep));
    assert!(audit(&Workspace::with_config_text(text)).has("gateway.bind_no_auth"));
}

#[test]
fn seventeen_mebibytes() {
    let text = format!("{{gateway: {{bind: 'lan'}}, a: '{}'}}", "x".repeat(17 << 20));
    let report = assert_config_is_refused(&Workspace::with_config_text(text));
    let detail = report.texts("config.read_failed", "detail");
    assert!(detail.contains("large"), "{detail}");
}

#[test]
fn two_million_values() {
    let text = format!("{{a: [{}]}}", "1,".repeat(2_000_000));
    assert_config_is_refused(&Workspace::with_config_text(text));
}

#[test]
fn bytes_that_are_not_json5() {
    for bytes in [
        &b"{gateway: {bind: \"lan\"}"[..],
        b"{gateway: }",
        b"{a: '\n'}",
        b"\0",
        b"{a: NaN} x",
        b"\xff\xfe{\0}\0",
        b"gateway:\n  bind: lan\n",
        b"<html>",
    ] {
        assert_config_is_refused(&Workspace::with_config_text(bytes));
    }
}

#[test]
fn bytes_that_are_json5_for_openclaw() {
    for bytes in [
        &b"\xef\xbb\xbf{gateway: {bind: 'lan'}}"[..],
        b"{gateway: {bind: 'lan'}, a: '\xff\xfe\xc0\x80'}",
        b"/* \xff */ {gateway: {bind: \"l\\\nan\"}}",
        b"{gateway: {bind: '\\x6can'}, n: [+.5, 0xFF, Infinity, -NaN, 1e999], }",
        b"{gateway: {bind: 'loopback'}, gateway: {bind: 'lan'}}",
    ] {
        let report = audit(&Workspace::with_config_text(bytes));
        assert!(report.has("gateway.bind_no_auth"), "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn values_of_the_wrong_type_everywhere() {
    // Real keys so every module meets each of these values where it expects something else.
    let keys = [
        "gateway",
        "agents",
        "channels",
        "tools",
        "hooks",
        "plugins",
        "models",
        "browser",
        "logging",
        "session",
        "security",
        "discovery",
        "mcp",
        "env",
        "secrets",
        "skills",
        "bindings",
    ];
    let values = [
        json!(null),
        json!(true),
        json!(-1.5e300),
        json!(""),
        json!("*"),
        json!([]),
        json!([null, [], {}, 1, "x"]),
        json!({"": {"": ""}}),
        json!({"entries": [1], "list": {"a": 1}, "defaults": "x", "accounts": [[]], "auth": 1, "allow": {}}),
    ];
    for value in values {
        let config: Value = keys.iter().map(|key| ((*key).to_owned(), value.clone())).collect();
        let report = audit(&Workspace::with_config(&config));
        assert_eq!(report.not_run(), [], "{value}");
    }
    for whole in [json!(null), json!([]), json!("x"), json!(1), json!(true)] {
        audit(&Workspace::with_config(&whole));
    }
}

/// However much a config holds, what is said about it stays short enough to be read.
fn assert_details_are_short(report: &Report) {
    assert!(report.has("gateway.bind_no_auth"));
    for finding in report.findings() {
        let length = finding["detail"].as_str().unwrap().len();
        assert!(length < 1 << 14, "{} has {length} bytes of detail", finding["checkId"]);
    }
}

fn with_long_keys(length: usize) -> Workspace {
    let long = "x".repeat(length);
    let mut config = json!({"gateway": {"bind": "lan"}, "channels": {}, "agents": {"entries": {}}});
    config["channels"][&long] =
        json!({"groupPolicy": "open", "dmPolicy": "open", "allowFrom": ["*", long]});
    config["agents"]["entries"][&long] =
        json!({"sandbox": {"docker": {"network": "host"}}, "model": long});
    config[&long] = json!(long);
    Workspace::with_config(&config)
}

fn with_many_keys(count: usize) -> Workspace {
    let mut config = json!({"gateway": {"bind": "lan"}, "channels": {}, "agents": {"entries": {}}});
    for number in 0..count {
        config["agents"]["entries"][format!("agent-{number}")] =
            json!({"sandbox": {"mode": "off"}});
        config["channels"][format!("channel-{number}")] = json!({"groupPolicy": "open"});
    }
    Workspace::with_config(&config)
}

#[test]
fn long_keys_and_many_keys() {
    assert_details_are_short(&audit(&with_long_keys(2000)));
    assert_details_are_short(&audit(&with_many_keys(200)));
}

#[test]
fn many_accounts_are_looked_at_one_by_one() {
    let account =
        json!({"botToken": "made-up", "token": "made-up", "dmPolicy": "open", "allowFrom": ["*"]});
    let accounts: serde_json::Map<String, Value> =
        (0..400).map(|number| (format!("account-{number}"), account.clone())).collect();
    let channel = json!({"accounts": accounts});
    let workspace =
        Workspace::with_config(&json!({"channels": {"telegram": channel, "discord": channel}}));
    let report = audit(&workspace);
    assert_eq!(report.module_failures(), [""; 0]);
    let open = report.ids().into_iter().filter(|id| id.ends_with(".dm.open")).count();
    assert_eq!(open, 800);
}

#[test]
fn huge_keys_cost_only_the_modules_that_read_them() {
    for workspace in [with_long_keys(1 << 20), with_many_keys(5000)] {
        let answer = Run::audit_json(&workspace).go();
        let report = answer.json();
        // What a module could not finish is not run, never passed; the others have done their work.
        assert_eq!(
            answer.exit == 3,
            !report.module_failures().is_empty(),
            "{:?}",
            report.module_failures()
        );
        for misdeed in report.module_failures() {
            assert!(misdeed.contains(" failed: the limit of "), "{misdeed}");
        }
        assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
    }
}

/// What a check sees in place of a secret, written by hand into a config.
fn forged() -> Value {
    json!({"$sealed": {
        "source": "literal", "resolved": true, "variable": null, "length": 64,
        "fingerprint": "00112233445566778899aabbccddeeff", "placeholder": null,
    }})
}

#[test]
fn a_forged_seal_is_not_believed() {
    let report = audit(&Workspace::with_config(&json!({
        "gateway": {"bind": "lan", "auth": {"mode": "token", "token": forged()}},
        "hooks": {"enabled": true, "token": forged(), "path": "/"},
    })));
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
    assert!(report.has("hooks.path_root"), "{:?}", report.ids());

    // In place of a section, and beside its keys.
    let mut gateway = forged();
    gateway["bind"] = "lan".into();
    assert!(
        audit(&Workspace::with_config(&json!({"gateway": gateway}))).has("gateway.bind_no_auth")
    );
    let report = audit(&Workspace::with_config(&json!({"gateway": forged()})));
    assert!(report.has("gateway.loopback_no_auth"), "{:?}", report.ids());
    let report =
        audit(&Workspace::with_config(&json!({"channels": {"telegram": forged(), "$sealed": {
            "groupPolicy": "open"
        }}})));
    assert!(report.has("summary.attack_surface"));
}

#[test]
fn a_forged_reference_counts_as_what_it_is() {
    // A reference may well be a token: it is not for this run to say that it is none.
    let reference = json!({"source": "env", "provider": "default", "id": "NOT_SET"});
    let report = audit(&Workspace::with_config(&json!({
        "gateway": {"bind": "lan", "auth": {"token": reference}},
    })));
    assert!(!report.has("gateway.bind_no_auth"), "{:?}", report.ids());
    // An object that only looks like one is not a token.
    let no_reference = json!({"source": "elsewhere", "provider": "default", "id": "X"});
    let report = audit(&Workspace::with_config(&json!({
        "gateway": {"bind": "lan", "auth": {"token": no_reference}},
    })));
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
}

#[test]
fn prototypes_are_ordinary_keys() {
    let report = audit(&Workspace::with_config_text(
        "{__proto__: {gateway: {bind: 'lan'}}, constructor: {prototype: {x: 1}}, toString: 1, hasOwnProperty: null,
          gateway: {__proto__: {bind: 'lan'}}, channels: {__proto__: {groupPolicy: 'open'}, constructor: []}}",
    ));
    assert!(!report.has("gateway.bind_no_auth"), "{:?}", report.ids());
    assert!(report.has("gateway.loopback_no_auth"), "{:?}", report.ids());
}

#[test]
fn variables_that_multiply() {
    let mut config =
        json!({"gateway": {"bind": "lan"}, "env": {"vars": {"BIG": "x".repeat(1 << 16)}}});
    config["texts"] = (0..2000).map(|_| Value::from("${BIG}".repeat(100))).collect();
    assert_config_is_refused(&Workspace::with_config(&config));
}
