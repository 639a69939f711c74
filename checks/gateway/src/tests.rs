//! Every rule: where it fires and where it does not.
#![allow(clippy::needless_pass_by_value, reason = "a test writes its config where it uses it")]

mod authentication;
mod control_ui;
mod discovery;
mod http;
mod nodes;
mod probe;
mod proxy_headers;
mod secrets;
mod trusted_proxy;

use chitin_sdk::Value;
use chitin_sdk::fake::{FakeHost, Said, secret};
use serde_json::json;

use crate::GROUPS;

/// A token that no rule reports.
const LONG: &str = "0123456789abcdef0123456789abcdef";

fn audit(config: Value) -> Said {
    FakeHost::with_config(config).run(GROUPS)
}

/// Whether a rule fires for a `gateway` section.
fn fires(rule: &str, gateway: Value) -> bool {
    !audit(json!({"gateway": gateway})).of(rule).is_empty()
}

#[test]
fn an_empty_config_has_the_findings_of_its_defaults() {
    assert_eq!(
        audit(json!({})).ids(),
        ["gateway.loopback_no_auth", "gateway.trusted_proxies_missing", "gateway.http.no_auth"]
    );
}

#[test]
fn a_hardened_config_has_none() {
    let said = audit(json!({"gateway": {
        "auth": {"mode": "token", "token": secret(LONG)},
        "trustedProxies": ["127.0.0.1"],
        "controlUi": {"enabled": true},
    }}));
    assert!(said.findings.is_empty(), "{:?}", said.ids());
}

#[test]
fn values_of_a_wrong_type_count_as_absent() {
    let defaults = audit(json!({}));
    for config in [
        json!({"gateway": "lan", "discovery": 1, "mcp": [], "plugins": null}),
        json!({"gateway": {
            "bind": ["lan"], "auth": "token", "tailscale": "funnel", "trustedProxies": "10.0.0.1", "controlUi": [],
            "tools": {"allow": "exec"}, "nodes": {"denyCommands": "x", "commands": [{"allow": "camera.snap"}]},
            "allowRealIpFallback": "true", "http": {"endpoints": {"responses": {"enabled": "true"}}},
        }, "discovery": {"mdns": "full"}, "mcp": {"apps": true}}),
    ] {
        assert_eq!(audit(config).ids(), defaults.ids());
    }
}

#[test]
fn without_a_config_no_rule_claims_to_have_passed() {
    let host = FakeHost::default().env("OPENCLAW_GATEWAY_TOKEN", LONG);
    let said = host.without_config("does not parse").run(GROUPS);
    let declared: usize = GROUPS.iter().map(|group| group.rules.len()).sum();
    assert!(said.findings.is_empty());
    // The live gateway is probed only with --deep.
    assert_eq!(said.not_run.len() + said.skipped.len(), declared);
    assert_eq!(said.skipped.len(), 2);
}
