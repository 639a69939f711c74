//! Discord.

use chitin_document::{GatewayFacts, Refusal, text};

use super::Account;
use super::credentials::{Credentials, Login, or_variable};
use super::native::NativeCommands;
use super::provider::{DirectMessages, Groups, OpenGroups, Origin, Provider, SecretRef, Surface};
use super::senders::{SenderForm, Senders, mentioned};

const TOKEN: &str = "token";
const VARIABLES: &[&str] = &["DISCORD_BOT_TOKEN"];

pub(super) static PROVIDER: Provider = Provider {
    login: Login::Computed { find: credentials, variables: VARIABLES },
    secret_refs: &[
        SecretRef::always("pluralkit.token"),
        SecretRef::always(TOKEN),
        SecretRef::always("voice.realtime.providers.*.apiKey"),
        SecretRef::always("voice.tts.personas.*.providers.*.apiKey"),
        SecretRef::always("voice.tts.providers.*.apiKey"),
    ],
    direct_messages: DirectMessages::PAIRING,
    groups: Some(Groups {
        surface: Surface { one: "server", many: "servers" },
        open: OpenGroups::UnlessDenied("guilds"),
        list: "guilds",
        ..Groups::UNKNOWN
    }),
    senders: Senders { prefixes: &[&["discord:", "user:"]], form: SenderForm::Mention },
    is_mutable_name: Some(is_mutable_name),
    native_commands: Some(NativeCommands {
        on_by_default: true,
        tokens: &[TOKEN],
        token_files: &[],
        variables: VARIABLES,
    }),
    ..Provider::named("discord", "Discord", Origin::FormerlyBundled)
};

/// A `token` key of the account decides, even when it is blank.
fn credentials<'t>(
    account: &Account<'t>,
    facts: &dyn GatewayFacts,
) -> Result<Credentials<'t>, Refusal> {
    let own = account.own().map(|own| own.get(TOKEN)).filter(|token| !token.is_absent());
    match own {
        Some(token) if token.is_configured() => Ok(Credentials::at(token)),
        Some(_) => Ok(Credentials::missing()),
        None => or_variable(&[TOKEN], VARIABLES).of(account, facts),
    }
}

/// The prefixes of ids count only in lower case and with something behind them.
fn is_mutable_name(entry: &str) -> bool {
    let entry = text::trim(entry);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    let has_prefix = ["discord:", "user:", "pk:"]
        .iter()
        .any(|prefix| entry.strip_prefix(prefix).is_some_and(|rest| !text::trim(rest).is_empty()));
    !entry.is_empty()
        && entry != "*"
        && !is_number(entry)
        && !mentioned(entry).is_some_and(is_number)
        && !has_prefix
}

#[cfg(test)]
mod tests {
    use chitin_document::Value;
    use chitin_sdk::fake::{secret, secret_ref};
    use serde_json::json;

    use super::super::testing::{account_configured, by_env, configured};
    use super::*;

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
    fn a_mention_is_the_id() {
        for spelling in ["user:7", "<@7>", "<@!7>", "discord:7"] {
            assert_eq!(PROVIDER.senders.normalized(spelling), "7", "{spelling}");
        }
    }

    #[test]
    fn ids_and_mentions_are_not_names() {
        for id in ["123", "<@123>", "<@!123>", "user:alice", "discord:7", "pk:x", "*", " "] {
            assert!(!is_mutable_name(id), "{id}");
        }
        for name in ["alice", "user:", "User:alice", "bob#1234", "<@bob>", "<@>", "12a"] {
            assert!(is_mutable_name(name), "{name}");
        }
    }
}
