//! Direct messages: policy, sessions, locked accounts.

use serde_json::json;

use super::*;

const OPEN: &str = "channels.telegram.dm.open";
const MULTI: &str = "channels.telegram.dm.scope_main_multiuser";
const LOCKED: &str = "channels.telegram.dm.locked";
const COLLISION: &str = "channels.dm.session_collision.telegram-default.1";

fn telegram(section: &Value) -> Vec<String> {
    ids(&config("telegram", section, &json!({})))
}

#[test]
fn open_messages() {
    assert_eq!(
        telegram(&json!({"dmPolicy": "open", "allowFrom": ["*"]})),
        [OPEN, MULTI, COLLISION]
    );
    assert_eq!(telegram(&json!({"dmPolicy": "open"})), [OPEN, "channels.telegram.dm.open_invalid"]);
    assert_eq!(telegram(&json!({"dmPolicy": "Open"})), [LOCKED], "only the exact word");
}

#[test]
fn disabled_messages() {
    assert_eq!(
        telegram(&json!({"dmPolicy": "disabled", "allowFrom": ["*", "1", "2"]})),
        ["channels.telegram.dm.disabled"]
    );
}

#[test]
fn several_people_in_one_session() {
    assert!(telegram(&json!({"allowFrom": ["1", "tg:1"]})).is_empty(), "one person");
    assert_eq!(telegram(&json!({"allowFrom": ["1", 2]})), [MULTI, COLLISION]);
    let apart = json!({"session": {"dmScope": "per-channel-peer"}});
    assert!(ids(&config("telegram", &json!({"allowFrom": ["1", "2"]}), &apart)).is_empty());
    let main = json!({"session": {"dmScope": "main"}});
    assert_eq!(
        ids(&config("telegram", &json!({"allowFrom": ["1", "2"]}), &main)),
        [MULTI, COLLISION]
    );
}

#[test]
fn people_from_the_pairing_store_count() {
    let people = |section: &Value, paired: &[&str]| {
        let config = config("telegram", section, &json!({}));
        let said = host(&config).paired("telegram", "default", paired).run(GROUPS);
        said.ids().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(people(&json!({}), &["1"]).is_empty());
    assert!(people(&json!({"allowFrom": ["1"]}), &["tg:1"]).is_empty());
    assert_eq!(people(&json!({"allowFrom": ["1"]}), &["2"]), [MULTI, COLLISION]);
    // The store does not admit anyone under an allowlist, but its people were admitted before.
    assert_eq!(people(&json!({"dmPolicy": "allowlist", "allowFrom": ["1"]}), &["2"]), [MULTI]);
    assert_eq!(people(&json!({"dmPolicy": "allowlist"}), &["2"]), [LOCKED]);
    assert_eq!(people(&json!({}), &["*"]), [LOCKED], "a wildcard in the store does not count");
}

#[test]
fn locked_messages() {
    for section in [json!({"dmPolicy": "pairing"}), json!({}), json!({"dmPolicy": "allowlist"})] {
        assert_eq!(telegram(&section), [LOCKED]);
    }
    assert!(telegram(&json!({"allowFrom": ["1"]})).is_empty());
    assert_eq!(
        telegram(&json!({"dmPolicy": "pairing", "allowFrom": ["*"]})),
        [MULTI, LOCKED, COLLISION]
    );
    let said = said(&config("telegram", &json!({}), &json!({})));
    let finding = said.of(LOCKED)[0];
    assert!(finding.detail.contains("channels.telegram.dmPolicy=\"pairing\""));
    let remediation = finding.remediation.as_deref().unwrap();
    assert!(remediation.contains("openclaw pairing list telegram"));
    assert!(remediation.contains("openclaw pairing approve telegram <code>"));
}

#[test]
fn both_spellings_are_read() {
    let paths = |channel: &str, section: &Value| {
        let said = said(&config(channel, section, &json!({})));
        said.detail(&format!("channels.{channel}.dm.open")).to_owned()
    };
    let list = ["*"];
    for (channel, section, path) in [
        ("slack", json!({"dmPolicy": "open", "allowFrom": list}), "channels.slack.dmPolicy="),
        (
            "slack",
            json!({"dm": {"policy": "open", "allowFrom": list}}),
            "channels.slack.dm.policy=",
        ),
        ("discord", json!({"dm": {"policy": "open"}}), "channels.discord.dm.policy="),
        ("googlechat", json!({"dm": {"policy": "open"}}), "channels.googlechat.dm.policy="),
        ("matrix", json!({"dm": {"policy": "open"}}), "channels.matrix.dm.policy="),
    ] {
        assert!(paths(channel, &section).contains(path), "{channel}");
    }
    let hidden = json!({"dmPolicy": "pairing", "dm": {"policy": "open"}});
    assert!(paths("slack", &hidden).is_empty());
}

#[test]
fn a_missing_list_is_named_beside_the_policy() {
    let invalid = |channel: &str, section: &Value| {
        let said = said(&config(channel, section, &json!({})));
        said.detail(&format!("channels.{channel}.dm.open_invalid")).to_owned()
    };
    let nested = invalid("slack", &json!({"dm": {"policy": "open"}}));
    assert!(nested.contains("channels.slack.dm.allowFrom"));
    let own = json!({"accounts": {"a": {"dmPolicy": "open"}}});
    assert!(invalid("telegram", &own).contains("channels.telegram.accounts.a.allowFrom"));
    let synology = invalid("synology-chat", &json!({"dmPolicy": "open"}));
    assert!(synology.contains("channels.synology-chat.allowedUserIds"));
}

#[test]
fn every_channel_with_messages_has_a_default_policy() {
    for channel in [
        "telegram",
        "discord",
        "slack",
        "signal",
        "bluebubbles",
        "mattermost",
        "irc",
        "line",
        "zalo",
        "zalouser",
        "nextcloud-talk",
        "nostr",
        "whatsapp",
        "googlechat",
        "matrix",
        "synology-chat",
    ] {
        let found = ids(&config(channel, &json!({}), &json!({})));
        assert!(found.contains(&format!("channels.{channel}.dm.locked")), "{channel}");
    }
    let said = said(&config("synology-chat", &json!({}), &json!({})));
    assert!(said.detail("channels.synology-chat.dm.locked").contains("dmPolicy=\"allowlist\""));
}

#[test]
fn numbers_of_one_telephone_are_one_person() {
    assert!(of("signal", &json!({"allowFrom": ["+1 555", "signal:1555"]})).is_empty());
    assert!(
        of("whatsapp", &json!({"allowFrom": ["+1555", "+1556"]}))
            .contains(&"channels.whatsapp.dm.scope_main_multiuser".to_owned())
    );
}
