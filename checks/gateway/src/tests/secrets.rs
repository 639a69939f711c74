use chitin_sdk::fake::{secret_from_env, secret_from_unset_env, secret_ref};
use chitin_sdk::{Location, Severity};

use super::*;

const SHORT: &str = "gateway.token_too_short";
const PLACEHOLDER: &str = "gateway.token_placeholder_value";
const CONFLICT: &str = "gateway.env_token_overrides_config";

fn with_env_token(gateway: Value, token: &str) -> Said {
    FakeHost::with_config(json!({"gateway": gateway}))
        .env("OPENCLAW_GATEWAY_TOKEN", token)
        .run(GROUPS)
}

#[test]
fn a_token_below_24_characters_is_short() {
    let length = |auth: Value| {
        let said = audit(json!({"gateway": {"auth": auth}}));
        said.of(SHORT).first().map(|finding| finding.detail.clone())
    };
    let short =
        |chars: u32| Some(format!("The gateway token is {chars} chars; prefer a long random one."));
    assert_eq!(length(json!({"token": secret("short")})), short(5));
    assert_eq!(length(json!({"token": secret(&"a".repeat(23))})), short(23));
    assert_eq!(length(json!({"token": secret(&"a".repeat(24))})), None);
    assert_eq!(length(json!({"token": secret("  abc  ")})), short(3));
    assert_eq!(length(json!({"token": secret_from_env("T", "abc")})), short(3));
    assert_eq!(length(json!({"token": secret("😀")})), short(2));
    assert_eq!(
        length(json!({"mode": "password", "token": secret("short"), "password": secret(LONG)})),
        None
    );
    assert_eq!(length(json!({"mode": "none", "token": secret("short")})), None);
    assert_eq!(length(json!({"token": secret_from_unset_env("NOPE")})), None);
    assert_eq!(length(json!({"token": secret_ref()})), None);
}

#[test]
fn short_tokens_come_from_anywhere() {
    assert!(!with_env_token(json!({}), "abc").of(SHORT).is_empty());
    assert!(fires(SHORT, json!({"remote": {"token": secret("abc")}})));
    let given = FakeHost::with_config(json!({})).auth("token", Some("abc"), None).run(GROUPS);
    assert!(given.detail(SHORT).contains("3 chars"));
    assert!(given.of(SHORT)[0].remediation.is_none());
}

#[test]
fn a_placeholder_is_not_a_secret() {
    for (token, loopback_open) in
        [("", true), ("   ", true), (" null ", false), ("undefined", false)]
    {
        let said = audit(json!({"gateway": {"auth": {"mode": "token", "token": secret(token)}}}));
        assert_eq!(said.severity(PLACEHOLDER), Some(Severity::Critical), "{token:?}");
        assert!(said.of(SHORT).is_empty());
        assert_eq!(!said.of("gateway.loopback_no_auth").is_empty(), loopback_open, "{token:?}");
    }
    let other_word = audit(json!({"gateway": {"auth": {"token": secret("Undefined")}}}));
    assert!(other_word.of(PLACEHOLDER).is_empty() && !other_word.of(SHORT).is_empty());
    assert!(!fires(PLACEHOLDER, json!({"auth": {"mode": "token"}})));
    assert!(!fires(PLACEHOLDER, json!({"auth": {"token": secret_ref()}})));
    assert!(
        with_env_token(json!({"auth": {"token": secret("")}}), LONG).of(PLACEHOLDER).is_empty()
    );
}

#[test]
fn a_published_example_is_a_placeholder_whatever_its_length() {
    let published = |length: u32| {
        audit(json!({"gateway": {"auth": {"token": {"$sealed": {
            "source": "literal", "resolved": true, "length": length, "fingerprint": "f", "placeholder": "published",
        }}}}}))
    };
    assert!(!published(33).of(PLACEHOLDER).is_empty() && published(33).of(SHORT).is_empty());
    assert!(!published(13).of(PLACEHOLDER).is_empty() && published(13).of(SHORT).is_empty());
}

#[test]
fn passwords_are_checked_where_they_are_used() {
    let rule = "gateway.password_too_short";
    assert!(fires(rule, json!({"auth": {"mode": "password", "password": secret("hunter2")}})));
    assert!(fires(rule, json!({"auth": {"password": secret("hunter2")}})));
    let both = audit(json!({"gateway": {"auth": {"token": secret("t"), "password": secret("p")}}}));
    assert!(!both.of(rule).is_empty() && both.of(SHORT).is_empty());
    assert!(!fires(rule, json!({"auth": {"mode": "trusted-proxy", "password": secret("p")}})));
    assert!(!fires(
        rule,
        json!({"auth": {"mode": "password", "password": secret(&"p".repeat(24))}})
    ));
    let blank = audit(json!({"gateway": {"auth": {"mode": "password", "password": secret("")}}}));
    assert_eq!(blank.severity("gateway.password_placeholder_value"), Some(Severity::Critical));
    let at_password = Location::Config("/gateway/auth/password".to_owned());
    assert_eq!(both.of(rule)[0].locations, [at_password]);
}

#[test]
fn config_and_environment_must_agree_on_the_token() {
    let conflict = |gateway: Value| !with_env_token(gateway, "env-token").of(CONFLICT).is_empty();
    assert!(conflict(json!({"auth": {"token": secret("config-token")}})));
    assert!(!conflict(json!({"auth": {"token": secret(" env-token ")}})));
    assert!(!conflict(
        json!({"auth": {"token": secret_from_env("OPENCLAW_GATEWAY_TOKEN", "env-token")}})
    ));
    assert!(conflict(json!({"auth": {"token": secret_from_env("OTHER", "other")}})));
    assert!(!conflict(json!({"auth": {"token": secret_from_env("OTHER", "env-token")}})));
    assert!(conflict(json!({"auth": {"token": secret_from_unset_env("OTHER")}})));
    assert!(conflict(json!({"auth": {"token": secret_ref()}})));
    assert!(!conflict(json!({"auth": {"token": secret("")}})));
    assert!(!conflict(json!({})));
    for mode in ["password", "none", "trusted-proxy"] {
        assert!(!conflict(json!({"auth": {"mode": mode, "token": secret("config-token")}})));
    }
    assert!(!conflict(json!({"mode": "remote", "auth": {"token": secret("config-token")}})));
}

#[test]
fn the_managed_service_reads_the_config_first() {
    let config = json!({"gateway": {"auth": {"token": secret("config-token")}}});
    let host = FakeHost::with_config(config).env("OPENCLAW_GATEWAY_TOKEN", "env-token");
    assert!(host.as_service().run(GROUPS).of(CONFLICT).is_empty());
}

#[test]
fn with_an_unknown_or_unused_secret_the_rules_do_not_apply() {
    let said = audit(json!({"gateway": {"auth": {"token": secret_ref()}}}));
    let rules: Vec<&str> = said.not_applicable.iter().map(|(rule, _)| rule.as_str()).collect();
    assert_eq!(
        rules,
        [PLACEHOLDER, SHORT, "gateway.password_placeholder_value", "gateway.password_too_short"]
    );
}
