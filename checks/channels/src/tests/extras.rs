//! Rules of single channels: Feishu, Google Chat, IRC, Synology Chat, Zalo Personal.

use chitin_sdk::Severity;
use chitin_sdk::fake::secret_ref;
use serde_json::json;

use super::*;

fn feishu(section: &Value) -> bool {
    ids(&json!({"channels": {"feishu": section}})) == ["channels.feishu.doc_owner_open_id"]
}

#[test]
fn the_feishu_document_tool() {
    assert!(feishu(&json!({"appId": "a", "appSecret": secret("s")})));
    assert!(!feishu(&json!({"appId": "a", "appSecret": secret("s"), "tools": {"doc": false}})));
    assert!(!feishu(&json!({"appId": "a", "appSecret": secret("s"), "enabled": false})));
    assert!(
        !feishu(&json!({"appId": "a"}))
            && !feishu(&json!({"appId": " ", "appSecret": secret("s")}))
    );
    let account = |own: Value| {
        json!({
            "appId": "a", "appSecret": secret("s"), "tools": {"doc": false}, "accounts": {"x": own}
        })
    };
    assert!(feishu(&account(json!({"tools": {}}))), "the account's tools replace the channel's");
    assert!(!feishu(&account(json!({}))));
    assert!(!feishu(&account(json!({"tools": {}, "enabled": false}))));
    let own = json!({"accounts": {"x": {"appId": "a", "appSecret": secret("s")}}});
    assert!(feishu(&own));
}

#[test]
fn a_feishu_secret_behind_a_reference_counts() {
    let section = json!({"appId": "cli_test", "appSecret": secret_ref()});
    let found = said(&json!({"channels": {"feishu": section}}));
    assert_eq!(found.severity("channels.feishu.doc_owner_open_id"), Some(Severity::Warn));
}

#[test]
fn google_chat_open_to_the_workspace() {
    assert_eq!(
        of("googlechat", &json!({"dmPolicy": "open"})),
        [
            "channels.googlechat.dm.open",
            "channels.googlechat.dm.open_invalid",
            "channels.googlechat.warning.3",
        ]
    );
}

#[test]
fn irc_warnings() {
    assert!(of("irc", &json!({})).is_empty(), "TLS is on unless it is turned off");
    // The number counts every finding of the pass, here the locked messages too.
    assert_eq!(of("irc", &json!({"tls": false})), ["channels.irc.warning.2"]);
    assert!(of("irc", &json!({"nickserv": {"password": secret("p")}})).is_empty());
    let register = json!({"nickserv": {"register": true}});
    assert_eq!(of("irc", &register), ["channels.irc.warning.2", "channels.irc.warning.3"]);
    let with_password = json!({"nickserv": {"register": true, "password": secret("p")}});
    assert_eq!(of("irc", &with_password), ["channels.irc.warning.2"]);
    let by_env = host(&config("irc", &register, &json!({}))).env("IRC_NICKSERV_PASSWORD", "p");
    assert_eq!(by_env.run(GROUPS).findings.len(), 2);
}

#[test]
fn synology_policy() {
    let policy = "channels.synology-chat.dm.policy".to_owned();
    let fires = |section: &Value| of("synology-chat", section).contains(&policy);
    assert!(fires(&json!({})), "the default is an allowlist, here an empty one");
    assert!(fires(&json!({"dmPolicy": "open"})));
    assert!(fires(&json!({"dmPolicy": "open", "allowedUserIds": ["*"]})));
    assert!(!fires(&json!({"dmPolicy": "open", "allowedUserIds": ["1"]})));
    assert!(!fires(&json!({"allowedUserIds": ["1"]})));
    assert!(!fires(&json!({"allowedUserIds": "1, 2"})), "also as text with commas");
    assert!(!fires(&json!({"dmPolicy": "disabled"})));
}

#[test]
fn synology_warnings() {
    let allowed = json!({"allowedUserIds": ["1"]});
    assert!(of("synology-chat", &allowed).is_empty());
    let bare = json!({"channels": {"synology-chat": allowed}});
    assert_eq!(
        ids(&bare),
        ["channels.synology-chat.warning.1", "channels.synology-chat.warning.2"]
    );
    let by_env =
        host(&bare).env("SYNOLOGY_CHAT_TOKEN", "t").env("SYNOLOGY_CHAT_INCOMING_URL", "https://x");
    assert!(by_env.run(GROUPS).findings.is_empty());
    let insecure = json!({"allowedUserIds": ["1"], "allowInsecureSsl": true});
    assert_eq!(of("synology-chat", &insecure), ["channels.synology-chat.warning.1"]);
    let by_name = json!({"allowedUserIds": ["1"], "dangerouslyAllowNameMatching": true});
    assert_eq!(
        of("synology-chat", &by_name),
        [
            "channels.synology-chat.allowFrom.dangerous_name_matching_enabled",
            "channels.synology-chat.reply.dangerous_name_matching_enabled",
        ]
    );
}

#[test]
fn zalo_personal_groups_by_name() {
    let rule = "channels.zalouser.groups.mutable_entries";
    assert!(of("zalouser", &json!({"groups": {"123": {}, "g-x": {}, "*": {}}})).is_empty());
    let named = json!({"groups": {"Family": {}, "123": {}}});
    let report = said(&config("zalouser", &named, &json!({})));
    assert_eq!(report.severity(rule), Some(Severity::Warn));
    assert!(report.detail(rule).contains("channels.zalouser.groups:Family"));
    let matching = json!({"groups": {"Family": {}}, "dangerouslyAllowNameMatching": true});
    assert_eq!(
        said(&config("zalouser", &matching, &json!({}))).severity(rule),
        Some(Severity::Info)
    );
}
