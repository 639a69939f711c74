use chitin_sdk::Severity;

use super::*;

const REQUIRED: &str = "gateway.control_ui.allowed_origins_required";
const WILDCARD: &str = "gateway.control_ui.allowed_origins_wildcard";
const FALLBACK: &str = "gateway.control_ui.host_header_origin_fallback";
const FALLBACK_KEY: &str = "dangerouslyAllowHostHeaderOriginFallback";

fn severity(rule: &str, gateway: Value) -> Option<Severity> {
    audit(json!({"gateway": gateway})).severity(rule)
}

#[test]
fn beyond_loopback_an_origin_must_be_named() {
    assert!(fires(REQUIRED, json!({"bind": "lan"})));
    assert!(fires(REQUIRED, json!({"bind": "lan", "controlUi": {"allowedOrigins": ["  "]}})));
    assert!(!fires(REQUIRED, json!({"bind": "lan", "controlUi": {"allowedOrigins": ["*"]}})));
    assert!(!fires(REQUIRED, json!({"bind": "lan", "controlUi": {FALLBACK_KEY: true}})));
    assert!(fires(REQUIRED, json!({"bind": "lan", "controlUi": {FALLBACK_KEY: "true"}})));
    assert!(!fires(REQUIRED, json!({"bind": "lan", "controlUi": {"enabled": false}})));
    assert!(!fires(REQUIRED, json!({})));
}

#[test]
fn only_the_bare_star_is_a_wildcard() {
    let with = |origins: Value| json!({"controlUi": {"allowedOrigins": origins, "enabled": false}});
    assert_eq!(severity(WILDCARD, with(json!(["*"]))), Some(Severity::Warn));
    assert_eq!(severity(WILDCARD, with(json!(["https://a", "*"]))), Some(Severity::Warn));
    assert_eq!(severity(WILDCARD, with(json!(["https://*.example.com"]))), None);
    assert_eq!(severity(WILDCARD, with(json!([]))), None);
    let lan = json!({"bind": "lan", "controlUi": {"allowedOrigins": [" * "]}});
    assert_eq!(severity(WILDCARD, lan), Some(Severity::Critical));
}

#[test]
fn the_host_header_fallback_is_worse_beyond_loopback() {
    let with =
        |value: Value| json!({"controlUi": {FALLBACK_KEY: value, "allowedOrigins": ["https://a"]}});
    assert_eq!(severity(FALLBACK, with(json!(true))), Some(Severity::Warn));
    assert_eq!(severity(FALLBACK, with(json!(false))), None);
    assert_eq!(severity(FALLBACK, with(json!("true"))), None);
    let lan = json!({"bind": "lan", "controlUi": {FALLBACK_KEY: true}});
    assert_eq!(severity(FALLBACK, lan), Some(Severity::Critical));
}

#[test]
fn retired_switches_are_reported_in_any_case() {
    for (rule, key, expected) in [
        ("gateway.control_ui.insecure_auth", "allowInsecureAuth", Severity::Warn),
        (
            "gateway.control_ui.device_auth_disabled",
            "dangerouslyDisableDeviceAuth",
            Severity::Critical,
        ),
    ] {
        assert_eq!(severity(rule, json!({"controlUi": {key: true}})), Some(expected));
        assert_eq!(
            severity(rule, json!({"bind": "lan", "controlUi": {key: true, "enabled": false}})),
            Some(expected)
        );
        for value in [json!("true"), json!(1), json!(false), json!(null)] {
            assert_eq!(severity(rule, json!({"controlUi": {key: value}})), None);
        }
    }
}
