//! Which accounts a channel has, in the order in which OpenClaw looks at them: the default one first.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chitin_document::{GatewayFacts, Node, Refusal, text};

use super::{Account, Channel, provider_of};
use crate::roster;

/// The account that a channel has when the config names none.
pub const DEFAULT_ACCOUNT: &str = "default";

/// Computes the ids of a channel's accounts and which one is the default. The arguments are those of
/// [`accounts`].
pub(super) type FindIds = fn(
    &super::Channel<'_>,
    &Node<'_>,
    Option<&str>,
    &dyn GatewayFacts,
) -> Result<(Vec<String>, String), Refusal>;

/// Which accounts a provider has.
#[derive(Debug, Clone, Copy)]
pub enum AccountIds {
    /// The members of `accounts`, or a default one.
    Written,
    /// One, whatever is written.
    Single,
    Computed(FindIds),
}

/// The accounts of a channel, the default one first, then by name.
///
/// `bindings` is `/bindings`; `owner` is the default agent, if there is one. Both matter for Telegram only, which also
/// needs the fact `environment:TELEGRAM_BOT_TOKEN`; Synology Chat needs `environment:SYNOLOGY_CHAT_TOKEN`.
pub fn accounts<'t>(
    channel: &Channel<'t>,
    bindings: &Node<'_>,
    owner: Option<&str>,
    facts: &dyn GatewayFacts,
) -> Result<Vec<Account<'t>>, Refusal> {
    let provider = provider_of(channel.id);
    let (ids, default) = match provider.accounts.ids {
        AccountIds::Computed(find) => find(channel, bindings, owner, facts)?,
        AccountIds::Written | AccountIds::Single => {
            let ids = sorted(written_ids(channel));
            let default = default_of(channel, &ids);
            (ids, default)
        }
    };
    let others = ids.into_iter().filter(|id| *id != default);
    let ordered: Vec<String> = std::iter::once(default.clone()).chain(others).collect();
    let several = ordered.len() > 1;
    let register = Register::of(channel);
    let account = |id: String| Account {
        channel: channel.id,
        provider,
        section: channel.section.clone(),
        own: register.find(&id).filter(Node::is_object),
        has_siblings: register.by_key.len() > 1,
        is_named: several || register.by_key.contains_key(id.as_str()),
        is_default: id == default,
        id,
    };
    Ok(ordered.into_iter().map(account).collect())
}

/// The members of `accounts`, to be found by their ids.
struct Register<'t> {
    by_key: BTreeMap<&'t str, Node<'t>>,
    /// The first one of each meaning.
    by_meaning: BTreeMap<String, Node<'t>>,
}

impl<'t> Register<'t> {
    fn of(channel: &Channel<'t>) -> Self {
        let written = written(channel);
        let mut by_meaning = BTreeMap::new();
        for (key, account) in &written {
            by_meaning.entry(normalized_account_id(key)).or_insert_with(|| account.clone());
        }
        Self { by_key: written.into_iter().collect(), by_meaning }
    }

    /// What the config has for an account: under its very id, else under a key that means the same.
    fn find(&self, id: &str) -> Option<Node<'t>> {
        let same = || self.by_meaning.get(&normalized_account_id(id));
        self.by_key.get(id).or_else(same).cloned()
    }
}

/// The members of `accounts`; none for a provider with a single account, which ignores them.
pub(super) fn written<'t>(channel: &Channel<'t>) -> Vec<(&'t str, Node<'t>)> {
    if matches!(provider_of(channel.id).accounts.ids, AccountIds::Single) {
        return Vec::new();
    }
    let members = channel.section.get("accounts").members();
    members.into_iter().filter(|(key, _)| !key.is_empty()).collect()
}

pub(super) fn written_ids(channel: &Channel<'_>) -> Vec<String> {
    written(channel).into_iter().map(|(key, _)| key.to_owned()).collect()
}

pub(super) fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort_by(|left, right| locale_order(left, right));
    ids.dedup();
    ids
}

/// `defaultAccount` when there is such an account, else `default` when there is, else the first one.
pub(super) fn default_of(channel: &Channel<'_>, ids: &[String]) -> String {
    let preferred = channel.section.get("defaultAccount").trimmed().map(normalized_account_id);
    let chosen = preferred
        .filter(|wanted| ids.iter().any(|id| normalized_account_id(id) == *wanted))
        .map(|wanted| {
            let same = ids.iter().find(|id| normalized_account_id(id) == wanted);
            same.cloned().unwrap_or(wanted)
        });
    let standard = || ids.iter().find(|id| *id == DEFAULT_ACCOUNT).or_else(|| ids.first()).cloned();
    chosen.or_else(standard).unwrap_or_else(|| DEFAULT_ACCOUNT.to_owned())
}

/// A variable of which nothing is known is taken for unset: the config's accounts are there all the same.
pub(super) fn is_set(variable: &str, facts: &dyn GatewayFacts) -> Result<bool, Refusal> {
    match facts.environment(variable) {
        Ok(value) => Ok(value.is_some()),
        Err(refusal @ Refusal::NotGranted(_)) => Err(refusal),
        Err(_) => Ok(false),
    }
}

/// An account id as OpenClaw compares it; `default` when nothing is left of it.
pub fn normalized_account_id(id: &str) -> String {
    let lower = text::trim(id).to_lowercase();
    if !lower.chars().any(|c| c.is_ascii_alphanumeric() || c == '_') {
        return DEFAULT_ACCOUNT.to_owned();
    }
    roster::normalized_id(id)
}

/// The order in which a dictionary would have them: punctuation, digits, letters, whatever their case.
///
/// OpenClaw sorts ids with the locale's rules; this is the same for the characters that ids are made of.
pub fn locale_order(left: &str, right: &str) -> Ordering {
    let weights = |text: &str| -> Vec<(u8, char)> {
        text.chars().flat_map(char::to_lowercase).map(|c| (weight(c), c)).collect()
    };
    weights(left).cmp(&weights(right)).then_with(|| right.cmp(left))
}

fn weight(c: char) -> u8 {
    match c {
        '_' => 0,
        '-' => 1,
        ':' => 2,
        _ if c.is_alphabetic() => 5,
        _ if c.is_numeric() => 4,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use chitin_document::{Tree, Value};
    use chitin_sdk::fake::FakeHost;
    use serde_json::json;

    use super::super::sections;
    use super::super::testing::ids;
    use super::*;

    #[test]
    fn a_channel_without_accounts_has_the_default_one() {
        assert_eq!(ids(json!({"slack": {}})), ["default"]);
        assert_eq!(ids(json!({"slack": {"accounts": {"": {}}}})), ["default"]);
        assert_eq!(ids(json!({"slack": {"accounts": [1]}})), ["default"]);
    }

    #[test]
    fn the_default_account_comes_first() {
        let slack = |more: Value| {
            let mut section = json!({"accounts": {"b": {}, "A": {}, "default": {}}});
            section.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            ids(json!({"slack": section}))
        };
        assert_eq!(slack(json!({})), ["default", "A", "b"]);
        assert_eq!(slack(json!({"defaultAccount": " B "})), ["b", "A", "default"]);
        assert_eq!(slack(json!({"defaultAccount": "x"})), ["default", "A", "b"]);
        assert_eq!(ids(json!({"slack": {"accounts": {"z": {}, "y": {}}}})), ["y", "z"]);
    }

    #[test]
    fn an_account_is_found_under_another_spelling() {
        let channels =
            Tree::new("/channels", Some(json!({"telegram": {"accounts": {"My Bot": {"x": 1}}}})));
        let channel = sections(&channels.root()).into_iter().next().unwrap();
        let bindings = Tree::new("/bindings", None);
        let found = accounts(&channel, &bindings.root(), None, &FakeHost::default()).unwrap();
        assert_eq!(found[0].id(), "my-bot");
        assert!(found[0].own().is_some() && !found[0].is_named());
    }

    #[test]
    fn an_id_of_no_characters_is_the_default() {
        assert_eq!(normalized_account_id(" -- "), "default");
        assert_eq!(normalized_account_id("Main"), "main");
        assert_eq!(normalized_account_id("a b"), "a-b");
    }

    #[test]
    fn order_is_that_of_a_dictionary() {
        let mut words = ["b", "A", "a1", "a-b", "1", "a_b", "a", "B"];
        words.sort_by(|left, right| locale_order(left, right));
        assert_eq!(words, ["1", "a", "A", "a_b", "a-b", "a1", "b", "B"]);
    }
}
