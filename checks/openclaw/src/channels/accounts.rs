//! Which accounts a channel has, in the order in which OpenClaw looks at them: the default one first.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chitin_document::{GatewayFacts, Node, Refusal, text};

use super::{Account, Channel};
use crate::roster;

/// The account that a channel has when the config names none.
pub const DEFAULT_ACCOUNT: &str = "default";

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
    let (ids, default) = match channel.id {
        "telegram" => telegram(channel, bindings, owner, facts)?,
        "synology-chat" => synology(channel, facts)?,
        _ => {
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

/// The members of `accounts`. Microsoft Teams has a single account and ignores them.
fn written<'t>(channel: &Channel<'t>) -> Vec<(&'t str, Node<'t>)> {
    if channel.id == "msteams" {
        return Vec::new();
    }
    let members = channel.section.get("accounts").members();
    members.into_iter().filter(|(key, _)| !key.is_empty()).collect()
}

fn written_ids(channel: &Channel<'_>) -> Vec<String> {
    written(channel).into_iter().map(|(key, _)| key.to_owned()).collect()
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort_by(|left, right| locale_order(left, right));
    ids.dedup();
    ids
}

/// `defaultAccount` when there is such an account, else `default` when there is, else the first one.
fn default_of(channel: &Channel<'_>, ids: &[String]) -> String {
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

/// Telegram also has the accounts that bindings name, and a default account when the channel itself has a token.
fn telegram(
    channel: &Channel<'_>,
    bindings: &Node<'_>,
    owner: Option<&str>,
    facts: &dyn GatewayFacts,
) -> Result<(Vec<String>, String), Refusal> {
    let mut ids: Vec<String> =
        written(channel).iter().map(|(key, _)| normalized_account_id(key)).collect();
    let bound = bound_accounts(bindings);
    ids.extend(bound.iter().map(|bound| bound.account.clone()));
    let has_token =
        ["botToken", "tokenFile"].iter().any(|key| channel.section.get(key).is_configured())
            || is_set("TELEGRAM_BOT_TOKEN", facts)?;
    if has_token {
        ids.push(DEFAULT_ACCOUNT.to_owned());
    }
    let ids = sorted(ids);
    let of_owner =
        bound.into_iter().find(|bound| owner.is_some() && owner == bound.agent.as_deref());
    let default = of_owner.map_or_else(|| default_of(channel, &ids), |bound| bound.account);
    Ok((ids, default))
}

/// A Telegram account that a binding names.
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

/// Synology Chat has a default account beside the written ones when the channel itself has a token.
fn synology(
    channel: &Channel<'_>,
    facts: &dyn GatewayFacts,
) -> Result<(Vec<String>, String), Refusal> {
    let mut ids = written_ids(channel);
    let has_token =
        channel.section.get("token").is_configured() || is_set("SYNOLOGY_CHAT_TOKEN", facts)?;
    if has_token || ids.is_empty() {
        ids.push(DEFAULT_ACCOUNT.to_owned());
    }
    let ids = sorted(ids);
    let default = default_of(channel, &ids);
    Ok((ids, default))
}

/// A variable of which nothing is known is taken for unset: the config's accounts are there all the same.
fn is_set(variable: &str, facts: &dyn GatewayFacts) -> Result<bool, Refusal> {
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
    use chitin_sdk::fake::{FakeHost, secret};
    use serde_json::json;

    use super::super::sections;
    use super::*;

    fn ids_with(
        channels: Value,
        bindings: Value,
        owner: Option<&str>,
        host: &FakeHost,
    ) -> Vec<String> {
        let channels = Tree::new("/channels", Some(channels));
        let bindings = Tree::new("/bindings", Some(bindings));
        let channel = sections(&channels.root()).into_iter().next().unwrap();
        let accounts = accounts(&channel, &bindings.root(), owner, host).unwrap();
        accounts.into_iter().map(|account| account.id).collect()
    }

    fn ids(channels: Value) -> Vec<String> {
        ids_with(channels, json!([]), Some("main"), &FakeHost::default())
    }

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
    fn microsoft_teams_has_one_account() {
        assert_eq!(ids(json!({"msteams": {"accounts": {"a": {}}}})), ["default"]);
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
