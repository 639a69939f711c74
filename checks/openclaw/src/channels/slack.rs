//! Slack.

use chitin_document::{GatewayFacts, Refusal};

use super::Account;
use super::credentials::{Credential, Credentials, Login, all, or_variable, setting};
use super::native::NativeCommands;
use super::provider::{
    CHANNELS, DirectMessages, Groups, OpenGroups, Origin, Provider, SecretRef, Use,
};
use super::senders::{Senders, without_prefix};

const PREFIXES: &[&str] = &["slack:", "user:"];
const BOT_VARIABLE: &str = "SLACK_BOT_TOKEN";
const APP_VARIABLE: &str = "SLACK_APP_TOKEN";
const USER_VARIABLE: &str = "SLACK_USER_TOKEN";

pub(super) static PROVIDER: Provider = Provider {
    login: Login::Computed {
        find: credentials,
        variables: &[BOT_VARIABLE, APP_VARIABLE, USER_VARIABLE],
    },
    secret_refs: &[
        SecretRef::used("appToken", Use::When("mode", "socket", "socket")),
        SecretRef::always("botToken"),
        SecretRef::used("relay.authToken", Use::When("mode", "relay", "socket")),
        SecretRef::used("signingSecret", Use::When("mode", "http", "socket")),
        SecretRef::always("userToken"),
    ],
    direct_messages: DirectMessages::PAIRING,
    groups: Some(Groups {
        surface: CHANNELS,
        open: OpenGroups::UnlessDenied("channels"),
        list: "channels",
        ..Groups::UNKNOWN
    }),
    senders: Senders::verbatim(&[PREFIXES]),
    is_mutable_name: Some(is_mutable_name),
    native_commands: Some(NativeCommands {
        on_by_default: false,
        tokens: &["botToken", "appToken"],
        token_files: &[],
        variables: &[BOT_VARIABLE, APP_VARIABLE],
    }),
    ..Provider::named("slack", "Slack", Origin::FormerlyBundled)
};

const BOT: Credential = or_variable(&["botToken"], &[BOT_VARIABLE]);
const USER: Credential = or_variable(&["userToken"], &[USER_VARIABLE]);
const SOCKET: &[Credential] = &[or_variable(&["appToken"], &[APP_VARIABLE])];
const HTTP: &[Credential] = &[setting(&["signingSecret"])];
const RELAY: &[Credential] =
    &[setting(&["relay.url"]), setting(&["relay.authToken"]), setting(&["relay.gatewayId"])];

/// The token that it writes with, and what its transport needs. The default is a socket.
fn credentials<'t>(
    account: &Account<'t>,
    facts: &dyn GatewayFacts,
) -> Result<Credentials<'t>, Refusal> {
    let identity = if account.get("postAs").is("user") { &USER } else { &BOT };
    let transport = match account.get("mode").as_str() {
        Some("http") => HTTP,
        Some("relay") => RELAY,
        _ => SOCKET,
    };
    let mut together = identity.of(account, facts)?;
    let rest = all(account, transport, facts)?;
    if !together.configured || !rest.configured {
        return Ok(Credentials::missing());
    }
    together.unresolved.extend(rest.unresolved);
    Ok(together)
}

/// Neither a mention, nor an id in upper case, nor anything that is long enough for an id.
fn is_mutable_name(entry: &str) -> bool {
    const ANY_CASE: usize = 8;
    let long = |id: &str| id.len() >= ANY_CASE && id.bytes().all(|c| c.is_ascii_alphanumeric());
    let is_mention =
        entry.strip_prefix("<@").and_then(|rest| rest.strip_suffix('>')).is_some_and(long);
    let id = without_prefix(PREFIXES, entry);
    let typed = id.len() > 2
        && id.starts_with(['U', 'W', 'B', 'C', 'G', 'D', 'T'])
        && id.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    !is_mention && !typed && !long(id)
}

#[cfg(test)]
mod tests {
    use chitin_document::Value;
    use chitin_sdk::fake::{FakeHost, secret, secret_ref};
    use serde_json::json;

    use super::super::testing::{account_configured, by_env, configured, look_at};
    use super::*;

    #[test]
    fn it_needs_two_secrets_by_mode() {
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

    // OpenClaw 2026.9.6 has a third transport, "relay", which needs an address, a token and a gateway id.
    #[test]
    fn a_relay_has_an_address_a_token_and_an_id() {
        let relay = json!({"url": "wss://x", "authToken": secret("r"), "gatewayId": "g"});
        let section = json!({"mode": "relay", "botToken": secret("b"), "relay": relay});
        assert!(configured("slack", &section));
        let without = json!({"mode": "relay", "botToken": secret("b"), "appToken": secret("a")});
        assert!(!configured("slack", &without));
    }

    // OpenClaw 2026.9.6 can write as a user, with `postAs: "user"`, and needs no bot token then.
    #[test]
    fn a_user_needs_no_bot_token() {
        let section = json!({"postAs": "user", "userToken": secret("u"), "appToken": secret("a")});
        assert!(configured("slack", &section));
        let bot = json!({"postAs": "user", "botToken": secret("b"), "appToken": secret("a")});
        assert!(!configured("slack", &bot));
        assert!(by_env("slack", &bot, USER_VARIABLE));
    }

    #[test]
    fn a_secret_without_a_value_is_named() {
        let unresolved =
            |section: Value| look_at("slack", &section, "default", &FakeHost::default()).1;
        let socket = json!({"botToken": secret("t"), "appToken": secret_ref()});
        assert_eq!(unresolved(socket), ["channels.slack.appToken"]);
        assert!(unresolved(json!({"appToken": secret_ref()})).is_empty(), "not configured anyway");
    }

    #[test]
    fn ids_are_upper_case_or_long() {
        for id in ["U012AB3CD", "slack:U12", "user:W1A", "abcdefgh", "<@u012ab3cd>"] {
            assert!(!is_mutable_name(id), "{id}");
        }
        for name in ["alice", "U1", "u12", "<@U12>", "X12", "bob smith"] {
            assert!(is_mutable_name(name), "{name}");
        }
    }

    #[test]
    fn one_person_in_several_spellings() {
        for spelling in ["U1", "SLACK:U1", "user:U1"] {
            assert_eq!(PROVIDER.senders.normalized(spelling), "U1", "{spelling}");
        }
    }
}
