//! Names where ids are needed.

use serde_json::json;

use super::*;

fn inert(channel: &str, list: &Value) -> bool {
    of(channel, &json!({"allowFrom": list}))
        .contains(&format!("channels.{channel}.allowFrom.mutable_entries_inert"))
}

#[test]
fn names_on_a_list_match_no_one() {
    assert!(inert("slack", &json!(["alice"])));
    assert!(!inert("slack", &json!(["U012AB3CD"])));
    assert!(inert("googlechat", &json!(["a@b.c"])));
    assert!(!inert("googlechat", &json!(["users/123"])));
    assert!(inert("irc", &json!(["nick"])));
    assert!(!inert("irc", &json!(["nick!u@h"])));
    assert!(inert("mattermost", &json!(["@bob"])));
    assert!(inert("msteams", &json!(["Ann B"])));
    assert!(!inert("slack", &json!(["*", "accessGroup:ops", " "])));
    assert!(!inert("telegram", &json!(["@bob"])), "Telegram has its own rule");
    assert!(!inert("discord", &json!(["bob"])), "Discord has its own rule");
}

#[test]
fn names_are_counted_not_shown() {
    let section = json!({"allowFrom": ["alice", "bob", "U012AB3CD", "*"]});
    let said = said(&config("slack", &section, &json!({})));
    let detail = said.detail("channels.slack.allowFrom.mutable_entries_inert");
    assert!(detail.contains("2 of 3") && detail.contains("channels.slack.allowFrom"));
    assert!(!detail.contains("alice"));
}

#[test]
fn the_switch_turns_one_rule_into_the_other() {
    let section = json!({"allowFrom": ["alice"], "dangerouslyAllowNameMatching": true});
    let enabled = "channels.slack.allowFrom.dangerous_name_matching_enabled";
    assert_eq!(of("slack", &section), [enabled]);
    let said = said(&config("slack", &section, &json!({})));
    assert!(said.detail(enabled).contains("1 of 1"));
    assert!(of("slack", &json!({"dangerouslyAllowNameMatching": "true"})).is_empty());
    assert!(of("whatsapp", &json!({"dangerouslyAllowNameMatching": true})).is_empty());
}

#[test]
fn the_account_with_the_switch_is_named() {
    let section = json!({"accounts": {
        "alpha": {"token": secret("a")},
        "beta": {"token": secret("b"), "dangerouslyAllowNameMatching": true},
    }});
    let said = said(&config("discord", &section, &json!({})));
    let found = said.of("channels.discord.allowFrom.dangerous_name_matching_enabled");
    assert_eq!(found.len(), 1);
    assert!(found[0].title.contains("(account: beta)"));
}
