use chitin_sdk::Severity;

use super::*;

#[test]
fn tailscale_modes_are_distinguished() {
    let said =
        |mode: &str| audit(json!({"gateway": {"tailscale": {"mode": mode, "resetOnExit": true}}}));
    let (funnel, serve) = ("gateway.tailscale_funnel", "gateway.tailscale_serve");
    assert_eq!(said("funnel").severity(funnel), Some(Severity::Critical));
    assert!(said("funnel").of(serve).is_empty());
    assert_eq!(said("serve").severity(serve), Some(Severity::Info));
    assert!(said("serve").of(funnel).is_empty());
    assert!(said("serve").of(serve)[0].remediation.is_none());
    for mode in ["off", "Funnel", ""] {
        assert!(said(mode).of(funnel).is_empty() && said(mode).of(serve).is_empty(), "{mode}");
    }
}

#[test]
fn full_mdns_is_critical_beyond_loopback_only() {
    let severity = |mode: &str, gateway: Value| {
        let config = json!({"gateway": gateway, "discovery": {"mdns": {"mode": mode}}});
        audit(config).severity("discovery.mdns_full_mode")
    };
    assert_eq!(severity("full", json!({})), Some(Severity::Warn));
    assert_eq!(severity("full", json!({"tailscale": {"mode": "funnel"}})), Some(Severity::Warn));
    assert_eq!(severity("full", json!({"bind": "lan"})), Some(Severity::Critical));
    for mode in ["minimal", "off", "FULL"] {
        assert_eq!(severity(mode, json!({})), None);
    }
}

#[test]
fn mcp_apps_are_reported_when_on() {
    let rule = "mcp.apps.enabled";
    assert_eq!(
        audit(json!({"mcp": {"apps": {"enabled": true}}})).severity(rule),
        Some(Severity::Warn)
    );
    for mcp in [
        json!({"apps": {"enabled": false}}),
        json!({"apps": {"enabled": "true"}}),
        json!({"servers": {"a": {}}}),
    ] {
        assert!(audit(json!({"mcp": mcp})).of(rule).is_empty());
    }
}
