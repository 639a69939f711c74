//! Where a config lets anyone in: group and direct message policies that are `open`. Only what is written counts:
//! whether the channel is enabled or has credentials does not matter here.

use std::collections::BTreeMap;

use chitin_document::Node;

/// A policy that is exactly `open`.
#[derive(Debug, Clone)]
pub struct OpenPolicy<'t> {
    /// As an operator writes it: `channels.telegram.groupPolicy`.
    pub path: String,
    pub node: Node<'t>,
}

/// The open policies of the channel sections and their accounts, in config order, as the exposure rules count them.
///
/// Accounts do not inherit here. `dm.policy` counts where there is no `dmPolicy`.
pub fn inbound<'t>(channels: &Node<'t>) -> Vec<OpenPolicy<'t>> {
    let mut found = Vec::new();
    for (channel, section) in channels.members() {
        let path = format!("channels.{channel}");
        found.extend(of_section(&section, &path));
        for (account, section) in section.get("accounts").members() {
            found.extend(of_section(&section, &format!("{path}.accounts.{account}")));
        }
    }
    found
}

fn of_section<'t>(section: &Node<'t>, path: &str) -> Vec<OpenPolicy<'t>> {
    let group = section.get("groupPolicy");
    let dm = section.get("dmPolicy");
    let (key, dm) = if dm.is_nullish() {
        ("dm.policy", section.at(["dm", "policy"]))
    } else {
        ("dmPolicy", dm)
    };
    [("groupPolicy", group), (key, dm)]
        .into_iter()
        .filter(|(_, node)| node.is("open"))
        .map(|(key, node)| OpenPolicy { path: format!("{path}.{key}"), node })
        .collect()
}

/// The open policies at any depth below a channel, sorted by path, as the exec rules count them.
///
/// Groups, topics and guild channels count; `dm.policy` and anything inside a list does not.
pub fn surfaces<'t>(channels: &Node<'t>) -> Vec<OpenPolicy<'t>> {
    let mut found = BTreeMap::new();
    let mut waiting: Vec<(String, Node<'t>)> = channels
        .members()
        .into_iter()
        .map(|(channel, section)| (format!("channels.{channel}"), section))
        .collect();
    while let Some((path, object)) = waiting.pop() {
        for (key, node) in object.members() {
            let path = format!("{path}.{key}");
            if matches!(key, "groupPolicy" | "dmPolicy") && node.is("open") {
                found.insert(path, node);
            } else if node.is_object() {
                waiting.push((path, node));
            }
        }
    }
    found.into_iter().map(|(path, node)| OpenPolicy { path, node }).collect()
}

#[cfg(test)]
mod tests {
    use chitin_document::{Tree, Value};
    use serde_json::json;

    use super::*;

    fn paths(channels: Value, list: for<'t> fn(&Node<'t>) -> Vec<OpenPolicy<'t>>) -> Vec<String> {
        let tree = Tree::new("/channels", Some(channels));
        let found = list(&tree.root());
        for policy in &found {
            assert_eq!(policy.node.pointer(), format!("/{}", policy.path.replace('.', "/")));
        }
        found.into_iter().map(|policy| policy.path).collect()
    }

    #[test]
    fn sections_and_accounts_are_listed_in_config_order() {
        let channels = json!({
            "telegram": {"dmPolicy": "open", "accounts": {"b": {"dm": {"policy": "open"}}, "a": {"groupPolicy": "open"}},
                         "groupPolicy": "open"},
            "defaults": {"groupPolicy": "open"},
        });
        assert_eq!(
            paths(channels, inbound),
            [
                "channels.telegram.groupPolicy",
                "channels.telegram.dmPolicy",
                "channels.telegram.accounts.b.dm.policy",
                "channels.telegram.accounts.a.groupPolicy",
                "channels.defaults.groupPolicy",
            ]
        );
    }

    #[test]
    fn a_direct_message_policy_hides_the_old_one() {
        for (policy, expected) in
            [(json!("pairing"), 0), (json!("open"), 1), (json!(null), 1), (json!(5), 0)]
        {
            let channels = json!({"slack": {"dmPolicy": policy, "dm": {"policy": "open"}}});
            assert_eq!(paths(channels, inbound).len(), expected, "{policy}");
        }
    }

    #[test]
    fn only_the_exact_word_is_open() {
        for policy in [json!("Open"), json!(" open"), json!(true), json!(["open"]), json!(null)] {
            let channels = json!({"x": {"groupPolicy": policy, "dmPolicy": policy}});
            assert!(paths(channels.clone(), inbound).is_empty(), "{policy}");
            assert!(paths(channels, surfaces).is_empty(), "{policy}");
        }
        assert!(paths(json!("open"), inbound).is_empty());
        assert!(paths(json!({"x": "open", "y": [{"groupPolicy": "open"}]}), inbound).is_empty());
    }

    #[test]
    fn surfaces_are_found_at_any_depth_and_sorted() {
        let channels = json!({
            "telegram": {"groups": {"x": {"topics": {"1": {"groupPolicy": "open"}}}}, "dmPolicy": "open"},
            "discord": {"dm": {"policy": "open"}, "guilds": {"g": {"dmPolicy": "open"}}},
            "defaults": {"groupPolicy": "open"},
            "slack": {"accounts": [{"groupPolicy": "open"}]},
        });
        assert_eq!(
            paths(channels, surfaces),
            [
                "channels.defaults.groupPolicy",
                "channels.discord.guilds.g.dmPolicy",
                "channels.telegram.dmPolicy",
                "channels.telegram.groups.x.topics.1.groupPolicy",
            ]
        );
    }
}
