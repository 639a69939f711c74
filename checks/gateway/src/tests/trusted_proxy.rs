use chitin_sdk::Severity;

use super::*;

fn block(gateway: Value) -> Vec<String> {
    let said = audit(json!({"gateway": gateway}));
    let ids = said.ids().into_iter().filter_map(|id| id.strip_prefix("gateway.trusted_proxy_"));
    ids.map(str::to_owned).collect()
}

fn vouched(trusted_proxy: Value) -> Value {
    json!({"trustedProxies": ["10.0.0.1"], "auth": {"mode": "trusted-proxy", "trustedProxy": trusted_proxy}})
}

#[test]
fn the_mode_itself_is_always_reported() {
    assert_eq!(block(vouched(json!({"userHeader": "x-user", "allowUsers": ["ann"]}))), ["auth"]);
}

#[test]
fn other_modes_are_not_reported() {
    let config = json!({"auth": {"mode": "token", "token": secret(LONG), "trustedProxy": {"allowLoopback": true}}});
    assert!(block(config).is_empty());
}

#[test]
fn the_option_of_the_run_sets_the_mode() {
    let said = FakeHost::with_config(json!({})).auth("trusted-proxy", None, None).run(GROUPS);
    assert_eq!(said.severity("gateway.trusted_proxy_auth"), Some(Severity::Critical));
}

#[test]
fn missing_parts_are_reported_one_by_one() {
    let bare = json!({"auth": {"mode": "trusted-proxy"}});
    assert_eq!(block(bare), ["auth", "no_proxies", "no_user_header", "no_allowlist"]);
    let proxies = json!({"trustedProxies": ["10.0.0.1"], "auth": {"mode": "trusted-proxy"}});
    assert_eq!(block(proxies), ["auth", "no_user_header", "no_allowlist"]);
    assert_eq!(
        block(vouched(json!({"userHeader": "", "allowUsers": []}))),
        ["auth", "no_user_header", "no_allowlist"]
    );
    assert_eq!(block(vouched(json!({"userHeader": " ", "allowUsers": ["a"]}))), ["auth"]);
}

#[test]
fn loopback_proxies_and_automatic_pairing_are_reported_when_on() {
    let base = |more: Value| {
        let mut trusted = json!({"userHeader": "x", "allowUsers": ["a"]});
        for (key, value) in more.as_object().into_iter().flatten() {
            trusted[key] = value.clone();
        }
        block(vouched(trusted))
    };
    assert_eq!(base(json!({"allowLoopback": true})), ["auth", "allow_loopback"]);
    assert_eq!(base(json!({"allowLoopback": "true"})), ["auth"]);
    let approve = "device_auto_approve";
    assert_eq!(base(json!({"deviceAutoApprove": {"enabled": true}})), ["auth", approve]);
    let scopes = json!({"enabled": true, "scopes": ["operator.read", " operator.admin "]});
    assert_eq!(
        base(json!({"deviceAutoApprove": scopes})),
        ["auth", approve, "device_auto_approve_admin"]
    );
    let off = json!({"enabled": false, "scopes": ["operator.admin"]});
    assert_eq!(base(json!({"deviceAutoApprove": off})), ["auth"]);
}
