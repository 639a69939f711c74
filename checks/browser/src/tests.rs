//! Every rule: where it fires and where it does not.
#![allow(clippy::needless_pass_by_value, reason = "a test writes its config where it uses it")]

use chitin_sdk::fake::{FakeHost, Said, secret, secret_from_unset_env, secret_ref};
use chitin_sdk::{Location, Severity, Value};
use serde_json::json;

use crate::GROUPS;

const INVALID: &str = "browser.control_invalid_config";
const NO_AUTH: &str = "browser.control_no_auth";
const HTTP: &str = "browser.remote_cdp_http";
const PRIVATE: &str = "browser.remote_cdp_private_host";
const RELAY: &str = "browser.extension_relay_legacy_auth";

fn audit(config: Value) -> Said {
    FakeHost::with_config(config).run(GROUPS)
}

fn browser(section: Value) -> Said {
    audit(json!({"browser": section}))
}

fn no_auth(auth: Value) -> bool {
    !audit(json!({"gateway": {"auth": auth}})).of(NO_AUTH).is_empty()
}

/// The profiles that a rule names, in order.
fn profiles(rule: &str, section: Value) -> Vec<String> {
    let said = browser(section);
    let name = |detail: &str| detail.split('"').nth(1).unwrap_or_default().to_owned();
    said.of(rule).into_iter().map(|finding| name(&finding.detail)).collect()
}

#[test]
fn an_empty_config_leaves_browser_control_open() {
    assert_eq!(audit(json!({})).ids(), [NO_AUTH]);
    assert_eq!(audit(json!({})).severity(NO_AUTH), Some(Severity::Critical));
}

#[test]
fn a_disabled_browser_has_no_finding() {
    let said = browser(
        json!({"enabled": false, "profiles": {"r": {"cdpUrl": "http://10.0.0.5"}, "x": {}}}),
    );
    assert!(said.findings.is_empty());
    assert_eq!(said.not_applicable.len(), 4);
    assert!(!browser(json!({"enabled": "false"})).of(NO_AUTH).is_empty());
}

#[test]
fn any_gateway_secret_guards_browser_control() {
    assert!(!no_auth(json!({"token": secret("t")})));
    assert!(!no_auth(json!({"mode": "none", "token": secret("t")})));
    assert!(!no_auth(json!({"mode": "token", "password": secret("p")})));
    assert!(!no_auth(json!({"token": secret_ref()})));
    assert!(!no_auth(json!({"token": secret_from_unset_env("NOPE")})));
    assert!(!no_auth(json!({"password": secret_ref()})));
    assert!(!no_auth(json!({"mode": "password", "password": secret_ref()})));
    assert!(no_auth(json!({"mode": "token", "password": secret_ref()})));
    assert!(no_auth(json!({"mode": "trusted-proxy"})));
    assert!(no_auth(json!({"token": secret(" ")})));
    assert!(!audit(json!({"gateway": {"remote": {"token": secret("t")}}})).of(NO_AUTH).is_empty());
    for variable in ["OPENCLAW_GATEWAY_TOKEN", "OPENCLAW_GATEWAY_PASSWORD"] {
        assert!(
            FakeHost::with_config(json!({})).env(variable, "x").run(GROUPS).of(NO_AUTH).is_empty()
        );
    }
    let legacy = FakeHost::with_config(json!({})).env("CLAWDBOT_GATEWAY_TOKEN", "x");
    assert!(!legacy.run(GROUPS).of(NO_AUTH).is_empty());
}

#[test]
fn unusable_settings_are_the_only_finding() {
    for (section, expected) in [
        (json!({"cdpUrl": "ftp://x"}), "browser.cdpUrl must be http(s) or ws(s), got: ftp."),
        (json!({"cdpUrl": "not a url"}), "browser.cdpUrl is not a valid URL."),
        (json!({"cdpUrl": "http://h:0", "enabled": false}), "browser.cdpUrl has an invalid port."),
        (
            json!({"cdpPortRangeStart": 65500}),
            "browser.cdpPortRangeStart must be between 1 and 65436.",
        ),
        (
            json!({"cdpPortRangeStart": -1}),
            "browser.cdpPortRangeStart must be between 1 and 65436.",
        ),
    ] {
        let said = browser(section);
        assert_eq!(said.ids(), [INVALID]);
        assert_eq!(said.severity(INVALID), Some(Severity::Warn));
        assert_eq!(said.detail(INVALID), expected);
    }
    for section in [
        json!({"cdpUrl": "http://127.0.0.1:9222"}),
        json!({"cdpUrl": "  "}),
        json!({"cdpUrl": 5}),
        json!({"cdpPortRangeStart": 65436}),
    ] {
        assert!(browser(section).of(INVALID).is_empty());
    }
}

#[test]
fn a_gateway_port_without_room_for_the_browser_is_invalid() {
    let port = |port: Value| audit(json!({"gateway": {"port": port}})).of(INVALID).len();
    assert_eq!(port(json!(65533)), 1);
    for fine in
        [json!(18789), json!(65532), json!(65534), json!(0), json!("65533"), json!(u64::MAX)]
    {
        assert_eq!(port(fine), 0);
    }
    let own_url =
        json!({"gateway": {"port": 65533}, "browser": {"cdpUrl": "http://127.0.0.1:9222"}});
    assert!(audit(own_url).of(INVALID).is_empty());
}

#[test]
fn unusable_profiles_are_listed_together() {
    let said = browser(json!({"profiles": {
        "a": {}, "b": {"cdpUrl": "file:///x"}, "c": {"cdpPort": 9222}, "d": {"driver": "extension"},
        "e": {"driver": "existing-session"}, "f": {"cdpPort": 99999}, "g": "text", "r": {"cdpUrl": "http://10.0.0.5"},
    }}));
    assert_eq!(
        said.detail(INVALID).lines().skip(1).collect::<Vec<_>>(),
        [
            "- Profile \"a\" must define cdpPort or cdpUrl.",
            "- browser.profiles.b.cdpUrl must be http(s) or ws(s), got: file.",
            "- Profile \"f\" must define cdpPort or cdpUrl.",
        ]
    );
    assert_eq!(said.of(HTTP).len(), 1);
}

#[test]
fn plain_http_to_another_machine_is_reported() {
    let remote = |url: &str| profiles(HTTP, json!({"profiles": {"r": {"cdpUrl": url}}}));
    assert_eq!(remote("http://10.0.0.5:9222"), ["r"]);
    assert_eq!(remote(" HTTP://example.com "), ["r"]);
    for url in [
        "https://10.0.0.5:9222",
        "http://localhost:9222",
        "http://[::1]:9222",
        "http://127.0.0.9",
        "ws://10.0.0.5",
        "wss://10.0.0.5",
    ] {
        assert!(remote(url).is_empty(), "{url}");
    }
}

#[test]
fn profiles_inherit_the_host_of_the_browser_url() {
    let section = |url: &str| json!({"cdpUrl": url, "profiles": {"p": {"cdpPort": 9333}, "own": {"cdpUrl": "http://127.0.0.1:1"}}});
    assert_eq!(profiles(HTTP, section("http://10.0.0.5:9222")), ["p", "openclaw"]);
    assert!(profiles(HTTP, section("https://10.0.0.5:9222")).is_empty());
    assert_eq!(profiles(HTTP, section("ws://10.0.0.5")), ["p"]);
    assert_eq!(profiles(HTTP, section("ws://10.0.0.5/devtools/browser/1")), ["p", "openclaw"]);
    assert!(profiles(HTTP, section("http://127.0.0.1:9222")).is_empty());
    let said = browser(section("http://10.0.0.5:9222"));
    assert!(said.detail(HTTP).contains("http://10.0.0.5:9333"));
    assert_eq!(said.of(HTTP)[1].locations, [Location::Config("/browser/cdpUrl".to_owned())]);
}

#[test]
fn a_browser_session_with_a_port_is_reached_over_http() {
    let session = json!({"profiles": {"r": {"cdpUrl": "ws://10.0.0.5:1/devtools/browser/1", "cdpPort": 9222}}});
    assert_eq!(profiles(HTTP, session), ["r"]);
    let completed =
        browser(json!({"profiles": {"r": {"cdpUrl": "http://10.0.0.5/x", "cdpPort": 9222}}}));
    assert!(completed.detail(HTTP).contains("http://10.0.0.5:9222/x"));
}

#[test]
fn the_driver_decides_whose_address_counts() {
    let remote = "http://10.0.0.5:9222";
    let extension = json!({"profiles": {"r": {"driver": "extension", "cdpUrl": remote}}});
    assert!(profiles(HTTP, extension).is_empty());
    let session =
        json!({"profiles": {"r": {"driver": "existing-session", "cdpUrl": remote, "cdpPort": 1}}});
    assert_eq!(profiles(HTTP, session), ["r"]);
    let open_browser = json!({"cdpUrl": remote, "defaultProfile": "user"});
    assert_eq!(profiles(HTTP, open_browser), ["openclaw", "user"]);
    let open_profile = json!({"cdpUrl": remote, "defaultProfile": "r", "profiles": {
        "r": {"driver": "existing-session"}, "s": {"driver": "existing-session"}, "openclaw": {"cdpUrl": "wss://x"},
    }});
    assert_eq!(profiles(HTTP, open_profile), ["r"]);
}

#[test]
fn credentials_in_an_address_are_not_shown() {
    let said =
        browser(json!({"profiles": {"r": {"cdpUrl": "http://user:pass@example.com:9222/"}}}));
    assert!(said.detail(HTTP).contains("http://example.com:9222."));
    assert!(!said.detail(HTTP).contains("pass@"));
}

#[test]
fn a_sealed_address_is_not_checked() {
    for url in [secret("wss://example.com"), json!("http://[sealed].example.com")] {
        let said = browser(json!({"profiles": {"r": {"cdpUrl": url}}}));
        assert!(said.of(HTTP).is_empty() && said.of(INVALID).is_empty());
        assert_eq!(said.not_run.len(), 2);
    }
    let base = browser(json!({"cdpUrl": secret("x"), "profiles": {"p": {"cdpPort": 1}}}));
    assert_eq!(base.not_run.len(), 4);
}

#[test]
fn a_private_host_matters_only_where_private_networks_are_allowed() {
    let at = |host: &str, policy: Value| {
        profiles(
            PRIVATE,
            json!({"ssrfPolicy": policy, "profiles": {"r": {"cdpUrl": format!("wss://{host}")}}}),
        )
    };
    let allowed = json!({"dangerouslyAllowPrivateNetwork": true});
    for host in [
        "10.0.0.5",
        "169.254.169.254",
        "[fd00::1]",
        "metadata.google.internal",
        "0.0.0.0",
        "3232235777",
    ] {
        assert_eq!(at(host, allowed.clone()), ["r"], "{host}");
    }
    for host in ["example.com", "chrome.internal", "8.8.8.8", "localhost", "127.0.0.1"] {
        assert!(at(host, allowed.clone()).is_empty(), "{host}");
    }
    assert_eq!(at("10.0.0.5", json!({"allowPrivateNetwork": true})), ["r"]);
    for policy in [json!({}), json!({"dangerouslyAllowPrivateNetwork": "true"}), json!(true)] {
        assert!(at("10.0.0.5", policy).is_empty());
    }
}

#[test]
fn the_old_relay_login_is_reported_where_the_browser_is_configured() {
    assert_eq!(browser(json!({})).severity(RELAY), Some(Severity::Warn));
    for relay in [json!({"allowLegacyAuth": true}), json!({"allowLegacyAuth": null}), json!({})] {
        assert!(!browser(json!({"extensionRelay": relay})).of(RELAY).is_empty());
    }
    assert!(browser(json!({"extensionRelay": {"allowLegacyAuth": false}})).of(RELAY).is_empty());
    assert!(browser(json!({"enabled": false})).of(RELAY).is_empty());
    for section in [json!(null), json!("on"), json!([])] {
        assert!(browser(section).of(RELAY).is_empty());
    }
}

#[test]
fn without_a_config_no_rule_claims_to_have_passed() {
    let said = FakeHost::default().without_config("does not parse").run(GROUPS);
    assert!(said.findings.is_empty());
    assert_eq!(said.not_run.len(), 5);
}
