//! Every rule: where it fires and where it does not.
#![allow(clippy::needless_pass_by_value, reason = "a test writes its config where it uses it")]

use chitin_sdk::fake::{
    FakeHost, Said, secret, secret_from_env, secret_from_unset_env, secret_ref,
};
use chitin_sdk::{Severity, Value};
use serde_json::json;

use crate::GROUPS;

/// A token that no rule reports.
const LONG: &str = "0123456789abcdef0123456789abcdef";
const SHORT: &str = "hooks.token_too_short";
const REUSE: &str = "hooks.token_reuse_gateway_token";

fn audit(config: Value) -> Said {
    FakeHost::with_config(config).run(GROUPS)
}

/// The severity of a rule for a `hooks` section that is switched on.
fn hooks(rule: &str, mut hooks: Value) -> Option<Severity> {
    hooks["enabled"] = json!(true);
    audit(json!({"hooks": hooks})).severity(rule)
}

fn shared(hooks_token: Value, auth: Value) -> FakeHost {
    FakeHost::with_config(
        json!({"hooks": {"enabled": true, "token": hooks_token}, "gateway": {"auth": auth}}),
    )
}

fn reuses(host: FakeHost) -> bool {
    !host.run(GROUPS).of(REUSE).is_empty()
}

#[test]
fn with_webhooks_off_no_rule_applies() {
    let risky = json!({"token": secret("abc"), "path": "/", "allowRequestSessionKey": true});
    for enabled in [json!(false), json!("true"), json!(1), json!(null)] {
        let mut hooks = risky.clone();
        hooks["enabled"] = enabled;
        let said = audit(json!({"hooks": hooks}));
        assert!(said.findings.is_empty());
        assert_eq!(said.not_applicable.len(), GROUPS.len());
    }
    assert!(audit(json!({"hooks": risky})).findings.is_empty());
    assert!(audit(json!({})).findings.is_empty());
}

#[test]
fn webhooks_without_settings_lack_two_restrictions() {
    let said = audit(json!({"hooks": {"enabled": true}}));
    assert_eq!(
        said.ids(),
        ["hooks.default_session_key_unset", "hooks.allowed_agent_ids_unrestricted"]
    );
}

#[test]
fn hardened_webhooks_have_no_finding() {
    let said = audit(json!({
        "gateway": {"auth": {"token": secret("0123456789abcdef-of-the-gateway")}},
        "hooks": {
            "enabled": true, "token": secret(LONG), "path": "/hooks", "defaultSessionKey": "hook:ingress",
            "allowedAgentIds": ["hooks"],
        },
    }));
    assert!(said.findings.is_empty(), "{:?}", said.ids());
}

#[test]
fn a_token_below_24_characters_is_short() {
    let detail = |token: Value| {
        audit(json!({"hooks": {"enabled": true, "token": token}})).detail(SHORT).to_owned()
    };
    assert_eq!(detail(secret("abc")), "hooks.token is 3 chars; prefer a long random one.");
    assert!(detail(secret("  abc  ")).contains("3 chars"));
    assert!(detail(secret_from_env("HT", "abc")).contains("3 chars"));
    assert!(detail(secret(&"a".repeat(23))).contains("23 chars"));
    for quiet in [
        secret(&"a".repeat(24)),
        secret(""),
        secret_from_unset_env("HT"),
        secret_ref(),
        json!(null),
        json!(5),
    ] {
        assert_eq!(detail(quiet), "");
    }
    let said = audit(json!({"hooks": {"enabled": true, "token": secret("abc")}}));
    assert!(said.of(SHORT)[0].remediation.is_none());
}

#[test]
fn the_webhook_token_must_not_be_the_gateways_secret() {
    assert!(reuses(shared(secret("abc"), json!({"token": secret("abc")}))));
    assert!(reuses(shared(secret(" abc "), json!({"token": secret("abc")}))));
    assert!(reuses(shared(secret("abc"), json!({"mode": "password", "password": secret("abc")}))));
    assert!(reuses(shared(
        secret("abc"),
        json!({"mode": "trusted-proxy", "password": secret("abc")})
    )));
    assert!(reuses(shared(secret("abc"), json!({})).env("OPENCLAW_GATEWAY_TOKEN", "abc")));
    assert!(!reuses(shared(secret("abc"), json!({"token": secret("xyz")}))));
    assert!(!reuses(shared(secret(""), json!({"token": secret("")}))));
    assert!(!reuses(shared(secret("abc"), json!({"mode": "none", "token": secret("abc")}))));
    let other_token = shared(secret("abc"), json!({"mode": "password", "password": secret("xyz")}));
    assert!(!reuses(other_token.env("OPENCLAW_GATEWAY_TOKEN", "abc")));
    assert!(!reuses(shared(secret_ref(), json!({"token": secret_ref()}))));
}

#[test]
fn the_reused_credential_is_named() {
    let said = shared(secret("abc"), json!({"password": secret("abc")})).run(GROUPS);
    assert_eq!(said.of(REUSE)[0].title, "The webhook token is the gateway password");
    let said = shared(secret("abc"), json!({"token": secret("abc")})).run(GROUPS);
    assert_eq!(said.of(REUSE)[0].title, "The webhook token is the gateway token");
    assert_eq!(said.severity(REUSE), Some(Severity::Critical));
}

#[test]
fn a_secret_of_this_run_is_compared_too_with_another_remediation() {
    let config = || shared(secret("abc"), json!({"token": secret("xyz")}));
    let given = config().auth("token", Some("abc"), None).run(GROUPS);
    let persisted =
        shared(secret("abc"), json!({"token": secret("abc")})).auth("none", None, None).run(GROUPS);
    let remediation = |said: &Said| said.of(REUSE)[0].remediation.clone().unwrap_or_default();
    assert!(remediation(&given).contains("this run"));
    assert!(remediation(&persisted).contains("openclaw doctor --fix"));
    assert!(!reuses(config().auth("token", Some("other"), None)));
}

#[test]
fn only_the_bare_slash_is_the_root_path() {
    let rule = "hooks.path_root";
    for path in ["/", " / "] {
        assert_eq!(hooks(rule, json!({"path": path})), Some(Severity::Critical));
    }
    for path in [json!("//"), json!(""), json!("/hooks"), json!(null), json!(["/"])] {
        assert_eq!(hooks(rule, json!({"path": path})), None);
    }
}

#[test]
fn a_default_session_must_be_named() {
    let rule = "hooks.default_session_key_unset";
    for key in [json!(null), json!("  "), json!(7)] {
        assert_eq!(hooks(rule, json!({"defaultSessionKey": key})), Some(Severity::Warn));
    }
    assert_eq!(hooks(rule, json!({"defaultSessionKey": "hook:ingress"})), None);
}

#[test]
fn agents_are_restricted_by_any_list_without_a_star() {
    let rule = "hooks.allowed_agent_ids_unrestricted";
    for ids in [json!(null), json!("main"), json!(["*"]), json!(["hooks", " * "])] {
        assert_eq!(hooks(rule, json!({"allowedAgentIds": ids})), Some(Severity::Warn));
    }
    for ids in [json!([]), json!([""]), json!(["hooks", "main"])] {
        assert_eq!(hooks(rule, json!({"allowedAgentIds": ids})), None);
    }
}

#[test]
fn session_choice_and_its_missing_limits_are_two_findings() {
    let (choice, limits) =
        ("hooks.request_session_key_enabled", "hooks.request_session_key_prefixes_missing");
    let both = |section: Value| {
        (hooks(choice, section.clone()).is_some(), hooks(limits, section).is_some())
    };
    assert_eq!(both(json!({"allowRequestSessionKey": true})), (true, true));
    assert_eq!(
        both(json!({"allowRequestSessionKey": true, "allowedSessionKeyPrefixes": ["  "]})),
        (true, true)
    );
    assert_eq!(
        both(json!({"allowRequestSessionKey": true, "allowedSessionKeyPrefixes": ["hook:"]})),
        (true, false)
    );
    assert_eq!(both(json!({"allowRequestSessionKey": "true"})), (false, false));
    assert_eq!(both(json!({})), (false, false));
}

#[test]
fn what_callers_choose_is_critical_where_others_can_call() {
    for gateway in [
        json!({"bind": "lan"}),
        json!({"tailscale": {"mode": "serve"}}),
        json!({"tailscale": {"mode": "funnel"}}),
    ] {
        let said = audit(
            json!({"gateway": gateway, "hooks": {"enabled": true, "allowRequestSessionKey": true}}),
        );
        for rule in [
            "hooks.allowed_agent_ids_unrestricted",
            "hooks.request_session_key_enabled",
            "hooks.request_session_key_prefixes_missing",
        ] {
            assert_eq!(said.severity(rule), Some(Severity::Critical), "{rule}");
        }
    }
}

#[test]
fn without_a_config_no_rule_claims_to_have_passed() {
    let said = FakeHost::default().without_config("does not parse").run(GROUPS);
    assert!(said.findings.is_empty());
    assert_eq!(said.not_run.len(), GROUPS.len());
}
