//! Channels: their sections in the config, the accounts of each, what an account inherits, and whether it runs.
//!
//! Each provider is one file below, and one line in the list of them. What is safe or not about a channel is decided by
//! the channels check; nothing here judges.

mod account;
mod accounts;
mod credentials;
mod native;
mod provider;
mod senders;
#[cfg(test)]
mod testing;

pub use account::{Account, AllowList};
pub use accounts::{AccountIds, DEFAULT_ACCOUNT, accounts, locale_order, normalized_account_id};
pub use credentials::{Credential, Credentials, Login, credentials};
pub use native::{Native, NativeCommands, native_skills_exposed};
pub use provider::{
    AccountRules, DirectMessages, DmDefault, DmKeys, GroupDefault, Groups, OpenGroups, Origin,
    Provider, SecretRef, Surface, Use,
};
pub use senders::{SenderForm, Senders};

use chitin_document::Node;

/// Declares the file of each provider, and lists what they hold.
macro_rules! providers {
    ($($file:ident)*) => {
        $(mod $file;)*

        /// Every provider that is known, in the order of their ids.
        pub static PROVIDERS: &[&Provider] = &[$(&$file::PROVIDER),*];
    };
}

providers! {
    a2a
    bluebubbles
    buzz
    clickclack
    discord
    feishu
    googlechat
    imessage
    irc
    line
    matrix
    mattermost
    msteams
    nextcloud_talk
    nostr
    openclaw_weixin
    openclaw_zaloclawbot
    qqbot
    raft
    reef
    signal
    slack
    sms
    synology_chat
    telegram
    tlon
    twitch
    wecom
    whatsapp
    yuanbao
    zalo
    zalouser
}

static UNKNOWN: Provider = Provider::named("", "", Origin::ThirdParty);

/// What is known of the provider of a channel; what holds for any provider when it is not a known one.
pub fn provider_of(channel: &str) -> &'static Provider {
    PROVIDERS.iter().find(|provider| provider.id == channel).copied().unwrap_or(&UNKNOWN)
}

/// The name that people know a channel by; its id for a channel of which nothing is known.
pub fn label(channel: &str) -> &str {
    let label = provider_of(channel).label;
    if label.is_empty() { channel } else { label }
}

/// Keys under `channels` that hold settings for all channels.
const NO_CHANNELS: [&str; 2] = ["defaults", "modelByChannel"];

/// A channel that the config has a section for.
#[derive(Debug, Clone)]
pub struct Channel<'t> {
    /// The key as written.
    pub id: &'t str,
    /// `channels.<id>`, always an object.
    pub section: Node<'t>,
}

/// The channels of `/channels` in config order.
pub fn sections<'t>(channels: &Node<'t>) -> Vec<Channel<'t>> {
    channels
        .members()
        .into_iter()
        .filter(|(id, section)| !NO_CHANNELS.contains(id) && section.is_object())
        .map(|(id, section)| Channel { id, section })
        .collect()
}

/// The place of a value as people write it: `channels.telegram.allowFrom`.
pub fn path(node: &Node<'_>) -> String {
    let keys = node.pointer().split('/').skip(1);
    keys.map(|key| key.replace("~1", "/").replace("~0", "~")).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use chitin_document::Tree;
    use serde_json::json;

    use super::*;

    #[test]
    fn only_objects_that_name_a_channel_are_channels() {
        let tree = Tree::new(
            "/channels",
            Some(json!({
                "slack": {}, "defaults": {"groupPolicy": "open"}, "modelByChannel": {}, "irc": true, "discord": {}
            })),
        );
        let ids: Vec<&str> = sections(&tree.root()).iter().map(|channel| channel.id).collect();
        assert_eq!(ids, ["slack", "discord"]);
    }

    // The ids that the channel catalog of OpenClaw 2026.9.6 lists, those that it ships itself, and BlueBubbles, which
    // 2026.3.8 shipped last.
    const KNOWN: [&str; 32] = [
        "a2a",
        "bluebubbles",
        "buzz",
        "clickclack",
        "discord",
        "feishu",
        "googlechat",
        "imessage",
        "irc",
        "line",
        "matrix",
        "mattermost",
        "msteams",
        "nextcloud-talk",
        "nostr",
        "openclaw-weixin",
        "openclaw-zaloclawbot",
        "qqbot",
        "raft",
        "reef",
        "signal",
        "slack",
        "sms",
        "synology-chat",
        "telegram",
        "tlon",
        "twitch",
        "wecom",
        "whatsapp",
        "yuanbao",
        "zalo",
        "zalouser",
    ];

    #[test]
    fn every_known_channel_has_a_provider() {
        let ids: Vec<&str> = PROVIDERS.iter().map(|provider| provider.id).collect();
        assert_eq!(ids, KNOWN);
    }

    // The list that OpenClaw 2026.9.6 calls CHANNEL_IDS has 26 of them; a sandbox denies them all by default.
    #[test]
    fn openclaws_own_channels_are_counted() {
        let own = PROVIDERS.iter().filter(|provider| provider.origin.is_own());
        assert_eq!(own.count(), 26);
        for id in ["qqbot", "bluebubbles", "wecom", "unknown"] {
            assert!(!provider_of(id).origin.is_own(), "{id}");
        }
    }

    #[test]
    fn every_file_of_a_provider_is_listed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/channels");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_provider =
                std::fs::read_to_string(&path).unwrap().contains("static PROVIDER: Provider");
            let name = path.file_stem().unwrap().to_str().unwrap().replace('_', "-");
            assert!(!is_provider || !provider_of(&name).id.is_empty(), "{name}");
        }
    }

    #[test]
    fn a_name_means_one_provider() {
        let mut names: Vec<&str> = PROVIDERS
            .iter()
            .flat_map(|provider| provider.aliases.iter().chain([&provider.id]))
            .copied()
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn an_unknown_channel_is_called_by_its_id() {
        assert_eq!(label("qqbot"), "QQ Bot");
        assert_eq!(label("unknown"), "unknown");
    }

    // Every channel credential that OpenClaw 2026.9.6 documents as one that can be a SecretRef: channels and
    // credentials, as its reference lists them.
    #[test]
    fn the_secret_refs_are_those_of_openclaw() {
        let listed: Vec<String> = PROVIDERS
            .iter()
            .flat_map(|provider| {
                provider.secret_refs.iter().map(|one| format!("{}.{}", provider.id, one.path))
            })
            // Only releases before it read this one.
            .filter(|path| path != "googlechat.serviceAccountRef")
            .collect();
        let documented = [
            "buzz.authTag",
            "buzz.privateKey",
            "clickclack.token",
            "discord.pluralkit.token",
            "discord.token",
            "discord.voice.realtime.providers.*.apiKey",
            "discord.voice.tts.personas.*.providers.*.apiKey",
            "discord.voice.tts.providers.*.apiKey",
            "feishu.appSecret",
            "feishu.encryptKey",
            "feishu.verificationToken",
            "googlechat.serviceAccount",
            "irc.nickserv.password",
            "irc.password",
            "matrix.accessToken",
            "matrix.password",
            "mattermost.botToken",
            "msteams.appPassword",
            "nextcloud-talk.apiPassword",
            "nextcloud-talk.botSecret",
            "nostr.privateKey",
            "qqbot.clientSecret",
            "slack.appToken",
            "slack.botToken",
            "slack.relay.authToken",
            "slack.signingSecret",
            "slack.userToken",
            "sms.authToken",
            "telegram.botToken",
            "telegram.webhookSecret",
            "zalo.botToken",
            "zalo.webhookSecret",
        ];
        assert_eq!(listed, documented);
    }

    #[test]
    fn a_path_is_dotted_and_unescaped() {
        let tree = Tree::new("/channels", Some(json!({"a/b": {"c~d": 1}})));
        assert_eq!(path(&tree.at(["a/b", "c~d"])), "channels.a/b.c~d");
    }
}
