//! The names by which OpenClaw shows its channels.

const LABELS: &[(&str, &str)] = &[
    ("a2a", "A2A"),
    ("bluebubbles", "BlueBubbles"),
    ("buzz", "Buzz"),
    ("clickclack", "ClickClack"),
    ("discord", "Discord"),
    ("feishu", "Feishu"),
    ("googlechat", "Google Chat"),
    ("imessage", "iMessage"),
    ("irc", "IRC"),
    ("line", "LINE"),
    ("matrix", "Matrix"),
    ("mattermost", "Mattermost"),
    ("msteams", "Microsoft Teams"),
    ("nextcloud-talk", "Nextcloud Talk"),
    ("nostr", "Nostr"),
    ("raft", "Raft"),
    ("reef", "Reef"),
    ("signal", "Signal"),
    ("slack", "Slack"),
    ("sms", "SMS"),
    ("synology-chat", "Synology Chat"),
    ("telegram", "Telegram"),
    ("tlon", "Tlon"),
    ("twitch", "Twitch"),
    ("whatsapp", "WhatsApp"),
    ("zalo", "Zalo"),
    ("zalouser", "Zalo Personal"),
];

/// The name that people know a channel by; its id for a channel that OpenClaw does not ship.
pub fn label(channel: &str) -> &str {
    LABELS.iter().find(|(id, _)| *id == channel).map_or(channel, |(_, label)| label)
}
