//! What each channel logs in with: its settings, and the variables that stand in for them at the default account.

/// One thing that an account needs: any of the settings, or for the default account any of the variables.
pub(super) struct Credential {
    pub(super) keys: &'static [&'static str],
    pub(super) variables: &'static [&'static str],
}

const fn setting(keys: &'static [&'static str]) -> Credential {
    Credential { keys, variables: &[] }
}

pub(super) const fn or_variable(
    keys: &'static [&'static str],
    variables: &'static [&'static str],
) -> Credential {
    Credential { keys, variables }
}

const SLACK_BOT: Credential = or_variable(&["botToken"], &["SLACK_BOT_TOKEN"]);

/// Slack over a socket, which is the default.
pub(super) const SLACK_SOCKET: &[Credential] =
    &[SLACK_BOT, or_variable(&["appToken"], &["SLACK_APP_TOKEN"])];

/// Slack over web hooks.
pub(super) const SLACK_HTTP: &[Credential] = &[SLACK_BOT, setting(&["signingSecret"])];

/// What a channel needs, where all of it is needed.
pub(super) const NEEDED: &[(&str, &[Credential])] = &[
    ("bluebubbles", &[setting(&["serverUrl"]), setting(&["password"])]),
    ("feishu", &[setting(&["appId"]), setting(&["appSecret"])]),
    (
        "googlechat",
        &[or_variable(
            &["serviceAccount", "serviceAccountRef", "serviceAccountFile"],
            &["GOOGLE_CHAT_SERVICE_ACCOUNT", "GOOGLE_CHAT_SERVICE_ACCOUNT_FILE"],
        )],
    ),
    ("irc", &[or_variable(&["host"], &["IRC_HOST"]), or_variable(&["nick"], &["IRC_NICK"])]),
    (
        "line",
        &[
            or_variable(&["channelAccessToken", "tokenFile"], &["LINE_CHANNEL_ACCESS_TOKEN"]),
            or_variable(&["channelSecret", "secretFile"], &["LINE_CHANNEL_SECRET"]),
        ],
    ),
    (
        "mattermost",
        &[
            or_variable(&["botToken"], &["MATTERMOST_BOT_TOKEN"]),
            or_variable(&["baseUrl"], &["MATTERMOST_URL"]),
        ],
    ),
    (
        "msteams",
        &[
            or_variable(&["appId"], &["MSTEAMS_APP_ID"]),
            or_variable(
                &["appPassword", "certificatePath", "useManagedIdentity"],
                &["MSTEAMS_APP_PASSWORD"],
            ),
            or_variable(&["tenantId"], &["MSTEAMS_TENANT_ID"]),
        ],
    ),
    (
        "nextcloud-talk",
        &[
            or_variable(&["botSecret", "botSecretFile"], &["NEXTCLOUD_TALK_BOT_SECRET"]),
            setting(&["baseUrl"]),
        ],
    ),
    ("nostr", &[setting(&["privateKey"])]),
    ("zalo", &[or_variable(&["botToken", "tokenFile"], &["ZALO_BOT_TOKEN"])]),
];

pub(super) const MATRIX_HOME: Credential = or_variable(&["homeserver"], &["MATRIX_HOMESERVER"]);
pub(super) const MATRIX_TOKEN: &[Credential] =
    &[MATRIX_HOME, or_variable(&["accessToken"], &["MATRIX_ACCESS_TOKEN"])];
pub(super) const MATRIX_PASSWORD: &[Credential] = &[
    MATRIX_HOME,
    or_variable(&["userId"], &["MATRIX_USER_ID"]),
    or_variable(&["password"], &["MATRIX_PASSWORD"]),
];

/// Settings any one of which shows that Signal is in use. It logs in outside the config.
pub(super) const SIGNAL: Credential = setting(&[
    "account",
    "accountUuid",
    "httpUrl",
    "httpHost",
    "httpPort",
    "cliPath",
    "autoStart",
    "transport",
]);

/// Settings any one of which shows that iMessage is in use. It has no credentials of its own.
pub(super) const IMESSAGE: Credential = setting(&[
    "cliPath",
    "dbPath",
    "service",
    "region",
    "dmPolicy",
    "groupPolicy",
    "allowFrom",
    "groupAllowFrom",
    "groups",
    "attachmentRoots",
    "remoteAttachmentRoots",
    "includeAttachments",
    "mediaMaxMb",
    "textChunkLimit",
]);
