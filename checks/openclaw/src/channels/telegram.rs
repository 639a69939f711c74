//! Telegram.

use chitin_document::{GatewayFacts, Node, Refusal};

use super::accounts::{AccountIds, default_of, is_set, sorted, written};
use super::credentials::{Credentials, Login, any_variable};
use super::native::NativeCommands;
use super::provider::{
    AccountRules, DirectMessages, Groups, OpenGroups, Origin, Provider, SecretRef, Use,
};
use super::senders::Senders;
use super::{Account, Channel, DEFAULT_ACCOUNT, normalized_account_id};
use crate::roster;

const TOKEN: &str = "botToken";
const TOKEN_FILE: &str = "tokenFile";
const VARIABLE: &str = "TELEGRAM_BOT_TOKEN";

pub(super) static PROVIDER: Provider = Provider {
    accounts: AccountRules {
        ids: AccountIds::Computed(ids),
        inherits_empty: &["groups"],
        keeps_channel_list: true,
        isolates_senders: true,
        ..AccountRules::PLAIN
    },
    login: Login::Computed { find: credentials, variables: &[VARIABLE] },
    secret_refs: &[
        SecretRef::used(TOKEN, Use::Without(TOKEN_FILE)),
        SecretRef::used("webhookSecret", Use::With("webhookUrl")),
    ],
    direct_messages: DirectMessages::PAIRING,
    groups: Some(Groups { open: OpenGroups::Listed("groups"), ..Groups::UNKNOWN }),
    senders: Senders::verbatim(&[&["telegram:", "tg:"]]),
    native_commands: Some(NativeCommands {
        on_by_default: true,
        tokens: &[TOKEN],
        token_files: &[TOKEN_FILE],
        variables: &[VARIABLE],
    }),
    ..Provider::named("telegram", "Telegram", Origin::Bundled)
};

/// The written accounts, those that bindings name, and a default account when the channel itself has a token.
fn ids(
    channel: &Channel<'_>,
    bindings: &Node<'_>,
    owner: Option<&str>,
    facts: &dyn GatewayFacts,
) -> Result<(Vec<String>, String), Refusal> {
    let mut ids: Vec<String> =
        written(channel).iter().map(|(key, _)| normalized_account_id(key)).collect();
    let bound = bound_accounts(bindings);
    ids.extend(bound.iter().map(|bound| bound.account.clone()));
    let has_token = [TOKEN, TOKEN_FILE].iter().any(|key| channel.section.get(key).is_configured())
        || is_set(VARIABLE, facts)?;
    if has_token {
        ids.push(DEFAULT_ACCOUNT.to_owned());
    }
    let ids = sorted(ids);
    let of_owner =
        bound.into_iter().find(|bound| owner.is_some() && owner == bound.agent.as_deref());
    let default = of_owner.map_or_else(|| default_of(channel, &ids), |bound| bound.account);
    Ok((ids, default))
}

/// An account that a binding names.
struct Bound {
    account: String,
    /// Whom its messages go to; none when the binding is not about messages.
    agent: Option<String>,
}

fn bound_accounts(bindings: &Node<'_>) -> Vec<Bound> {
    let of = |binding: &Node<'_>| {
        let matched = binding.get("match");
        matched.get("channel").trimmed().filter(|id| id.eq_ignore_ascii_case("telegram"))?;
        let account = matched.get("accountId").trimmed().filter(|account| *account != "*")?;
        let agent = binding.get("agentId").as_str().unwrap_or_default();
        Some(Bound {
            account: normalized_account_id(account),
            agent: (!binding.get("type").is("acp")).then(|| roster::normalized_id(agent)),
        })
    };
    bindings.items().iter().filter_map(of).collect()
}

/// The account's own token, else the channel's. The channel's token is not for an account that only a binding names,
/// unless there are no other accounts.
fn credentials<'t>(
    account: &Account<'t>,
    facts: &dyn GatewayFacts,
) -> Result<Credentials<'t>, Refusal> {
    let is_default = account.id() == DEFAULT_ACCOUNT;
    let others = account.section().get("accounts").has_members();
    let may_inherit = is_default || account.own().is_some() || !others;
    let levels = account.own().into_iter().chain(may_inherit.then_some(account.section()));
    let mut places = levels.flat_map(|level| [TOKEN_FILE, TOKEN].map(|key| level.get(key)));
    if let Some(place) = places.find(Node::is_configured) {
        return Ok(Credentials::at(place));
    }
    if is_default && any_variable(&[VARIABLE], facts)? {
        return Ok(Credentials::without_secret());
    }
    Ok(Credentials::missing())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, secret, secret_from_unset_env, secret_ref};
    use serde_json::json;

    use super::super::testing::{account_configured, by_env, configured, ids, ids_with, look_at};
    use super::PROVIDER;

    #[test]
    fn it_needs_a_token_or_a_file_with_one() {
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
    fn a_bound_account_has_the_channels_token_only_when_it_is_alone() {
        let bound = |section| look_at("telegram", &section, "bound", &FakeHost::default()).0;
        assert!(bound(json!({"botToken": secret("t")})));
        assert!(!bound(json!({"botToken": secret("t"), "accounts": {"a": {}}})));
    }

    #[test]
    fn a_token_without_a_value_is_named() {
        let section = json!({"botToken": secret_from_unset_env("TOKEN")});
        let found = look_at("telegram", &section, "default", &FakeHost::default());
        assert_eq!(found.1, ["channels.telegram.botToken"]);
    }

    #[test]
    fn telegram_ids_are_normalised() {
        assert_eq!(
            ids(json!({"telegram": {"accounts": {"A": {}, "a ": {}, "B b": {}}}})),
            ["a", "b-b"]
        );
    }

    #[test]
    fn telegram_has_a_default_account_when_the_channel_has_a_token() {
        let channels = json!({"telegram": {"botToken": secret("t"), "accounts": {"a": {}}}});
        assert_eq!(ids(channels), ["default", "a"]);
        let by_env = FakeHost::default().env("TELEGRAM_BOT_TOKEN", "t");
        let channels = json!({"telegram": {"accounts": {"a": {}}}});
        assert_eq!(ids_with(channels.clone(), json!([]), None, &by_env), ["default", "a"]);
        assert_eq!(ids(channels), ["a"]);
    }

    #[test]
    fn telegram_has_the_accounts_that_bindings_name() {
        let channels = json!({"telegram": {"accounts": {"a": {}}}});
        let binding = |agent: &str, account: &str| json!({"agentId": agent, "match": {"channel": "Telegram", "accountId": account}});
        let bindings = json!([
            binding("x", "Work"), binding("main", "z"), binding("main", "*"), binding("main", " "),
            {"type": "acp", "agentId": "main", "match": {"channel": "telegram", "accountId": "q"}},
            {"match": {"channel": "slack", "accountId": "s"}}, 7
        ]);
        let host = FakeHost::default();
        let of = |owner| ids_with(channels.clone(), bindings.clone(), owner, &host);
        assert_eq!(
            of(Some("main")),
            ["z", "a", "q", "work"],
            "the default agent's account is the default one"
        );
        assert_eq!(of(None), ["a", "q", "work", "z"]);
    }

    #[test]
    fn one_person_in_several_spellings() {
        for spelling in ["1", "tg:1", " Telegram:1 "] {
            assert_eq!(PROVIDER.senders.normalized(spelling), "1", "{spelling}");
        }
    }
}
