//! Discord and Slack.

use chitin_sdk::Severity;
use serde_json::json;

use super::*;

const NAMES: &str = "channels.discord.allowFrom.name_based_entries";
const NO_LISTS: &str = "channels.discord.commands.native.no_allowlists";
const UNRESTRICTED: &str = "channels.discord.commands.native.unrestricted";
const BROAD: &str = "channels.discord.allowlisted_groups.broad_members";
const SLASH: &str = "channels.slack.commands.slash.no_allowlists";
const GROUPS_OFF: &str = "channels.slack.commands.slash.useAccessGroups_off";

fn has(channel: &str, section: &Value, more: &Value, rule: &str) -> bool {
    with(channel, section, more).iter().any(|id| id == rule)
}

fn discord(section: &Value, rule: &str) -> bool {
    has("discord", section, &json!({}), rule)
}

fn slack(section: &Value, more: &Value) -> Vec<String> {
    with("slack", section, more)
}

#[test]
fn discord_names() {
    for (entry, fires) in [
        ("alice", true),
        ("123", false),
        ("<@!123>", false),
        ("user:alice", false),
        ("user:", true),
        ("User:alice", true),
        ("*", false),
    ] {
        assert_eq!(discord(&json!({"allowFrom": [entry]}), NAMES), fires, "{entry}");
    }
    assert!(!discord(&json!({"allowFrom": [123]}), NAMES));
    assert!(discord(&json!({"dm": {"allowFrom": ["bob"]}}), NAMES));
    assert!(discord(&json!({"guilds": {"1": {"users": ["bob#1234"]}}}), NAMES));
    assert!(discord(&json!({"guilds": {"1": {"channels": {"c": {"users": ["bob"]}}}}}), NAMES));
    let paired =
        host(&config("discord", &json!({}), &json!({}))).paired("discord", "default", &["bob"]);
    assert!(paired.run(GROUPS).detail(NAMES).contains("pairing store:bob"));
}

#[test]
fn discord_names_are_listed_with_their_place() {
    let section = json!({"accounts": {
        "alpha": {"token": secret("a"), "allowFrom": ["123456789012345678"]},
        "beta": {"token": secret("b"), "allowFrom": ["Alice#1234"]},
    }});
    let report = said(&config("discord", &section, &json!({})));
    assert!(report.detail(NAMES).contains("channels.discord.accounts.beta.allowFrom:Alice#1234"));
    let many: Vec<String> = (0..8).map(|n| format!("name{n}")).collect();
    let report = said(&config("discord", &json!({"allowFrom": many}), &json!({})));
    let detail = report.detail(NAMES);
    assert!(detail.contains("channels.discord.allowFrom:name4") && detail.contains("(+3 more)"));
    assert_eq!(report.severity(NAMES), Some(Severity::Warn));
    let matching = json!({"allowFrom": ["alice"], "dangerouslyAllowNameMatching": true});
    assert_eq!(
        said(&config("discord", &matching, &json!({}))).severity(NAMES),
        Some(Severity::Info)
    );
}

#[test]
fn discord_commands_without_lists() {
    let guild = json!({"1": {}});
    assert!(discord(&json!({"guilds": guild}), NO_LISTS));
    assert!(!discord(&json!({"guilds": guild, "allowFrom": ["123"]}), NO_LISTS));
    assert!(!discord(&json!({"guilds": guild, "allowFrom": ["*"]}), NO_LISTS));
    assert!(!discord(&json!({"guilds": guild, "dm": {"allowFrom": ["123"]}}), NO_LISTS));
    assert!(!discord(&json!({"guilds": {"1": {"users": ["123"]}}}), NO_LISTS));
    assert!(!discord(&json!({"guilds": {"1": {"channels": {"c": {"users": ["1"]}}}}}), NO_LISTS));
    assert!(!discord(&json!({"guilds": {}}), NO_LISTS));
    assert!(!discord(&json!({}), NO_LISTS));
    assert!(!discord(&json!({"guilds": guild, "groupPolicy": "disabled"}), NO_LISTS));
    let off = json!({"guilds": guild, "commands": {"native": false, "nativeSkills": false}});
    assert!(!discord(&off, NO_LISTS));
    let skills = json!({"guilds": guild, "commands": {"native": false}});
    assert!(discord(&skills, NO_LISTS));
    let global_off = json!({"commands": {"native": false, "nativeSkills": false}});
    assert!(!has("discord", &json!({"guilds": guild}), &global_off, NO_LISTS));
    let config = config("discord", &json!({"guilds": guild}), &json!({}));
    let paired = host(&config).paired("discord", "default", &["1"]).run(GROUPS);
    assert!(paired.of(NO_LISTS).is_empty());
}

#[test]
fn discord_commands_without_access_groups() {
    let off = json!({"commands": {"useAccessGroups": false}});
    let found = with("discord", &json!({"guilds": {"1": {}}}), &off);
    assert!(found.contains(&UNRESTRICTED.to_owned()) && !found.contains(&NO_LISTS.to_owned()));
    assert!(!has("discord", &json!({"guilds": {"1": {"users": ["1"]}}}), &off, UNRESTRICTED));
    assert!(!has("discord", &json!({}), &off, UNRESTRICTED));
    let still = json!({"guilds": {"1": {}}, "allowFrom": ["1"]});
    assert!(has("discord", &still, &off, UNRESTRICTED), "a list of owners does not change it");
    assert_eq!(
        said(&config("discord", &json!({"guilds": {"1": {}}}), &off)).severity(UNRESTRICTED),
        Some(Severity::Critical)
    );
}

#[test]
fn discord_places_that_admit_anyone() {
    assert!(discord(&json!({"guilds": {"1": {}}}), BROAD));
    assert!(!discord(&json!({"guilds": {"1": {"users": ["1"]}}}), BROAD));
    assert!(!discord(&json!({"guilds": {"1": {"roles": ["r"]}}}), BROAD));
    assert!(discord(&json!({"guilds": {"1": {"users": ["1", "*"]}}}), BROAD));
    assert!(!discord(&json!({"guilds": {"1": {}}, "groupPolicy": "open"}), BROAD));
    let channel =
        |channel: Value| json!({"guilds": {"1": {"users": ["1"], "channels": {"c": channel}}}});
    assert!(!discord(&channel(json!({})), BROAD), "the server's users apply");
    assert!(discord(&channel(json!({"users": []})), BROAD));
    assert!(!discord(&channel(json!({"users": [], "enabled": false})), BROAD));
    let sorted = json!({"guilds": {"b": {}, "a": {"channels": {"x": {}}}}});
    let said = said(&config("discord", &sorted, &json!({})));
    let lines: Vec<&str> = said.detail(BROAD).lines().skip(1).collect();
    assert_eq!(lines, ["- channels.discord.guilds.a.channels.x", "- channels.discord.guilds.b"]);
}

#[test]
fn slack_commands() {
    let on = json!({"slashCommand": {"enabled": true}});
    let none = json!({});
    assert_eq!(slack(&on, &none), [SLASH]);
    let owner = json!({"slashCommand": {"enabled": true}, "allowFrom": ["U1234567"]});
    assert!(slack(&owner, &none).is_empty());
    let users = json!({"slashCommand": {"enabled": true}, "channels": {"C1": {"users": ["U1"]}}});
    assert!(slack(&users, &none).is_empty());
    assert!(slack(&none, &none).is_empty(), "off");
    assert_eq!(slack(&none, &json!({"commands": {"native": true}})), [SLASH]);
    assert!(slack(&none, &json!({"commands": {"native": "auto"}})).is_empty());
    let blank = json!({"slashCommand": {"enabled": true}, "allowFrom": [], "dm": {"allowFrom": ["U1234567"]}});
    assert_eq!(slack(&blank, &none), [SLASH], "an empty list wins");
    let older = json!({"slashCommand": {"enabled": true}, "dm": {"allowFrom": ["U1234567"]}});
    assert!(slack(&older, &none).is_empty());
    assert_eq!(slack(&on, &json!({"commands": {"useAccessGroups": false}})), [GROUPS_OFF]);
    let paired = host(&config("slack", &on, &none)).paired("slack", "default", &["U1"]).run(GROUPS);
    assert!(paired.of(SLASH).is_empty());
}
