//! Signs in the channel settings that more people than the operator reach a gateway.
//!
//! An account is read as OpenClaw runs it: its own settings over those of its channel. Whether a channel is enabled does
//! not matter.

use std::collections::BTreeSet;

use chitin_openclaw::channels::{Origin, provider_of};
use chitin_sdk::Node;

/// Keys that hold the groups of a channel.
const GROUP_TARGETS: [&str; 4] = ["groups", "guilds", "channels", "rooms"];

/// One sign, with the value that it was read from.
#[derive(Debug, Clone)]
pub(crate) struct Signal<'t> {
    pub(crate) text: String,
    pub(crate) node: Node<'t>,
}

/// A channel section, or an account with its channel's settings behind it.
struct Section<'t> {
    own: Node<'t>,
    inherited: Option<Node<'t>>,
    channel: &'t str,
    path: String,
}

/// The signs in config order, each once.
pub(crate) fn of_channels<'t>(channels: &Node<'t>) -> Vec<Signal<'t>> {
    let mut seen = BTreeSet::new();
    sections(channels)
        .iter()
        .flat_map(Section::signals)
        .filter(|signal| seen.insert(signal.text.clone()))
        .collect()
}

fn sections<'t>(channels: &Node<'t>) -> Vec<Section<'t>> {
    let mut sections = Vec::new();
    for (channel, own) in objects(channels) {
        let path = format!("channels.{channel}");
        let accounts: Vec<Section<'t>> = objects(&own.get("accounts"))
            .map(|(id, account)| Section {
                own: account,
                inherited: Some(own.clone()),
                channel,
                path: format!("{path}.accounts.{id}"),
            })
            .collect();
        sections.push(Section { own, inherited: None, channel, path });
        sections.extend(accounts);
    }
    sections
}

fn objects<'t>(node: &Node<'t>) -> impl Iterator<Item = (&'t str, Node<'t>)> {
    node.members().into_iter().filter(|(_, member)| member.is_object())
}

impl<'t> Section<'t> {
    /// A setting: the section's own where it has the key at all, else the inherited one.
    fn get(&self, key: &str) -> Node<'t> {
        let own = self.own.get(key);
        match &self.inherited {
            Some(channel) if own.is_absent() => channel.get(key),
            _ => own,
        }
    }

    fn signals(&self) -> Vec<Signal<'t>> {
        let dm = self.get("dm");
        [
            self.group_policy(),
            self.open("dmPolicy", self.get("dmPolicy")),
            self.wildcard("allowFrom", self.get("allowFrom")),
            self.wildcard("groupAllowFrom", self.get("groupAllowFrom")),
            self.open("dm.policy", dm.get("policy")),
            self.wildcard("dm.allowFrom", dm.get("allowFrom")),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn group_policy(&self) -> Option<Signal<'t>> {
        let policy = self.get("groupPolicy");
        let is_allowlist =
            policy.is("allowlist") || (policy.is_absent() && is_allowlist_by_default(self.channel));
        let has_targets = || GROUP_TARGETS.iter().any(|key| has_members(&self.get(key)));
        if is_allowlist && has_targets() {
            let text =
                format!("{}.groupPolicy=\"allowlist\" with configured group targets", self.path);
            return Some(Signal { text, node: policy });
        }
        self.open("groupPolicy", policy)
    }

    fn open(&self, key: &str, node: Node<'t>) -> Option<Signal<'t>> {
        let text = format!("{}.{key}=\"open\"", self.path);
        node.is("open").then_some(Signal { text, node })
    }

    fn wildcard(&self, key: &str, node: Node<'t>) -> Option<Signal<'t>> {
        let text = format!("{}.{key} includes \"*\"", self.path);
        node.strings().contains(&"*").then_some(Signal { text, node })
    }
}

/// Whether OpenClaw 2026.9.6 loads a channel with `groupPolicy` set to `allowlist` where the config does not say. It knows the
/// defaults of those channels alone that are part of itself.
fn is_allowlist_by_default(channel: &str) -> bool {
    let provider = provider_of(channel);
    provider.origin == Origin::Bundled && provider.groups.is_some()
}

fn has_members(node: &Node<'_>) -> bool {
    node.has_members() || !node.items().is_empty()
}

#[cfg(test)]
mod tests {
    use chitin_sdk::{Tree, Value};
    use serde_json::json;

    use super::*;

    fn texts(channels: Value) -> Vec<String> {
        let tree = Tree::new("/channels", Some(channels));
        of_channels(&tree.root()).into_iter().map(|signal| signal.text).collect()
    }

    #[test]
    fn each_kind_of_sign_is_found_in_order() {
        let channels = json!({"discord": {
            "dm": {"policy": "open", "allowFrom": ["*"]}, "groupAllowFrom": [" * "], "allowFrom": [1, "*"],
            "dmPolicy": "open", "groupPolicy": "open",
        }});
        assert_eq!(
            texts(channels),
            [
                "channels.discord.groupPolicy=\"open\"",
                "channels.discord.dmPolicy=\"open\"",
                "channels.discord.allowFrom includes \"*\"",
                "channels.discord.groupAllowFrom includes \"*\"",
                "channels.discord.dm.policy=\"open\"",
                "channels.discord.dm.allowFrom includes \"*\"",
            ]
        );
    }

    #[test]
    fn an_allowlist_is_a_sign_only_with_groups() {
        let with = |extra: Value| {
            let mut section = json!({"groupPolicy": "allowlist"});
            section.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            texts(json!({"telegram": section}))
        };
        assert!(with(json!({})).is_empty());
        assert!(with(json!({"groups": {}})).is_empty());
        assert!(with(json!({"groups": "x"})).is_empty());
        assert_eq!(
            with(json!({"groups": {"-100": {}}})),
            ["channels.telegram.groupPolicy=\"allowlist\" with configured group targets"]
        );
        for key in ["guilds", "channels", "rooms"] {
            assert_eq!(with(json!({key: {"x": {}}})).len(), 1);
            assert_eq!(with(json!({key: ["x"]})).len(), 1);
        }
    }

    #[test]
    fn groups_without_a_policy_are_a_sign_where_the_policy_is_allowlist_by_default() {
        let section = json!({"groups": {"-100": {}}, "accounts": {"a": {}, "b": {"groupPolicy": "disabled"}}});
        assert!(texts(json!({"discord": section})).is_empty());
        assert_eq!(
            texts(json!({"telegram": section})),
            [
                "channels.telegram.groupPolicy=\"allowlist\" with configured group targets",
                "channels.telegram.accounts.a.groupPolicy=\"allowlist\" with configured group targets",
            ]
        );
        assert!(texts(json!({"telegram": {}})).is_empty());
    }

    #[test]
    fn an_account_has_what_its_channel_has() {
        let inherited = json!({"telegram": {"groupPolicy": "open", "accounts": {"a": {}}}});
        assert_eq!(
            texts(inherited),
            [
                "channels.telegram.groupPolicy=\"open\"",
                "channels.telegram.accounts.a.groupPolicy=\"open\""
            ]
        );
        let own = json!({"telegram": {
            "groupPolicy": "open", "dm": {"policy": "open"},
            "accounts": {"a": {"groupPolicy": "disabled", "dm": {}}, "b": {"groupPolicy": null, "dm": null}},
        }});
        assert_eq!(
            texts(own),
            ["channels.telegram.groupPolicy=\"open\"", "channels.telegram.dm.policy=\"open\""]
        );
        let split = json!({"discord": {"groups": {"x": {}}, "accounts": {"a": {"groupPolicy": "allowlist"}}}});
        assert_eq!(texts(split).len(), 1);
    }

    #[test]
    fn what_is_no_channel_is_no_sign() {
        assert!(texts(json!({"x": "open", "y": ["*"], "z": {"accounts": "open"}})).is_empty());
        assert!(texts(json!({"x": {"allowFrom": ["+1"], "groupPolicy": "Open"}})).is_empty());
        assert!(texts(json!({"x": {"allowFrom": "*"}})).is_empty());
        assert!(texts(json!(null)).is_empty());
    }

    #[test]
    fn a_sign_points_at_the_value_that_it_was_read_from() {
        let tree = Tree::new(
            "/channels",
            Some(json!({"telegram": {"dmPolicy": "open", "accounts": {"a": {}}}})),
        );
        let pointers: Vec<String> = of_channels(&tree.root())
            .iter()
            .map(|signal| signal.node.pointer().to_owned())
            .collect();
        assert_eq!(pointers, ["/channels/telegram/dmPolicy", "/channels/telegram/dmPolicy"]);
    }
}
