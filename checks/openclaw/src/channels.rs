//! Channels: their sections in the config, the accounts of each, what an account inherits, and whether it runs.
//!
//! What is safe or not about a channel is the business of the channels check; nothing here judges.

mod account;
mod accounts;
mod credentials;
mod labels;
mod native;

pub use account::{Account, AllowList};
pub use accounts::{DEFAULT_ACCOUNT, accounts, locale_order, normalized_account_id};
pub use credentials::{Credentials, credentials};
pub use labels::label;
pub use native::{Native, native_skills_exposed};

use chitin_document::Node;

/// Keys under `channels` that hold settings for all channels.
const NO_CHANNELS: [&str; 2] = ["defaults", "modelByChannel"];

/// A channel that the config has a section for.
#[derive(Debug, Clone)]
pub struct Channel<'t> {
    /// The key as written.
    pub id: &'t str,
    /// `channels.<id>`, always an object.
    pub section: Node<'t>,
}

/// The channels of `/channels` in config order.
pub fn sections<'t>(channels: &Node<'t>) -> Vec<Channel<'t>> {
    channels
        .members()
        .into_iter()
        .filter(|(id, section)| !NO_CHANNELS.contains(id) && section.is_object())
        .map(|(id, section)| Channel { id, section })
        .collect()
}

/// The place of a value as people write it: `channels.telegram.allowFrom`.
pub fn path(node: &Node<'_>) -> String {
    let keys = node.pointer().split('/').skip(1);
    keys.map(|key| key.replace("~1", "/").replace("~0", "~")).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use chitin_document::Tree;
    use serde_json::json;

    use super::*;

    #[test]
    fn only_objects_that_name_a_channel_are_channels() {
        let tree = Tree::new(
            "/channels",
            Some(json!({
                "slack": {}, "defaults": {"groupPolicy": "open"}, "modelByChannel": {}, "irc": true, "discord": {}
            })),
        );
        let ids: Vec<&str> = sections(&tree.root()).iter().map(|channel| channel.id).collect();
        assert_eq!(ids, ["slack", "discord"]);
    }

    #[test]
    fn a_path_is_dotted_and_unescaped() {
        let tree = Tree::new("/channels", Some(json!({"a/b": {"c~d": 1}})));
        assert_eq!(path(&tree.at(["a/b", "c~d"])), "channels.a/b.c~d");
    }
}
