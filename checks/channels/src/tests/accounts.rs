//! Which accounts are checked.

use chitin_sdk::fake::{file_mode, secret, secret_from_unset_env, secret_ref};
use chitin_sdk::{Location, Metadata};
use serde_json::json;

use super::*;

#[test]
fn an_account_must_be_enabled_and_configured() {
    let open = json!({"dmPolicy": "open", "allowFrom": ["*"]});
    assert!(!of("telegram", &open).is_empty());
    let off = json!({"dmPolicy": "open", "allowFrom": ["*"], "enabled": false});
    assert!(of("telegram", &off).is_empty());
    assert!(ids(&json!({"channels": {"telegram": open}})).is_empty(), "no token");
    let by_env = host(&json!({"channels": {"telegram": open}})).env("TELEGRAM_BOT_TOKEN", "t");
    assert!(!by_env.run(GROUPS).findings.is_empty());
}

#[test]
fn one_account_can_be_off() {
    let accounts = json!({"accounts": {
        "a": {"token": secret("a"), "enabled": false, "dmPolicy": "open", "allowFrom": ["*"]},
        "b": {"token": secret("b"), "dmPolicy": "disabled"},
    }});
    assert_eq!(of("discord", &accounts), ["channels.discord.dm.disabled"]);
}

#[test]
fn whatsapp_must_be_linked_and_the_web_on() {
    let config = json!({"channels": {"whatsapp": {"dmPolicy": "disabled"}}});
    assert!(ids(&config).is_empty());
    let linked = |config: &Value| {
        let creds = Metadata { size: 100, ..file_mode(0o600) };
        host(config).file("credentials", "whatsapp/default/creds.json", creds).run(GROUPS)
    };
    assert_eq!(linked(&config).ids(), ["channels.whatsapp.dm.disabled"]);
    let off =
        json!({"channels": {"whatsapp": {"dmPolicy": "disabled"}}, "web": {"enabled": false}});
    assert!(linked(&off).findings.is_empty());
}

#[test]
fn accounts_are_named_in_titles_and_paths() {
    let config = json!({"channels": {"telegram": {"accounts": {
        "a": {"botToken": secret("a"), "dmPolicy": "open", "allowFrom": ["*"]},
        "b": {"botToken": secret("b"), "dmPolicy": "pairing"},
    }}}});
    let said = said(&config);
    let open = said.of("channels.telegram.dm.open");
    assert_eq!(open.len(), 1);
    assert!(open[0].detail.contains("channels.telegram.accounts.a.dmPolicy=\"open\""));
    assert!(open[0].title.contains("(account: a)"));
    assert_eq!(
        open[0].locations,
        [Location::Config("/channels/telegram/accounts/a/dmPolicy".to_owned())]
    );
    let locked = said.of("channels.telegram.dm.locked");
    assert_eq!(locked.len(), 1);
    assert!(locked[0].detail.contains("channels.telegram.accounts.b.dmPolicy=\"pairing\""));
}

#[test]
fn a_setting_of_the_channel_is_shown_there() {
    let section = json!({"dmPolicy": "disabled", "accounts": {"a": {"token": secret("a")}}});
    let said = said(&config("discord", &section, &json!({})));
    assert!(said.detail("channels.discord.dm.disabled").contains("channels.discord.dmPolicy"));
}

#[test]
fn an_unresolved_secret_is_named_and_the_account_audited() {
    let unset = json!({"botToken": secret_from_unset_env("MY_TOKEN"), "dmPolicy": "disabled"});
    let report = said(&config("telegram", &unset, &json!({})));
    assert_eq!(
        report.ids(),
        ["channels.telegram.account.read_only_resolution", "channels.telegram.dm.disabled"]
    );
    let detail = report.detail("channels.telegram.account.read_only_resolution");
    assert!(detail.contains("channels.telegram.botToken") && detail.contains("MY_TOKEN"));
    let by_ref = json!({"appToken": secret_ref(), "dmPolicy": "disabled"});
    let report = said(&config("slack", &by_ref, &json!({})));
    assert!(report.detail("channels.slack.account.read_only_resolution").contains("SecretRef"));
    let off = json!({"botToken": secret_ref(), "enabled": false});
    assert!(of("telegram", &off).is_empty());
}

#[test]
fn an_unknown_channel_is_checked_by_its_settings() {
    assert!(of("acme-chat", &json!({})).is_empty());
    assert_eq!(
        of("acme-chat", &json!({"dmPolicy": "open", "allowFrom": ["*"], "groupPolicy": "open"})),
        [
            "channels.acme-chat.dm.open",
            "channels.acme-chat.dm.scope_main_multiuser",
            "channels.acme-chat.groups.open",
            "channels.dm.session_collision.acme-chat-default.1",
        ]
    );
    for channel in ["msteams", "feishu", "tlon", "twitch"] {
        assert!(ids(&config(channel, &json!({}), &json!({}))).is_empty(), "{channel}");
    }
}

#[test]
fn rule_ids_hold_plain_text_only() {
    let found = of("a.b\u{202e}c", &json!({"dmPolicy": "disabled"}));
    assert_eq!(found, ["channels.a-b-c.dm.disabled"]);
}
