//! Where direct messages go, and who shares a session.

use serde_json::json;

use super::*;

/// The ids about sessions and owners.
fn routes(config: &Value) -> Vec<String> {
    let mut found = ids(config);
    found.retain(|id| id.contains("session_collision") || id.contains("owner_missing"));
    found
}

fn telegram(section: &Value, more: &Value) -> Vec<String> {
    routes(&config("telegram", section, more))
}

const SHARED: &str = "channels.dm.session_collision.telegram-default.1";

fn scope(word: &str) -> Value {
    json!({"session": {"dmScope": word}})
}

#[test]
fn two_people_share_the_main_session() {
    let two = json!({"dmPolicy": "allowlist", "allowFrom": ["1", "2"]});
    assert_eq!(telegram(&two, &json!({})), [SHARED]);
    assert!(telegram(&two, &scope("per-channel-peer")).is_empty());
    assert!(telegram(&two, &scope("per-peer")).is_empty());
    assert!(telegram(&json!({"dmPolicy": "allowlist", "allowFrom": ["1"]}), &json!({})).is_empty());
    assert!(
        telegram(&json!({"dmPolicy": "disabled", "allowFrom": ["1", "2"]}), &json!({})).is_empty()
    );
    let said = said(&config("telegram", &two, &json!({"session": {"scope": "global"}})));
    let detail = said.detail(SHARED);
    assert!(detail.contains("2 people") && detail.contains("session.scope=\"global\""));
}

#[test]
fn a_wildcard_shares_the_main_session_with_itself() {
    let open = json!({"dmPolicy": "open", "allowFrom": ["*"]});
    assert_eq!(telegram(&open, &json!({})), [SHARED]);
    assert!(telegram(&open, &scope("per-peer")).is_empty(), "a single account");
    assert_eq!(telegram(&json!({"dmPolicy": "pairing", "allowFrom": ["*"]}), &json!({})), [SHARED]);
}

#[test]
fn several_agents_without_a_default_get_no_messages() {
    let open = json!({"allowFrom": ["*"]});
    let owner_missing = "channels.telegram.routing.owner_missing.default";
    let agents = |agents: Value| json!({"agents": agents});
    let two = agents(json!({"entries": {"a": {}, "b": {}}}));
    assert_eq!(telegram(&open, &two), [owner_missing]);
    let marked = agents(json!({"entries": {"a": {"default": true}, "b": {}}}));
    assert_eq!(telegram(&open, &marked), [SHARED]);
    let explicit =
        agents(json!({"ownership": "explicit", "entries": {"a": {"default": true}, "b": {}}}));
    assert_eq!(telegram(&open, &explicit), [owner_missing]);
    let appointed = agents(json!({
        "ownership": "explicit", "entries": {"a": {}, "b": {}}, "defaults": {"systemAgent": {"agentId": "B"}}
    }));
    assert_eq!(telegram(&open, &appointed), [SHARED]);
    let bound = json!({
        "agents": {"entries": {"a": {}, "b": {}}},
        "bindings": [{"agentId": "a", "match": {"channel": "telegram"}}]
    });
    assert_eq!(telegram(&open, &bound), [SHARED]);
    assert!(telegram(&json!({"dmPolicy": "disabled", "allowFrom": ["*"]}), &two).is_empty());
    assert!(telegram(&json!({}), &two).is_empty(), "no one is admitted");
}

#[test]
fn a_binding_to_an_agent_that_does_not_exist_is_reported() {
    let bound = json!({
        "agents": {"entries": {"a": {}}},
        "bindings": [{"agentId": "ghost", "match": {"channel": "telegram", "accountId": "*"}}]
    });
    let config = config("telegram", &json!({"allowFrom": ["1"]}), &bound);
    assert_eq!(routes(&config), ["channels.telegram.routing.owner_missing.default"]);
    assert!(said(&config).findings.iter().any(|finding| finding.detail.contains("\"ghost\"")));
}

#[test]
fn channels_meet_in_the_main_session() {
    let two = |session: Value| {
        json!({
            "channels": {
                "telegram": {"botToken": secret("t"), "allowFrom": ["1"]},
                "signal": {"account": "+9", "allowFrom": ["+1"]},
            },
            "session": session,
        })
    };
    assert_eq!(
        routes(&two(json!({}))),
        ["channels.dm.session_collision.signal-default_telegram-default.1"]
    );
    assert!(routes(&two(json!({"dmScope": "per-peer"}))).is_empty());
    let linked = json!({"identityLinks": {"ann": ["telegram:1", "+1"]}});
    assert!(routes(&two(linked)).is_empty(), "one person");
}

#[test]
fn per_peer_sessions_join_equal_ids() {
    let config = json!({
        "channels": {
            "telegram": {"botToken": secret("t"), "allowFrom": ["7"]},
            "discord": {"token": secret("d"), "allowFrom": ["7"]},
        },
        "session": {"dmScope": "per-peer"},
    });
    assert_eq!(
        routes(&config),
        ["channels.dm.session_collision.discord-default_telegram-default.1"]
    );
}

#[test]
fn named_telegram_accounts_keep_senders_apart() {
    let account = |token: &str| json!({"botToken": secret(token), "allowFrom": ["1", "2"]});
    let accounts = json!({"allowFrom": [], "accounts": {"a": account("a"), "b": account("b")}});
    let three = json!({"botToken": secret("t"), "accounts": accounts["accounts"]});
    assert!(telegram(&three, &json!({})).is_empty());
    let bound = json!({"bindings": [{"agentId": "main", "match": {"channel": "telegram", "accountId": "a"}}]});
    let found = routes(&json!({"channels": {"telegram": three}, "bindings": bound["bindings"]}));
    assert_eq!(found, ["channels.dm.session_collision.telegram-a.1"]);
}

#[test]
fn a_binding_sets_the_scope() {
    let two = json!({"allowFrom": ["1", "2"]});
    let binding = |peer: Value, account: Value, scope: &str| {
        let mut matched = json!({"channel": "telegram"});
        for (key, value) in [("peer", peer), ("accountId", account)] {
            if !value.is_null() {
                matched[key] = value;
            }
        }
        json!({"bindings": [{"agentId": "main", "match": matched, "session": {"dmScope": scope}}]})
    };
    let null = || json!(null);
    assert!(telegram(&two, &binding(null(), null(), "per-peer")).is_empty());
    assert!(telegram(&two, &binding(null(), json!("*"), "per-peer")).is_empty());
    assert!(
        telegram(&two, &binding(json!({"kind": "dm", "id": "*"}), null(), "per-peer")).is_empty()
    );
    assert!(
        telegram(&two, &binding(json!({"kind": "direct", "id": 2}), null(), "per-peer")).is_empty()
    );
    assert_eq!(
        telegram(&two, &binding(json!({"kind": "direct", "id": "3"}), null(), "per-peer")),
        [SHARED]
    );
    assert_eq!(
        telegram(&two, &binding(json!({"kind": "group", "id": "*"}), null(), "per-peer")),
        [SHARED]
    );
}

#[test]
fn a_binding_without_an_account_is_for_the_default_one() {
    let shared = |account: Value| {
        let mut config = config("discord", &json!({"allowFrom": ["1", "2"]}), &json!({}));
        config["bindings"] = json!([{
            "agentId": "main",
            "match": {"channel": "discord", "accountId": account},
            "session": {"dmScope": "per-peer"},
        }]);
        !routes(&config).is_empty()
    };
    assert!(!shared(json!(null)) && !shared(json!("default")) && !shared(json!("*")));
    assert!(shared(json!("other")));
}

#[test]
fn narrowed_and_foreign_bindings_do_not_match() {
    let two = json!({"allowFrom": ["1", "2"]});
    let apart = |matched: Value, kind: &str| {
        let session = json!({"dmScope": "per-peer"});
        telegram(
            &two,
            &json!({"bindings": [
                {"type": kind, "agentId": "main", "match": matched, "session": session}
            ]}),
        )
    };
    assert!(apart(json!({"channel": " Telegram "}), "route").is_empty());
    assert_eq!(apart(json!({"channel": "telegram"}), "acp"), [SHARED]);
    assert_eq!(apart(json!({"channel": "slack"}), "route"), [SHARED]);
    assert_eq!(apart(json!({"channel": "telegram", "guildId": "1"}), "route"), [SHARED]);
    assert_eq!(apart(json!({"channel": "telegram", "roles": ["r"]}), "route"), [SHARED]);
}

#[test]
fn a_stranger_may_be_a_known_sender() {
    let two = |scope: &str| {
        json!({
            "channels": {
                "discord": {"token": secret("d"), "allowFrom": ["*"]},
                "slack": {"botToken": secret("b"), "appToken": secret("a"), "allowFrom": ["U1234567"]},
            },
            "session": {"dmScope": scope},
        })
    };
    assert_eq!(
        routes(&two("per-peer")),
        ["channels.dm.session_collision.discord-default_slack-default.1"]
    );
    assert!(routes(&two("per-channel-peer")).is_empty(), "another channel");
    assert!(routes(&two("per-account-channel-peer")).is_empty());
    let accounts = json!({
        "channels": {"discord": {"accounts": {
            "a": {"token": secret("a"), "allowFrom": ["*"]},
            "b": {"token": secret("b"), "allowFrom": ["7"]},
        }}},
        "session": {"dmScope": "per-channel-peer"},
    });
    let found = said(&accounts);
    assert_eq!(routes(&accounts), ["channels.dm.session_collision.discord-a_discord-b.1"]);
    assert!(found.findings.iter().any(|finding| finding.title.contains("may share")));
}

#[test]
fn a_wildcard_meets_the_senders_that_bindings_name() {
    let open = json!({"allowFrom": ["*"], "dmPolicy": "open"});
    let bindings = json!({
        "session": {"dmScope": "per-peer"},
        "bindings": [{
            "agentId": "main",
            "match": {"channel": "telegram", "peer": {"kind": "direct", "id": "5"}}
        }]
    });
    assert_eq!(telegram(&open, &bindings), [SHARED], "sender 5 and a stranger");
}

#[test]
fn every_agent_has_its_own_collision() {
    let config = json!({
        "agents": {"entries": {"b": {"default": true}, "a": {}}},
        "channels": {
            "discord": {"token": secret("d"), "allowFrom": ["1", "2"]},
            "telegram": {"botToken": secret("t"), "allowFrom": ["3", "4"]},
        },
        "bindings": [{"agentId": "a", "match": {"channel": "telegram"}}],
    });
    assert_eq!(
        routes(&config),
        [
            "channels.dm.session_collision.telegram-default.1",
            "channels.dm.session_collision.discord-default.2",
        ]
    );
}

#[test]
fn a_rule_about_plugins_own_routing_does_not_apply() {
    let said = said(&config("telegram", &json!({}), &json!({})));
    let rule = "channels.*.dm.wildcard_routing_unverified.*";
    assert!(said.not_applicable.iter().any(|(id, _)| id == rule));
}

#[test]
fn an_id_names_only_as_many_accounts_as_fit() {
    let account =
        |n: usize| (format!("account-with-a-long-name-{n:02}"), json!({"token": secret("t")}));
    let accounts: Value = (0..40).map(account).collect::<serde_json::Map<_, _>>().into();
    let config = json!({"channels": {"discord": {"allowFrom": ["1", "2"], "accounts": accounts}}});
    let said = said(&config);
    let collision = said.findings.last().unwrap();
    assert!(collision.rule.starts_with("channels.dm.session_collision.discord-account-with"));
    assert!(collision.rule.ends_with(".1") && collision.rule.len() < 256);
    assert!(collision.detail.contains("80 people") && collision.detail.contains(" more "));
}
