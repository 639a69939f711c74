use chitin_sdk::Severity;
use chitin_sdk::fake::{secret_from_unset_env, secret_ref};

use super::*;

const NO_AUTH: &str = "gateway.http.no_auth";
const ALLOW: &str = "gateway.tools_invoke_http.dangerous_allow";
const SESSION: &str = "gateway.http.session_key_override_enabled";

#[test]
fn tools_that_are_denied_by_default_must_not_be_allowed() {
    let allow = |tools: Value| json!({"gateway": {"tools": {"allow": tools}}});
    for (tools, hits) in [
        (json!(["Gateway "]), "includes gateway,"),
        (json!(["exec"]), "includes exec,"),
        (json!(["cron"]), "includes cron,"),
        (
            json!(["whatsapp_login", "sessions_spawn", 1, "read"]),
            "includes sessions_spawn, whatsapp_login,",
        ),
    ] {
        let said = audit(allow(tools));
        assert_eq!(said.severity(ALLOW), Some(Severity::Warn));
        assert!(said.detail(ALLOW).contains(hits), "{}", said.detail(ALLOW));
    }
    for tools in [json!(["read"]), json!(["*"]), json!("gateway"), json!([]), json!([["exec"]])] {
        assert!(audit(allow(tools)).of(ALLOW).is_empty());
    }
}

#[test]
fn dangerous_tools_are_critical_beyond_loopback_and_on_the_internet() {
    let severity = |mut gateway: Value| {
        gateway["tools"] = json!({"allow": ["sessions_send"]});
        audit(json!({"gateway": gateway})).severity(ALLOW)
    };
    assert_eq!(severity(json!({"bind": "lan"})), Some(Severity::Critical));
    assert_eq!(severity(json!({"tailscale": {"mode": "funnel"}})), Some(Severity::Critical));
    assert_eq!(severity(json!({"tailscale": {"mode": "serve"}})), Some(Severity::Warn));
}

#[test]
fn without_a_usable_secret_the_apis_are_open() {
    assert!(fires(NO_AUTH, json!({})));
    assert!(fires(NO_AUTH, json!({"auth": {"mode": "none", "token": secret(LONG)}})));
    assert!(fires(NO_AUTH, json!({"auth": {"mode": "token", "password": secret("p")}})));
    assert!(fires(NO_AUTH, json!({"auth": {"mode": "password", "token": secret("t")}})));
    assert!(fires(NO_AUTH, json!({"auth": {"token": secret_from_unset_env("NOPE")}})));
    assert!(fires(NO_AUTH, json!({"auth": {"mode": "oidc", "token": secret(LONG)}})));
    assert!(!fires(NO_AUTH, json!({"auth": {"token": secret("t")}})));
    assert!(!fires(NO_AUTH, json!({"remote": {"token": secret("t")}})));
    assert!(!fires(NO_AUTH, json!({"auth": {"mode": "trusted-proxy"}})));
}

#[test]
fn a_reference_that_did_not_resolve_here_is_not_a_missing_secret() {
    assert!(!fires(NO_AUTH, json!({"auth": {"token": secret_ref()}})));
    assert!(!fires(NO_AUTH, json!({"auth": {"password": secret_ref()}})));
    assert!(fires(NO_AUTH, json!({"auth": {"mode": "none", "token": secret_ref()}})));
    assert!(fires(NO_AUTH, json!({"auth": {"mode": "password", "token": secret_ref()}})));
}

#[test]
fn open_apis_are_critical_where_others_reach_them() {
    let severity = |gateway: Value| audit(json!({"gateway": gateway})).severity(NO_AUTH);
    let none = json!({"mode": "none"});
    assert_eq!(severity(json!({"auth": none})), Some(Severity::Warn));
    assert_eq!(severity(json!({"auth": none, "bind": "lan"})), Some(Severity::Critical));
    assert_eq!(
        severity(json!({"auth": none, "tailscale": {"mode": "serve"}})),
        Some(Severity::Critical)
    );
}

#[test]
fn the_open_endpoints_are_listed_in_order() {
    let endpoints = json!({"endpoints": {"responses": {"enabled": true}, "chatCompletions": {"enabled": true}}});
    let said = audit(json!({
        "gateway": {"auth": {"mode": "none"}, "http": endpoints},
        "plugins": {"entries": {"admin-http-rpc": {"enabled": true}}},
    }));
    let expected = "/tools/invoke, /v1/chat/completions, /v1/responses, /api/v1/admin/rpc";
    assert!(said.detail(NO_AUTH).contains(expected), "{}", said.detail(NO_AUTH));
    assert!(said.detail(NO_AUTH).contains("gateway.auth.mode=\"none\""));
    let closed = audit(json!({"gateway": {"auth": {"mode": "none"}}}));
    assert!(!closed.detail(NO_AUTH).contains("/v1/"));
}

#[test]
fn session_choice_names_the_endpoints() {
    let http = |endpoints: Value| audit(json!({"gateway": {"http": {"endpoints": endpoints}}}));
    let one = http(json!({"chatCompletions": {"enabled": true}}));
    assert_eq!(one.severity(SESSION), Some(Severity::Info));
    assert!(one.detail(SESSION).contains("/v1/chat/completions accepts"));
    assert!(one.of(SESSION)[0].remediation.is_none());
    let both = http(json!({"chatCompletions": {"enabled": true}, "responses": {"enabled": true}}));
    assert_eq!(both.of(SESSION).len(), 1);
    assert!(both.detail(SESSION).contains("/v1/chat/completions, /v1/responses accept"));
    assert!(http(json!({"responses": {"enabled": "true"}})).of(SESSION).is_empty());
}
