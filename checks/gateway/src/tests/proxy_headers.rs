use chitin_sdk::Severity;

use super::*;

#[test]
fn on_loopback_an_empty_proxy_list_is_reported() {
    let rule = "gateway.trusted_proxies_missing";
    assert!(fires(rule, json!({})));
    assert!(fires(rule, json!({"trustedProxies": []})));
    assert!(!fires(rule, json!({"trustedProxies": ["127.0.0.1"]})));
    assert!(!fires(rule, json!({"trustedProxies": [""]})));
    assert!(!fires(rule, json!({"controlUi": {"enabled": false}})));
    assert!(!fires(rule, json!({"bind": "lan"})));
}

#[test]
fn the_real_ip_fallback_is_critical_where_others_can_forge_it() {
    let severity = |mut gateway: Value| {
        gateway["allowRealIpFallback"] = json!(true);
        audit(json!({"gateway": gateway})).severity("gateway.real_ip_fallback_enabled")
    };
    let vouched =
        |proxies: Value| json!({"trustedProxies": proxies, "auth": {"mode": "trusted-proxy"}});
    assert_eq!(severity(json!({})), Some(Severity::Warn));
    assert_eq!(severity(json!({"bind": "lan"})), Some(Severity::Critical));
    assert_eq!(severity(json!({"trustedProxies": ["10.0.0.1"]})), Some(Severity::Warn));
    assert_eq!(severity(vouched(json!(["10.0.0.1"]))), Some(Severity::Critical));
    assert_eq!(severity(vouched(json!(["127.0.0.1", "10.0.0.0/8"]))), Some(Severity::Critical));
    assert_eq!(severity(vouched(json!(["127.0.0.0/8"]))), Some(Severity::Critical));
    assert_eq!(severity(vouched(json!(["127.0.0.1", "::1/128"]))), Some(Severity::Warn));
    for value in [json!(false), json!("true"), json!(1)] {
        assert!(!fires("gateway.real_ip_fallback_enabled", json!({"allowRealIpFallback": value})));
    }
}
