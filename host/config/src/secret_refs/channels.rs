//! The credentials of channels that OpenClaw 2026.9.6 lets be references, and when a channel uses them.

/// When a channel or account uses a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Always,
    /// When a setting has a value; the last is the setting's default.
    When(&'static str, &'static str, &'static str),
    /// When a setting is filled in.
    With(&'static str),
    /// Unless a setting is filled in.
    Without(&'static str),
}

/// A credential: the path to it below a channel or account, where `*` stands for any key.
pub(super) type Field = (&'static str, Use);

const VOICE_AND_TOKEN: &[Field] = &[
    ("pluralkit.token", Use::Always),
    ("token", Use::Always),
    ("voice.realtime.providers.*.apiKey", Use::Always),
    ("voice.tts.personas.*.providers.*.apiKey", Use::Always),
    ("voice.tts.providers.*.apiKey", Use::Always),
];

/// The credentials of each channel.
pub(super) const CHANNELS: &[(&str, &[Field])] = &[
    ("buzz", &[("authTag", Use::Always), ("privateKey", Use::Always)]),
    ("clickclack", &[("token", Use::Always)]),
    ("discord", VOICE_AND_TOKEN),
    (
        "feishu",
        &[
            ("appSecret", Use::Always),
            ("encryptKey", Use::Always),
            ("verificationToken", Use::When("connectionMode", "webhook", "websocket")),
        ],
    ),
    ("googlechat", &[("serviceAccount", Use::Always), ("serviceAccountRef", Use::Always)]),
    ("irc", &[("nickserv.password", Use::Always), ("password", Use::Always)]),
    ("matrix", &[("accessToken", Use::Always), ("password", Use::Without("accessToken"))]),
    ("mattermost", &[("botToken", Use::Always)]),
    ("msteams", &[("appPassword", Use::Always)]),
    ("nextcloud-talk", &[("apiPassword", Use::Always), ("botSecret", Use::Always)]),
    ("nostr", &[("privateKey", Use::Always)]),
    ("qqbot", &[("clientSecret", Use::Always)]),
    (
        "slack",
        &[
            ("appToken", Use::When("mode", "socket", "socket")),
            ("botToken", Use::Always),
            ("relay.authToken", Use::When("mode", "relay", "socket")),
            ("signingSecret", Use::When("mode", "http", "socket")),
            ("userToken", Use::Always),
        ],
    ),
    ("sms", &[("authToken", Use::Always)]),
    (
        "telegram",
        &[("botToken", Use::Without("tokenFile")), ("webhookSecret", Use::With("webhookUrl"))],
    ),
    ("zalo", &[("botToken", Use::Always), ("webhookSecret", Use::With("webhookUrl"))]),
];
