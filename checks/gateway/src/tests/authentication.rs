use chitin_sdk::Severity;
use chitin_sdk::fake::{secret_from_unset_env, secret_ref};

use super::*;

#[test]
fn beyond_loopback_a_secret_of_the_mode_is_needed() {
    let rule = "gateway.bind_no_auth";
    assert!(fires(rule, json!({"bind": "lan"})));
    assert!(fires(rule, json!({"bind": "lan", "auth": {}})));
    assert!(fires(rule, json!({"bind": ""})));
    assert!(fires(rule, json!({"bind": "127.0.0.1"})));
    assert!(!fires(rule, json!({"bind": "loopback"})));
    assert!(!fires(rule, json!({"bind": "lan", "auth": {"token": secret("x")}})));
    assert!(fires(rule, json!({"bind": "lan", "auth": {"mode": "none"}})));
    assert!(fires(
        rule,
        json!({"bind": "lan", "auth": {"mode": "password", "token": secret("x")}})
    ));
    assert!(fires(
        rule,
        json!({"bind": "lan", "auth": {"mode": "token", "password": secret("x")}})
    ));
    assert!(!fires(rule, json!({"bind": "lan", "remote": {"token": secret("x")}})));
    assert!(fires(rule, json!({"bind": "lan", "auth": {"token": secret_from_unset_env("NOPE")}})));
    assert!(!fires(rule, json!({"bind": "lan", "auth": {"token": secret_ref()}})));
    assert!(!fires(rule, json!({"bind": "lan", "auth": {"mode": "trusted-proxy"}})));
    let tailnet = json!({"bind": "tailnet", "auth": {"allowTailscale": true}, "tailscale": {"mode": "serve"}});
    assert!(fires(rule, tailnet));
    let said = FakeHost::with_config(json!({"gateway": {"bind": "tailnet"}}))
        .env("OPENCLAW_GATEWAY_TOKEN", "x");
    assert!(said.run(GROUPS).of(rule).is_empty());
}

#[test]
fn the_bind_value_is_quoted() {
    let said = audit(json!({"gateway": {"bind": "lan"}}));
    assert!(said.detail("gateway.bind_no_auth").contains("gateway.bind=\"lan\""));
    assert_eq!(said.severity("gateway.bind_no_auth"), Some(Severity::Critical));
}

#[test]
fn on_loopback_the_control_ui_needs_a_login() {
    let rule = "gateway.loopback_no_auth";
    assert!(fires(rule, json!({})));
    assert!(!fires(rule, json!({"auth": {"token": secret("t")}})));
    assert!(!fires(rule, json!({"controlUi": {"enabled": false}})));
    assert!(!fires(rule, json!({"tailscale": {"mode": "serve"}})));
    assert!(fires(
        rule,
        json!({"tailscale": {"mode": "serve"}, "auth": {"allowTailscale": false}})
    ));
    assert!(fires(rule, json!({"tailscale": {"mode": "serve"}, "auth": {"mode": "password"}})));
    assert!(fires(rule, json!({"auth": {"mode": "none"}})));
    assert!(!fires(rule, json!({"auth": {"mode": "trusted-proxy"}})));
    assert!(fires(rule, json!({"auth": {"token": secret("")}})));
    assert!(!fires(rule, json!({"auth": {"token": secret(" null ")}})));
    let password = FakeHost::with_config(json!({"gateway": {"auth": {"mode": "password"}}}));
    assert!(password.env("OPENCLAW_GATEWAY_PASSWORD", "p").run(GROUPS).of(rule).is_empty());
    let legacy = FakeHost::with_config(json!({})).env("CLAWDBOT_GATEWAY_TOKEN", LONG);
    assert!(!legacy.run(GROUPS).of(rule).is_empty());
}

#[test]
fn the_options_of_the_run_count() {
    let lan = json!({"gateway": {"bind": "lan", "auth": {"token": secret(LONG)}}});
    let open = FakeHost::with_config(lan.clone()).auth("none", None, None).run(GROUPS);
    assert!(!open.of("gateway.bind_no_auth").is_empty());
    let proxied = FakeHost::with_config(lan).auth("trusted-proxy", None, None).run(GROUPS);
    assert!(proxied.of("gateway.bind_no_auth").is_empty());
    assert!(proxied.of("gateway.auth_no_rate_limit").is_empty());
}

#[test]
fn beyond_loopback_logins_are_to_be_rate_limited() {
    let rule = "gateway.auth_no_rate_limit";
    assert!(fires(rule, json!({"bind": "lan", "auth": {"token": secret(LONG)}})));
    assert!(fires(rule, json!({"bind": "lan", "auth": {"mode": "none"}})));
    assert!(fires(rule, json!({"bind": "lan", "auth": {"rateLimit": null}})));
    assert!(!fires(rule, json!({"bind": "lan", "auth": {"rateLimit": {}}})));
    assert!(!fires(rule, json!({"bind": "lan", "auth": {"mode": "trusted-proxy"}})));
    assert!(!fires(rule, json!({"tailscale": {"mode": "funnel"}})));
}
