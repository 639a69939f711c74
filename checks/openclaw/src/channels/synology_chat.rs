//! Synology Chat.

use chitin_document::{GatewayFacts, Node, Refusal};

use super::accounts::{AccountIds, default_of, is_set, sorted, written_ids};
use super::provider::{AccountRules, DirectMessages, DmDefault, DmKeys, Origin, Provider};
use super::senders::{SenderForm, Senders};
use super::{Channel, DEFAULT_ACCOUNT};

const TOKEN_VARIABLE: &str = "SYNOLOGY_CHAT_TOKEN";

pub(super) static PROVIDER: Provider = Provider {
    accounts: AccountRules { ids: AccountIds::Computed(ids), ..AccountRules::PLAIN },
    more_variables: &[TOKEN_VARIABLE, "SYNOLOGY_CHAT_INCOMING_URL"],
    direct_messages: DirectMessages {
        default: DmDefault::Allowlist,
        keys: DmKeys::UserIds,
        ..DirectMessages::UNKNOWN
    },
    groups: None,
    senders: Senders { prefixes: &[], form: SenderForm::LowerCase },
    ..Provider::named("synology-chat", "Synology Chat", Origin::FormerlyBundled)
};

/// A default account beside the written ones when the channel itself has a token.
fn ids(
    channel: &Channel<'_>,
    _: &Node<'_>,
    _: Option<&str>,
    facts: &dyn GatewayFacts,
) -> Result<(Vec<String>, String), Refusal> {
    let mut ids = written_ids(channel);
    let has_token = channel.section.get("token").is_configured() || is_set(TOKEN_VARIABLE, facts)?;
    if has_token || ids.is_empty() {
        ids.push(DEFAULT_ACCOUNT.to_owned());
    }
    let ids = sorted(ids);
    let default = default_of(channel, &ids);
    Ok((ids, default))
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::FakeHost;
    use serde_json::json;

    use super::super::testing::ids_with;
    use super::*;

    #[test]
    fn the_channels_token_makes_a_default_account() {
        let named = json!({"synology-chat": {"accounts": {"a": {}}}});
        let by_env = FakeHost::default().env(TOKEN_VARIABLE, "t");
        assert_eq!(ids_with(named.clone(), json!([]), None, &by_env), ["default", "a"]);
        assert_eq!(ids_with(named, json!([]), None, &FakeHost::default()), ["a"]);
    }

    #[test]
    fn case_says_nothing() {
        assert_eq!(PROVIDER.senders.normalized("A"), "a");
    }
}
