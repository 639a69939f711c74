//! What the check makes of facts that differ from provider to provider.

use chitin_openclaw::channels::PROVIDERS;

use super::*;

#[test]
fn every_variable_of_a_provider_is_granted() {
    let manifest = include_str!("../../module.toml");
    let granted: Vec<&str> = manifest
        .lines()
        .filter_map(|line| line.trim().strip_prefix("\"environment:")?.strip_suffix("\","))
        .collect();
    let mut read: Vec<&str> = PROVIDERS.iter().flat_map(|provider| provider.variables()).collect();
    read.sort_unstable();
    read.dedup();
    assert_eq!(granted, read);
}

// OpenClaw 2026.9.6: QQ Bot's dmPolicy and groupPolicy default to "allowlist" once a list of senders has an entry that
// is not a wildcard, otherwise to "open".
#[test]
fn qq_bot_is_open_until_it_has_a_list() {
    assert_eq!(of("qqbot", &json!({})), ["channels.qqbot.dm.open", "channels.qqbot.groups.open"]);
    assert!(of("qqbot", &json!({"allowFrom": ["1"]})).is_empty());
    assert_eq!(of("qqbot", &json!({"groupAllowFrom": ["1"]})), ["channels.qqbot.dm.open"]);
    assert!(of("qqbot", &json!({"dmPolicy": "allowlist", "groupPolicy": "allowlist"})).is_empty());
    let report = said(&config("qqbot", &json!({}), &json!({})));
    assert_eq!(
        report.detail("channels.qqbot.dm.open"),
        "channels.qqbot.dmPolicy is not set and channels.qqbot.allowFrom names no one, which lets anyone DM the bot."
    );
}

// OpenClaw 2026.9.6 lets QQ Bot have an open policy without "*" on its list.
#[test]
fn qq_bot_needs_no_wildcard() {
    let open = json!({"dmPolicy": "open", "allowFrom": ["1"]});
    assert_eq!(of("qqbot", &open), ["channels.qqbot.dm.open"]);
}

// OpenClaw 2026.9.6 pairs the senders of SMS, so no one gets in before the first is approved.
#[test]
fn sms_has_direct_messages_without_a_policy() {
    assert_eq!(ids(&config("sms", &json!({}), &json!({}))), ["channels.sms.dm.locked"]);
    let section = json!({"allowFrom": ["+1 555", "sms:1555"]});
    assert!(of("sms", &section).is_empty(), "one number in two spellings is one person");
}

// OpenClaw 2026.9.6 has no account where the login is incomplete.
#[test]
fn nothing_is_said_of_a_provider_that_cannot_log_in() {
    for channel in ["buzz", "clickclack", "qqbot", "raft", "sms", "tlon", "twitch"] {
        let open = json!({"dmPolicy": "open", "groupPolicy": "open"});
        assert!(ids(&json!({"channels": {channel: open}})).is_empty(), "{channel}");
    }
}
