//! One account of a channel, as the merger of the channel's section and the account's own object.

use chitin_document::{Node, text};

use super::Provider;

/// An account of a channel. What it does not set itself, it has from the channel's section.
#[derive(Debug, Clone)]
pub struct Account<'t> {
    pub(super) channel: &'t str,
    pub(super) provider: &'static Provider,
    pub(super) id: String,
    pub(super) section: Node<'t>,
    pub(super) own: Option<Node<'t>>,
    /// `accounts` has more than one member.
    pub(super) has_siblings: bool,
    /// More than one account is in use, or `accounts` has exactly this id as a key.
    pub(super) is_named: bool,
    /// The one that stands for the channel where no account is given.
    pub(super) is_default: bool,
}

/// A list of senders and where it is.
#[derive(Debug, Clone)]
pub struct AllowList<'t> {
    pub place: Node<'t>,
    /// The elements that count, as written.
    pub entries: Vec<Node<'t>>,
}

impl AllowList<'_> {
    /// The entries as text, trimmed, blanks dropped.
    pub fn texts(&self) -> Vec<String> {
        let texts = self.entries.iter().map(|entry| text::trim(&entry.printed()).to_owned());
        texts.filter(|entry| !entry.is_empty()).collect()
    }
}

impl<'t> Account<'t> {
    pub fn channel(&self) -> &'t str {
        self.channel
    }

    /// What is known of the channel's provider.
    pub fn provider(&self) -> &'static Provider {
        self.provider
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// `channels.<channel>`.
    pub fn section(&self) -> &Node<'t> {
        &self.section
    }

    /// The account's own object, if it has one.
    pub fn own(&self) -> Option<&Node<'t>> {
        self.own.as_ref()
    }

    /// Whether this is the channel's default account.
    pub fn is_default(&self) -> bool {
        self.is_default
    }

    /// Whether a report has to name the account: there are several, or the config writes this one out.
    pub fn is_named(&self) -> bool {
        self.is_named
    }

    /// ` (account: <id>)` where the account has to be named.
    pub fn note(&self) -> String {
        if self.is_named { format!(" (account: {})", self.id) } else { String::new() }
    }

    /// How people write the place of the account's settings, whether or not there is an object.
    pub fn prefix(&self) -> String {
        if self.is_named {
            format!("channels.{}.accounts.{}", self.channel, self.id)
        } else {
            format!("channels.{}", self.channel)
        }
    }

    /// A setting: the account's own, else the channel's. Objects are replaced as a whole, not merged.
    pub fn get(&self, key: &str) -> Node<'t> {
        let own = self.own.as_ref().map(|own| own.get(key)).filter(|own| !own.is_nullish());
        own.filter(|own| !self.is_blank(key, own)).unwrap_or_else(|| self.section.get(key))
    }

    /// An empty object that means "as the channel has it".
    fn is_blank(&self, key: &str, own: &Node<'_>) -> bool {
        self.provider.accounts.inherits_empty.contains(&key)
            && !self.has_siblings
            && own.is_object()
            && !own.has_members()
    }

    /// The first setting of the account that has one of these spellings, else the first of the channel.
    pub fn first_of(&self, spellings: &[&[&str]]) -> Node<'t> {
        let levels = self.own.iter().chain([&self.section]);
        let mut places = levels
            .flat_map(|level| spellings.iter().map(move |keys| level.at(keys.iter().copied())));
        let canonical = || spellings.first().copied().unwrap_or_default();
        places
            .find(|place| !place.is_nullish())
            .unwrap_or_else(|| self.section.at(canonical().iter().copied()))
    }

    /// Who may write to the account directly: `allowFrom`, or `dm.allowFrom` as older versions have it.
    pub fn allow_from(&self) -> AllowList<'t> {
        let place = self.first_of(&[&["allowFrom"], &["dm", "allowFrom"]]);
        let root = self.section.get("allowFrom");
        let entries = place.items();
        if !self.provider.accounts.keeps_channel_list
            || place.pointer() == root.pointer()
            || !entries.iter().any(is_wildcard)
            || !root.items().iter().any(is_person)
        {
            return AllowList { place, entries };
        }
        let people: Vec<Node<'t>> =
            entries.into_iter().filter(|entry| !is_wildcard(entry)).collect();
        if people.is_empty() {
            let entries = root.items();
            return AllowList { place: root, entries };
        }
        AllowList { place, entries: people }
    }

    /// Neither the channel nor the account is turned off. `web_enabled` is `/web/enabled`, which some providers follow.
    pub fn is_enabled(&self, web_enabled: &Node<'_>) -> bool {
        let switched_off = |node: &Node<'_>| node.get("enabled").is_false();
        let web_off = self.provider.accounts.follows_web_switch && web_enabled.is_false();
        !switched_off(&self.section) && !self.own.as_ref().is_some_and(switched_off) && !web_off
    }
}

fn is_wildcard(entry: &Node<'_>) -> bool {
    text::trim(&entry.printed()) == "*"
}

fn is_person(entry: &Node<'_>) -> bool {
    !is_wildcard(entry) && !text::trim(&entry.printed()).is_empty()
}

#[cfg(test)]
mod tests {
    use chitin_document::{Tree, Value};
    use serde_json::json;

    use super::super::{path, sections};
    use super::*;

    fn with<T>(channels: Value, id: &str, look: impl Fn(&Account<'_>) -> T) -> T {
        let channels = Tree::new("/channels", Some(channels));
        let nothing = Tree::new("/bindings", None);
        let host = chitin_sdk::fake::FakeHost::default();
        let channel = sections(&channels.root()).into_iter().next().unwrap();
        let accounts = super::super::accounts(&channel, &nothing.root(), None, &host).unwrap();
        look(accounts.iter().find(|account| account.id() == id).unwrap())
    }

    #[test]
    fn an_account_has_its_own_settings_before_the_channels() {
        let config = json!({"slack": {
            "dmPolicy": "open", "dm": {"policy": "disabled", "x": 1}, "groupPolicy": "open",
            "accounts": {"a": {"groupPolicy": "allowlist", "dm": {"policy": "pairing"}}}
        }});
        let paths = with(config, "a", |account| {
            let policy = account.first_of(&[&["dmPolicy"], &["dm", "policy"]]);
            let plain = ["groupPolicy", "dmPolicy", "dm"].map(|key| account.get(key));
            plain.iter().chain([&policy]).map(path).collect::<Vec<_>>()
        });
        assert_eq!(
            paths,
            [
                "channels.slack.accounts.a.groupPolicy",
                "channels.slack.dmPolicy",
                "channels.slack.accounts.a.dm",
                "channels.slack.accounts.a.dm.policy",
            ]
        );
    }

    #[test]
    fn empty_telegram_groups_are_inherited_by_an_only_account() {
        let groups = |config: Value| with(config, "a", |a| path(&a.get("groups")));
        let only = json!({"telegram": {"groups": {"-1": {}}, "accounts": {"a": {"groups": {}}}}});
        assert_eq!(groups(only), "channels.telegram.groups");
        let two =
            json!({"telegram": {"groups": {"-1": {}}, "accounts": {"a": {"groups": {}}, "b": {}}}});
        assert_eq!(groups(two), "channels.telegram.accounts.a.groups");
    }

    #[test]
    fn a_telegram_account_cannot_widen_the_channels_list() {
        let allowed = |config: Value| with(config, "a", |a| a.allow_from().texts());
        let wide = |root: Value, own: Value| json!({"telegram": {"allowFrom": root, "accounts": {"a": {"allowFrom": own}}}});
        assert_eq!(allowed(wide(json!(["1"]), json!(["*"]))), ["1"]);
        assert_eq!(allowed(wide(json!(["1"]), json!(["*", 2]))), ["2"]);
        assert_eq!(allowed(wide(json!([]), json!(["*"]))), ["*"]);
        let slack = json!({"slack": {"allowFrom": ["1"], "accounts": {"a": {"allowFrom": ["*"]}}}});
        assert_eq!(allowed(slack), ["*"]);
    }

    #[test]
    fn each_switch_turns_an_account_off() {
        let web_on = Tree::new("/web/enabled", None);
        let web_off = Tree::new("/web/enabled", Some(json!(false)));
        let enabled = |config: Value, web: &Tree| with(config, "a", |a| a.is_enabled(&web.root()));
        assert!(enabled(json!({"irc": {"accounts": {"a": {}}}}), &web_off));
        assert!(!enabled(
            json!({"irc": {"enabled": false, "accounts": {"a": {"enabled": true}}}}),
            &web_on
        ));
        assert!(!enabled(json!({"irc": {"accounts": {"a": {"enabled": false}}}}), &web_on));
        assert!(enabled(json!({"irc": {"enabled": "false", "accounts": {"a": {}}}}), &web_on));
        assert!(!enabled(json!({"whatsapp": {"accounts": {"a": {}}}}), &web_off));
    }
}
