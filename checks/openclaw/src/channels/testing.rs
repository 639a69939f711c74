//! What the tests of the providers share.

use chitin_document::{Tree, Value};
use chitin_sdk::fake::FakeHost;
use serde_json::json;

use super::{Channel, accounts, credentials, path, sections};

/// Whether an account of a channel is configured, and the paths of its secrets without a value. A binding names the
/// Telegram account `bound`.
pub(super) fn look_at(
    channel: &str,
    section: &Value,
    id: &str,
    host: &FakeHost,
) -> (bool, Vec<String>) {
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

/// Whether the default account is configured by its section.
pub(super) fn configured(channel: &str, section: &Value) -> bool {
    look_at(channel, section, "default", &FakeHost::default()).0
}

/// Whether the account `a` is configured by the section.
pub(super) fn account_configured(channel: &str, section: &Value) -> bool {
    look_at(channel, section, "a", &FakeHost::default()).0
}

/// Whether the default account is configured once a variable is set.
pub(super) fn by_env(channel: &str, section: &Value, variable: &str) -> bool {
    look_at(channel, section, "default", &FakeHost::default().env(variable, "x")).0
}

/// The ids of the accounts of the only channel of a config.
pub(super) fn ids_with(
    channels: Value,
    bindings: Value,
    owner: Option<&str>,
    host: &FakeHost,
) -> Vec<String> {
    let channels = Tree::new("/channels", Some(channels));
    let bindings = Tree::new("/bindings", Some(bindings));
    let channel: Channel<'_> = sections(&channels.root()).into_iter().next().unwrap();
    let accounts = accounts(&channel, &bindings.root(), owner, host).unwrap();
    accounts.into_iter().map(|account| account.id().to_owned()).collect()
}

/// The same without bindings and variables.
pub(super) fn ids(channels: Value) -> Vec<String> {
    ids_with(channels, json!([]), Some("main"), &FakeHost::default())
}
