//! Which plugins the config lets load, and which ids OpenClaw knows without an installation.
//!
//! Only the `plugins` section is read here. What is installed on disk is looked at by the plugins check.

mod bundled;

use std::collections::{BTreeMap, BTreeSet};

use chitin_document::{Node, text};

use crate::channels::PROVIDERS;

/// The `plugins` section as a question: may this id load?
#[derive(Debug, Clone)]
pub struct LoadPolicy {
    enabled: bool,
    allow: BTreeSet<String>,
    deny: BTreeSet<String>,
    entries: BTreeMap<String, bool>,
}

impl LoadPolicy {
    /// Reads the `plugins` section; an absent one lets everything load.
    pub fn read(plugins: &Node<'_>) -> Self {
        Self {
            enabled: !plugins.get("enabled").is_false(),
            allow: ids(&plugins.get("allow")),
            deny: ids(&plugins.get("deny")),
            entries: switches(&plugins.get("entries")),
        }
    }

    /// Whether the switch, the deny list, the allow list and the plugin's own entry all let the id load.
    pub fn admits(&self, id: &str) -> bool {
        let id = canonical(id);
        self.enabled
            && !id.is_empty()
            && !self.deny.contains(&id)
            && (self.allow.is_empty() || self.allow.contains(&id))
            && self.entries.get(&id) != Some(&false)
    }
}

/// A plugin id as OpenClaw compares it.
pub fn canonical(id: &str) -> String {
    text::trim(id).to_lowercase()
}

/// Whether the agent can drive a browser: the `browser` section does not say no and the `browser` plugin may load.
pub fn browser_enabled(browser: &Node<'_>, plugins: &Node<'_>) -> bool {
    !browser.get("enabled").is_false() && LoadPolicy::read(plugins).admits("browser")
}

/// Whether an id belongs to a plugin that OpenClaw ships or shipped, or is another name of one.
pub fn is_bundled(id: &str) -> bool {
    let id = canonical(id);
    let is_listed =
        [bundled::IDS, bundled::ALIASES].iter().any(|ids| ids.binary_search(&id.as_str()).is_ok());
    is_listed
        || PROVIDERS
            .iter()
            .filter(|provider| provider.origin.is_shipped())
            .any(|provider| provider.id == id || provider.aliases.contains(&id.as_str()))
}

fn ids(list: &Node<'_>) -> BTreeSet<String> {
    list.strings().into_iter().map(canonical).collect()
}

/// What each entry says about itself; of two spellings of an id the later one that says anything counts.
fn switches(entries: &Node<'_>) -> BTreeMap<String, bool> {
    entries
        .members()
        .into_iter()
        .filter_map(|(id, entry)| Some((canonical(id), entry.get("enabled").value().as_bool()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use chitin_document::{Tree, Value};
    use serde_json::json;

    use super::*;

    fn admits(plugins: Value, id: &str) -> bool {
        LoadPolicy::read(&Tree::new("/plugins", Some(plugins)).root()).admits(id)
    }

    fn browser(browser: Value, plugins: Value) -> bool {
        let browser = Tree::new("/browser", Some(browser));
        let plugins = Tree::new("/plugins", Some(plugins));
        browser_enabled(&browser.root(), &plugins.root())
    }

    #[test]
    fn everything_may_load_by_default() {
        let absent = Tree::new("/plugins", None);
        assert!(LoadPolicy::read(&absent.root()).admits("any"));
        assert!(admits(json!({}), "any"));
        assert!(admits(json!({"allow": "any", "deny": {"any": 1}, "entries": []}), "any"));
        assert!(admits(json!({"enabled": "false"}), "any"));
    }

    #[test]
    fn each_of_the_four_settings_can_keep_a_plugin_out() {
        assert!(!admits(json!({"enabled": false}), "p"));
        assert!(!admits(json!({"deny": [" P "]}), "p"));
        assert!(!admits(json!({"allow": ["other"]}), "p"));
        assert!(!admits(json!({"entries": {" P ": {"enabled": false}}}), "p"));
        assert!(!admits(json!({}), "  "));
    }

    #[test]
    fn an_allow_list_of_blanks_does_not_count() {
        assert!(admits(json!({"allow": ["", "  ", 7]}), "p"));
        assert!(admits(json!({"allow": ["Some-Plugin"]}), "some-plugin "));
    }

    #[test]
    fn deny_wins_over_allow() {
        assert!(!admits(json!({"allow": ["p"], "deny": ["p"]}), "p"));
    }

    #[test]
    fn an_entry_counts_only_when_it_says_something() {
        assert!(admits(json!({"entries": {"p": {"enabled": "false"}, "q": false}}), "p"));
        assert!(!admits(json!({"entries": {"p": {"enabled": false}, "P": {}}}), "p"));
        assert!(admits(json!({"entries": {"p": {"enabled": false}, "P": {"enabled": true}}}), "p"));
    }

    #[test]
    fn the_browser_needs_its_section_and_its_plugin() {
        assert!(browser(json!({}), json!({})));
        assert!(browser(json!({"enabled": "no"}), json!({"allow": ["Browser"]})));
        assert!(!browser(json!({"enabled": false}), json!({})));
        assert!(!browser(json!({}), json!({"enabled": false})));
        assert!(!browser(json!({}), json!({"deny": ["browser"]})));
        assert!(!browser(json!({}), json!({"allow": ["telegram"]})));
        assert!(!browser(json!({}), json!({"entries": {"browser": {"enabled": false}}})));
    }

    #[test]
    fn bundled_names_are_sorted_and_found() {
        for names in [bundled::IDS, bundled::ALIASES] {
            assert!(names.is_sorted());
        }
        for id in ["memory-core", "Discord", " a2a", "zalouser", "claude-cli", "lark", "zlu"] {
            assert!(is_bundled(id), "{id}");
        }
        // SMS and QQ Bot have always been plugins to install.
        for id in ["ghost", "", "group:plugins", "memory", "sms", "qqbot"] {
            assert!(!is_bundled(id), "{id}");
        }
    }
}
