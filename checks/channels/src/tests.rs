//! The rules as a whole, over a fake host: one file for each topic.

mod accounts;
mod dm;
mod extras;
mod groups;
mod mutable_names;
mod providers;
mod routing;
mod servers;
mod telegram;

use chitin_sdk::Value;
use chitin_sdk::fake::{FakeHost, Said, secret};
use serde_json::json;

use crate::GROUPS;

fn host(config: &Value) -> FakeHost {
    FakeHost::with_config(config.clone())
}

fn said(config: &Value) -> Said {
    host(config).run(GROUPS)
}

fn ids(config: &Value) -> Vec<String> {
    said(config).ids().into_iter().map(str::to_owned).collect()
}

/// A config with one channel that can log in, and more at its top level.
fn config(channel: &str, section: &Value, more: &Value) -> Value {
    let mut settings = credentials(channel);
    for (key, value) in section.as_object().unwrap() {
        settings[key] = value.clone();
    }
    let mut config = json!({"channels": {channel: settings}});
    for (key, value) in more.as_object().unwrap() {
        config[key] = value.clone();
    }
    config
}

/// What the channel needs to be configured.
fn credentials(channel: &str) -> Value {
    match channel {
        "telegram" | "zalo" => json!({"botToken": secret("t")}),
        "discord" => json!({"token": secret("t")}),
        "slack" => json!({"botToken": secret("b"), "appToken": secret("a")}),
        "googlechat" => json!({"serviceAccountFile": "/s.json"}),
        "irc" => json!({"host": "irc.example", "nick": "bot"}),
        "mattermost" => json!({"botToken": secret("t"), "baseUrl": "https://m.example"}),
        "msteams" => json!({"appId": "a", "appPassword": secret("p"), "tenantId": "t"}),
        "synology-chat" => json!({"token": secret("t"), "incomingUrl": "https://nas.example"}),
        "signal" => json!({"account": "+1"}),
        "line" => json!({"channelAccessToken": secret("t"), "channelSecret": secret("s")}),
        "bluebubbles" => json!({"serverUrl": "http://b.example", "password": secret("p")}),
        "nextcloud-talk" => json!({"botSecret": secret("s"), "baseUrl": "https://n.example"}),
        "matrix" => json!({"homeserver": "https://m.example", "accessToken": secret("t")}),
        "feishu" => json!({"appId": "a", "appSecret": secret("s"), "tools": {"doc": false}}),
        "nostr" => json!({"privateKey": secret("k")}),
        "qqbot" => json!({"appId": "a", "clientSecret": secret("s")}),
        "sms" => json!({"accountSid": "AC", "authToken": secret("t"), "fromNumber": "+1"}),
        "whatsapp" => json!({"authDir": "/elsewhere"}),
        _ => json!({}),
    }
}

/// The ids for one channel alone, without those that only say that no one can send messages.
fn of(channel: &str, section: &Value) -> Vec<String> {
    with(channel, section, &json!({}))
}

fn with(channel: &str, section: &Value, more: &Value) -> Vec<String> {
    let mut found = ids(&config(channel, section, more));
    found.retain(|id| !id.ends_with(".dm.locked"));
    found
}

#[test]
fn an_empty_config_has_no_finding() {
    for config in [json!({}), json!({"channels": {}}), json!({"channels": "x"}), json!([])] {
        assert!(ids(&config).is_empty());
    }
}

#[test]
fn hostile_types_are_handled() {
    let junk =
        [json!(null), json!(7), json!("x"), json!([["*"]]), json!({"a": {"b": []}}), json!([null])];
    let keys = [
        "dmPolicy",
        "dm",
        "allowFrom",
        "groupPolicy",
        "groups",
        "guilds",
        "channels",
        "accounts",
        "commands",
        "tools",
        "nickserv",
        "tls",
        "allowedUserIds",
        "slashCommand",
        "groupAllowFrom",
        "defaultAccount",
    ];
    for channel in
        ["telegram", "discord", "slack", "irc", "synology-chat", "zalouser", "feishu", "x.y/z"]
    {
        for key in keys {
            for value in &junk {
                said(&config(
                    channel,
                    &json!({key: value}),
                    &json!({
                        "bindings": value, "agents": value, "session": value, "commands": value
                    }),
                ));
            }
        }
    }
}

#[test]
fn with_an_unreadable_config_no_rule_is_run() {
    let said = FakeHost::default().without_config("broken").run(GROUPS);
    let rules = GROUPS.iter().flat_map(|group| group.rules).count();
    assert_eq!(said.not_run.len(), rules);
}

#[test]
fn an_unreadable_pairing_store_affects_only_the_rules_that_need_it() {
    let config =
        config("telegram", &json!({"dmPolicy": "pairing", "groupPolicy": "open"}), &json!({}));
    let said = host(&config).without_fact("pairing-store").run(GROUPS);
    assert_eq!(said.ids(), ["channels.telegram.groups.open"]);
    let rules: Vec<&str> = said.not_run.iter().map(|(rule, _)| rule.as_str()).collect();
    assert_eq!(
        rules,
        [
            "channels.*.dm.locked",
            "channels.*.dm.scope_main_multiuser",
            "channels.*.routing.owner_missing.*",
            "channels.dm.session_collision.*",
            "channels.telegram.allowFrom.invalid_entries",
            "channels.telegram.groups.allowFrom.missing",
        ]
    );
}

#[test]
fn accounts_with_the_same_problem_from_the_channel_share_a_finding() {
    let section = json!({
        "groupPolicy": "open", "dmPolicy": "disabled", "accounts": {"a": {}, "b": {}}
    });
    let said = said(&config("telegram", &section, &json!({})));
    assert_eq!(said.of("channels.telegram.groups.open").len(), 1);
    assert_eq!(said.of("channels.telegram.dm.disabled").len(), 3, "their titles name the account");
}
