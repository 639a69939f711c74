//! Open groups.

use chitin_sdk::{Location, Severity};
use serde_json::json;

use super::*;

fn is_open(channel: &str, section: &Value, defaults: &Value) -> bool {
    let mut config = config(channel, section, &json!({}));
    config["channels"]["defaults"] = defaults.clone();
    ids(&config).contains(&format!("channels.{channel}.groups.open"))
}

#[test]
fn the_account_then_the_defaults_decide() {
    let none = json!({});
    let open = json!({"groupPolicy": "open"});
    assert!(is_open("telegram", &open, &none));
    assert!(!is_open("telegram", &none, &none));
    assert!(is_open("telegram", &none, &open));
    assert!(!is_open("telegram", &json!({"groupPolicy": "allowlist"}), &open));
    assert!(!is_open("telegram", &json!({"groupPolicy": "Open"}), &none));
    let account = json!({"accounts": {"a": {"groupPolicy": "open"}}});
    assert!(is_open("telegram", &account, &none));
}

#[test]
fn channels_without_a_policy() {
    for channel in ["discord", "slack", "signal", "irc", "matrix", "line", "msteams", "feishu"] {
        assert!(!is_open(channel, &json!({}), &json!({})), "{channel}");
    }
    assert!(is_open("zalo", &json!({}), &json!({})), "open by default");
    assert!(!is_open("zalo", &json!({}), &json!({"groupPolicy": "allowlist"})));
    assert!(!is_open("bluebubbles", &json!({}), &json!({"groupPolicy": "open"})));
    for channel in ["zalouser", "nostr", "synology-chat"] {
        assert!(!is_open(channel, &json!({"groupPolicy": "open"}), &json!({})), "{channel}");
    }
}

#[test]
fn every_channel_has_its_text_and_its_severity() {
    for channel in [
        "telegram",
        "whatsapp",
        "nextcloud-talk",
        "discord",
        "slack",
        "signal",
        "imessage",
        "bluebubbles",
        "line",
        "msteams",
        "mattermost",
        "feishu",
        "googlechat",
        "irc",
        "matrix",
        "zalo",
        "acme",
    ] {
        let said = said(&config(channel, &json!({"groupPolicy": "open"}), &json!({})));
        let rule = format!("channels.{channel}.groups.open");
        let expected = if channel == "discord" { Severity::Critical } else { Severity::Warn };
        assert_eq!(said.severity(&rule), Some(expected), "{channel}");
        assert!(said.detail(&rule).contains(&format!("channels.{channel}.groupPolicy=\"open\"")));
        assert!(said.of(&rule)[0].remediation.as_ref().unwrap().contains("\"allowlist\""));
    }
}

#[test]
fn a_list_of_groups_changes_the_text() {
    let words = |section: &Value| {
        let said = said(&config("telegram", section, &json!({})));
        said.detail("channels.telegram.groups.open").to_owned()
    };
    assert!(words(&json!({"groupPolicy": "open"})).contains("anyone can add the bot"));
    let listed = json!({"groupPolicy": "open", "groups": {"-1": {}}});
    assert!(words(&listed).contains("any member of an allowed group"));
}

#[test]
fn a_finding_points_at_the_policy() {
    let config =
        json!({"channels": {"defaults": {"groupPolicy": "open"}, "signal": {"account": "+1"}}});
    let said = said(&config);
    let finding = said.of("channels.signal.groups.open")[0];
    assert_eq!(finding.locations, [Location::Config("/channels/defaults/groupPolicy".to_owned())]);
}
