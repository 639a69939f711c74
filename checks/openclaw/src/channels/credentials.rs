//! Whether an account has what it needs to log in, as far as the config, the environment and file metadata tell.
//!
//! A secret's value is never needed: that one is configured is enough. What cannot be decided counts as configured, so
//! that an account which may well be running is audited.

mod needed;

use chitin_document::{GatewayFacts, Kind, Node, Refusal};

use self::needed::{
    Credential, IMESSAGE, MATRIX_HOME, MATRIX_PASSWORD, MATRIX_TOKEN, NEEDED, SIGNAL, SLACK_HTTP,
    SLACK_SOCKET, or_variable,
};
use super::{Account, DEFAULT_ACCOUNT, normalized_account_id};

/// What is known of an account's credentials.
#[derive(Debug, Clone, Default)]
pub struct Credentials<'t> {
    pub configured: bool,
    /// Secrets that refer to something which has no value here.
    pub unresolved: Vec<Node<'t>>,
}

/// Whether an account can log in.
///
/// Needs the fact `environment:NAME` for the variables of the account's channel, and for WhatsApp and Matrix the
/// metadata of their files below `credentials`. A channel that is not known here counts as configured.
pub fn credentials<'t>(
    account: &Account<'t>,
    facts: &dyn GatewayFacts,
) -> Result<Credentials<'t>, Refusal> {
    match account.channel() {
        "discord" => discord(account, facts),
        "imessage" => Ok(in_use(account, &IMESSAGE)),
        "matrix" => matrix(account, facts),
        "signal" => Ok(in_use(account, &SIGNAL)),
        "slack" if account.get("mode").is("http") => all(account, SLACK_HTTP, facts),
        "slack" => all(account, SLACK_SOCKET, facts),
        "telegram" => telegram(account, facts),
        "whatsapp" => whatsapp(account, facts),
        channel => match NEEDED.iter().find(|(id, _)| *id == channel) {
            Some((_, needed)) => all(account, needed, facts),
            None => Ok(Credentials { configured: true, unresolved: Vec::new() }),
        },
    }
}

impl<'t> Credentials<'t> {
    fn missing() -> Self {
        Self::default()
    }

    fn without_secret() -> Self {
        Self { configured: true, unresolved: Vec::new() }
    }

    fn at(place: Node<'t>) -> Self {
        let is_open = place.seal().is_some_and(|seal| !seal.resolved);
        Self { configured: true, unresolved: if is_open { vec![place] } else { Vec::new() } }
    }
}

/// A credential stands here: text or a secret, a switch that is on, or a whole document.
fn is_present(place: &Node<'_>) -> bool {
    place.is_configured() || place.is_true() || place.has_members()
}

fn all<'t>(
    account: &Account<'t>,
    needed: &[Credential],
    facts: &dyn GatewayFacts,
) -> Result<Credentials<'t>, Refusal> {
    let mut together = Credentials::without_secret();
    for credential in needed {
        let one = credential.of(account, facts)?;
        together.configured &= one.configured;
        together.unresolved.extend(one.unresolved);
    }
    if !together.configured {
        return Ok(Credentials::missing());
    }
    Ok(together)
}

impl Credential {
    fn of<'t>(
        &self,
        account: &Account<'t>,
        facts: &dyn GatewayFacts,
    ) -> Result<Credentials<'t>, Refusal> {
        let mut places = self.keys.iter().map(|key| account.get(key));
        if let Some(place) = places.find(is_present) {
            return Ok(Credentials::at(place));
        }
        if account.id() == DEFAULT_ACCOUNT && any_variable(self.variables, facts)? {
            return Ok(Credentials::without_secret());
        }
        Ok(Credentials::missing())
    }
}

fn any_variable(names: &[&str], facts: &dyn GatewayFacts) -> Result<bool, Refusal> {
    for name in names {
        if unless_unknown(facts.environment(name))?.is_none_or(|value| value.is_some()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// None when the answer cannot be had here, which is no reason to leave an account out.
fn unless_unknown<T>(answer: Result<T, Refusal>) -> Result<Option<T>, Refusal> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(refusal @ Refusal::NotGranted(_)) => Err(refusal),
        Err(_) => Ok(None),
    }
}

/// Any of the settings, also a number, a switch in either position, or a list that is not empty.
fn in_use<'t>(account: &Account<'t>, any: &Credential) -> Credentials<'t> {
    let shows = |place: &Node<'_>| {
        is_present(place)
            || place.is_false()
            || place.value().is_number()
            || !place.items().is_empty()
    };
    match any.keys.iter().map(|key| account.get(key)).find(shows) {
        Some(place) => Credentials::at(place),
        None => Credentials::missing(),
    }
}

/// A `token` key of the account decides, even when it is blank.
fn discord<'t>(
    account: &Account<'t>,
    facts: &dyn GatewayFacts,
) -> Result<Credentials<'t>, Refusal> {
    let own = account.own().map(|own| own.get("token")).filter(|token| !token.is_absent());
    match own {
        Some(token) if token.is_configured() => Ok(Credentials::at(token)),
        Some(_) => Ok(Credentials::missing()),
        None => or_variable(&["token"], &["DISCORD_BOT_TOKEN"]).of(account, facts),
    }
}

/// The account's own token, else the channel's. The channel's token is not for an account that only a binding names,
/// unless there are no other accounts.
fn telegram<'t>(
    account: &Account<'t>,
    facts: &dyn GatewayFacts,
) -> Result<Credentials<'t>, Refusal> {
    let is_default = account.id() == DEFAULT_ACCOUNT;
    let others = account.section().get("accounts").has_members();
    let may_inherit = is_default || account.own().is_some() || !others;
    let levels = account.own().into_iter().chain(may_inherit.then_some(account.section()));
    let mut places = levels.flat_map(|level| ["tokenFile", "botToken"].map(|key| level.get(key)));
    if let Some(place) = places.find(Node::is_configured) {
        return Ok(Credentials::at(place));
    }
    if is_default && any_variable(&["TELEGRAM_BOT_TOKEN"], facts)? {
        return Ok(Credentials::without_secret());
    }
    Ok(Credentials::missing())
}

/// A token, a password, or a login that is stored in the credentials directory.
fn matrix<'t>(account: &Account<'t>, facts: &dyn GatewayFacts) -> Result<Credentials<'t>, Refusal> {
    for way in [MATRIX_TOKEN, MATRIX_PASSWORD] {
        let found = all(account, way, facts)?;
        if found.configured {
            return Ok(found);
        }
    }
    let file = match normalized_account_id(account.id()).as_str() {
        DEFAULT_ACCOUNT => "matrix/credentials.json".to_owned(),
        id => format!("matrix/credentials-{id}.json"),
    };
    if MATRIX_HOME.of(account, facts)?.configured && is_filled_file(&file, facts)? {
        return Ok(Credentials::without_secret());
    }
    Ok(Credentials::missing())
}

/// A linked device: its keys are stored per account, for the default account formerly beside all other credentials.
fn whatsapp<'t>(
    account: &Account<'t>,
    facts: &dyn GatewayFacts,
) -> Result<Credentials<'t>, Refusal> {
    if account.get("authDir").trimmed().is_some() {
        // Somewhere else, where this check cannot look.
        return Ok(Credentials::without_secret());
    }
    let id = normalized_account_id(account.id());
    let linked = is_filled_file(&format!("whatsapp/{id}/creds.json"), facts)?
        || (id == DEFAULT_ACCOUNT && is_filled_file("creds.json", facts)?);
    Ok(if linked { Credentials::without_secret() } else { Credentials::missing() })
}

/// A file that holds more than a single byte, also behind a link.
fn is_filled_file(path: &str, facts: &dyn GatewayFacts) -> Result<bool, Refusal> {
    let Some(found) = unless_unknown(facts.stat("credentials", path))? else { return Ok(true) };
    Ok(found.is_some_and(|found| match found.kind {
        Kind::File => found.size > 1,
        Kind::Symlink => found.link.is_some_and(|link| link.target_kind == Some(Kind::File)),
        Kind::Directory | Kind::Special => false,
    }))
}

#[cfg(test)]
mod tests {
    use chitin_document::{Metadata, Tree, Value};
    use chitin_sdk::fake::{FakeHost, file_mode, secret, secret_from_unset_env, secret_ref};
    use serde_json::json;

    use super::super::{accounts, path, sections};
    use super::*;

    /// Whether the given account is configured, and the paths that are unresolved.
    fn look_at(channel: &str, section: &Value, id: &str, host: &FakeHost) -> (bool, Vec<String>) {
        let channels = Tree::new("/channels", Some(json!({channel: section})));
        let bindings = Tree::new(
            "/bindings",
            Some(json!([
                {"agentId": "x", "match": {"channel": "telegram", "accountId": "bound"}}
            ])),
        );
        let channel = sections(&channels.root()).into_iter().next().unwrap();
        let accounts = accounts(&channel, &bindings.root(), None, host).unwrap();
        let Some(account) = accounts.iter().find(|account| account.id() == id) else {
            return (false, Vec::new());
        };
        let found = credentials(account, host).unwrap();
        (found.configured, found.unresolved.iter().map(path).collect())
    }

    fn configured(channel: &str, section: &Value) -> bool {
        look_at(channel, section, "default", &FakeHost::default()).0
    }

    fn account_configured(channel: &str, section: &Value) -> bool {
        look_at(channel, section, "a", &FakeHost::default()).0
    }

    fn by_env(channel: &str, section: &Value, variable: &str) -> bool {
        look_at(channel, section, "default", &FakeHost::default().env(variable, "x")).0
    }

    #[test]
    fn telegram_needs_a_token_or_a_file_with_one() {
        assert!(configured("telegram", &json!({"botToken": secret("t")})));
        assert!(configured("telegram", &json!({"tokenFile": "/missing"})));
        assert!(configured("telegram", &json!({"botToken": secret_ref()})));
        assert!(!configured("telegram", &json!({"botToken": secret(" ")})));
        assert!(by_env("telegram", &json!({}), "TELEGRAM_BOT_TOKEN"));
        assert!(account_configured(
            "telegram",
            &json!({"botToken": secret("t"), "accounts": {"a": {}}})
        ));
        assert!(!account_configured("telegram", &json!({"accounts": {"a": {}}})));
    }

    #[test]
    fn a_bound_telegram_account_has_the_channels_token_only_when_it_is_alone() {
        let bound = |section| look_at("telegram", &section, "bound", &FakeHost::default()).0;
        assert!(bound(json!({"botToken": secret("t")})));
        assert!(!bound(json!({"botToken": secret("t"), "accounts": {"a": {}}})));
    }

    #[test]
    fn a_discord_accounts_own_token_decides() {
        assert!(configured("discord", &json!({"token": secret("t")})));
        assert!(by_env("discord", &json!({}), "DISCORD_BOT_TOKEN"));
        let account = |own: Value| json!({"token": secret("t"), "accounts": {"a": own}});
        assert!(account_configured("discord", &account(json!({}))));
        assert!(!account_configured("discord", &account(json!({"token": secret("")}))));
        assert!(account_configured("discord", &account(json!({"token": secret_ref()}))));
    }

    #[test]
    fn slack_needs_two_secrets_by_mode() {
        let bot = || secret("xoxb");
        assert!(!configured("slack", &json!({"botToken": bot()})));
        assert!(configured("slack", &json!({"botToken": bot(), "appToken": secret("xapp")})));
        assert!(!configured(
            "slack",
            &json!({"mode": "http", "botToken": bot(), "appToken": secret("x")})
        ));
        assert!(configured(
            "slack",
            &json!({"mode": "http", "botToken": bot(), "signingSecret": secret("s")})
        ));
        assert!(by_env("slack", &json!({"botToken": bot()}), "SLACK_APP_TOKEN"));
        let account = json!({"botToken": bot(), "accounts": {"a": {"appToken": secret("x")}}});
        assert!(account_configured("slack", &account));
    }

    #[test]
    fn whatsapp_needs_a_linked_device() {
        let with = |path: &str, size: u64, section: Value, id: &str| {
            let file = Metadata { size, ..file_mode(0o600) };
            look_at("whatsapp", &section, id, &FakeHost::default().file("credentials", path, file))
                .0
        };
        assert!(!configured("whatsapp", &json!({})));
        assert!(configured("whatsapp", &json!({"authDir": "/elsewhere"})));
        assert!(with("whatsapp/default/creds.json", 2, json!({}), "default"));
        assert!(with("creds.json", 2, json!({}), "default"), "the former place");
        assert!(!with("whatsapp/default/creds.json", 1, json!({}), "default"));
        assert!(with("whatsapp/a/creds.json", 9, json!({"accounts": {"a": {}}}), "a"));
        assert!(!with("creds.json", 9, json!({"accounts": {"a": {}}}), "a"));
    }

    #[test]
    fn signal_and_imessage_show_by_their_settings() {
        assert!(!configured("signal", &json!({"dmPolicy": "open"})));
        for section in
            [json!({"account": "+1"}), json!({"httpPort": 1}), json!({"autoStart": false})]
        {
            assert!(configured("signal", &section));
        }
        assert!(!configured("imessage", &json!({"allowFrom": []})));
        for section in
            [json!({"dmPolicy": "open"}), json!({"allowFrom": ["x"]}), json!({"mediaMaxMb": 1})]
        {
            assert!(configured("imessage", &section));
        }
    }

    #[test]
    fn other_channels_need_what_they_log_in_with() {
        let bare = |channel: &str| !configured(channel, &json!({}));
        for (channel, _) in NEEDED {
            assert!(bare(channel), "{channel}");
        }
        assert!(configured(
            "bluebubbles",
            &json!({"serverUrl": "http://x", "password": secret("p")})
        ));
        assert!(configured("googlechat", &json!({"serviceAccount": {"client_email": "x"}})));
        assert!(configured("irc", &json!({"host": "h", "nick": "n"})));
        assert!(!configured("irc", &json!({"host": "h"})));
        assert!(by_env("irc", &json!({"host": "h"}), "IRC_NICK"));
        assert!(configured(
            "line",
            &json!({"channelAccessToken": secret("t"), "secretFile": "/s"})
        ));
        assert!(configured(
            "mattermost",
            &json!({"botToken": secret("t"), "baseUrl": "https://x"})
        ));
        let teams = json!({"appId": "a", "appPassword": secret("p"), "tenantId": "t"});
        assert!(configured("msteams", &teams));
        assert!(configured(
            "nextcloud-talk",
            &json!({"botSecret": secret("s"), "baseUrl": "https://x"})
        ));
        assert!(configured("nostr", &json!({"privateKey": secret("k")})));
        assert!(configured("zalo", &json!({"botToken": secret("t")})));
        assert!(configured("feishu", &json!({"appId": "a", "appSecret": secret_ref()})));
        assert!(configured("synology-chat", &json!({})));
        assert!(configured("zalouser", &json!({})));
        assert!(configured("somebody-elses", &json!({})));
    }

    #[test]
    fn matrix_logs_in_with_a_token_a_password_or_a_stored_login() {
        let home = json!({"homeserver": "https://x"});
        assert!(!configured("matrix", &home.clone()));
        assert!(configured(
            "matrix",
            &json!({"homeserver": "https://x", "accessToken": secret("t")})
        ));
        let password =
            json!({"homeserver": "https://x", "userId": "@u:x", "password": secret("p")});
        assert!(configured("matrix", &password));
        let stored = Metadata { size: 9, ..file_mode(0o600) };
        let host = FakeHost::default().file("credentials", "matrix/credentials.json", stored);
        assert!(look_at("matrix", &home, "default", &host).0);
        assert!(!look_at("matrix", &json!({}), "default", &host).0);
    }

    #[test]
    fn a_reference_without_a_value_is_named() {
        let host = FakeHost::default();
        let unresolved =
            |channel: &str, section: Value| look_at(channel, &section, "default", &host).1;
        let telegram = json!({"botToken": secret_from_unset_env("TOKEN")});
        assert_eq!(unresolved("telegram", telegram), ["channels.telegram.botToken"]);
        let slack = json!({"botToken": secret("t"), "appToken": secret_ref()});
        assert_eq!(unresolved("slack", slack), ["channels.slack.appToken"]);
        assert!(
            unresolved("slack", json!({"appToken": secret_ref()})).is_empty(),
            "not configured anyway"
        );
    }
}
