//! Route bindings: which one a message of a group selects, by the precedence that OpenClaw routes with.
//!
//! Direct messages are not routed here; their sessions belong to the channels check.

use chitin_openclaw::channels::normalized_account_id;
use chitin_sdk::{Node, Value, text};

/// Which peer a binding matches.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Peer {
    /// Anyone: the binding names no peer.
    Unsaid,
    /// Every group.
    AnyGroup,
    Group(String),
    /// Never selected by a group: a direct message peer, or one that OpenClaw cannot read.
    NoGroup,
}

/// Which accounts of the channel a binding matches.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Account {
    Any,
    /// Without a name, the default account.
    One(String),
}

/// A binding of messages to an agent.
#[derive(Debug, Clone)]
pub(crate) struct Binding<'t> {
    node: Node<'t>,
    channel: String,
    account: Account,
    peer: Peer,
    guild: String,
    team: String,
    roles: Vec<&'t Value>,
}

/// A message of a group. What is absent is something that no binding names.
struct Message<'b> {
    account: Option<&'b str>,
    group: Option<&'b str>,
    guild: &'b str,
    team: &'b str,
    role: Option<&'b Value>,
}

/// The bindings for routes, in config order. Other types of bindings do not route.
pub(crate) fn of_routes<'t>(bindings: &Node<'t>) -> Vec<Binding<'t>> {
    bindings
        .items()
        .into_iter()
        .filter(|node| node.is_object() && !node.get("type").is("acp"))
        .map(Binding::of)
        .collect()
}

impl<'t> Binding<'t> {
    fn of(node: Node<'t>) -> Self {
        let rules = node.get("match");
        let account = rules.get("accountId").trimmed().unwrap_or_default();
        Self {
            channel: rules.get("channel").trimmed().unwrap_or_default().to_lowercase(),
            account: if account == "*" {
                Account::Any
            } else {
                Account::One(normalized_account_id(account))
            },
            peer: Peer::of(&rules.get("peer")),
            guild: id(&rules.get("guildId")),
            team: id(&rules.get("teamId")),
            roles: rules.get("roles").items().iter().map(Node::value).collect(),
            node,
        }
    }

    /// Where the binding is.
    pub(crate) fn node(&self) -> &Node<'t> {
        &self.node
    }

    /// Channel, account, peer, guild, team and roles as written, if present.
    pub(crate) fn described(&self) -> String {
        let rules = self.node.get("match");
        let peer = rules.get("peer");
        let mut parts = vec![rules.get("channel").trimmed().unwrap_or_default().to_owned()];
        let mut add = |name: &str, value: String| {
            if !value.is_empty() {
                parts.push(format!("{name}={value}"));
            }
        };
        add("accountId", id(&rules.get("accountId")));
        if peer.is_object() {
            add("peer", format!("{}:{}", id(&peer.get("kind")), id(&peer.get("id"))));
        }
        add("guild", self.guild.clone());
        add("team", self.team.clone());
        add("roles", rules.get("roles").printed_items().join(","));
        parts.join(" ")
    }

    /// Whether a message of a group can select this binding.
    pub(crate) fn is_effective(&self, all: &[Self]) -> bool {
        if self.channel.is_empty() || self.peer == Peer::NoGroup {
            return false;
        }
        let rivals: Vec<&Self> = all.iter().filter(|other| other.channel == self.channel).collect();
        self.messages().iter().any(|message| {
            // Of equals the first is taken, as `min_by_key` does.
            rivals
                .iter()
                .filter(|other| other.admits(message))
                .min_by_key(|other| other.precedence())
                .is_some_and(|winner| winner.node.pointer() == self.node.pointer())
        })
    }

    /// The messages that match it most exactly: one without a role, or one for each role.
    fn messages(&self) -> Vec<Message<'_>> {
        let with_role = |role: Option<&'t Value>| Message {
            account: match &self.account {
                Account::Any => None,
                Account::One(name) => Some(name),
            },
            group: match &self.peer {
                Peer::Group(id) => Some(id),
                _ => None,
            },
            guild: &self.guild,
            team: &self.team,
            role,
        };
        if self.roles.is_empty() {
            return vec![with_role(None)];
        }
        self.roles.iter().map(|role| with_role(Some(role))).collect()
    }

    fn admits(&self, message: &Message<'_>) -> bool {
        let account = match &self.account {
            Account::Any => true,
            Account::One(name) => message.account == Some(name),
        };
        let peer = match &self.peer {
            Peer::Unsaid | Peer::AnyGroup => true,
            Peer::Group(id) => message.group == Some(id),
            Peer::NoGroup => false,
        };
        account
            && peer
            && (self.guild.is_empty() || self.guild == message.guild)
            && (self.team.is_empty() || self.team == message.team)
            && (self.roles.is_empty()
                || message.role.is_some_and(|role| self.roles.contains(&role)))
    }

    /// The lower one goes first.
    fn precedence(&self) -> u8 {
        match &self.peer {
            Peer::Group(_) => return 0,
            Peer::AnyGroup => return 1,
            Peer::Unsaid | Peer::NoGroup => {}
        }
        match (self.guild.is_empty(), self.roles.is_empty()) {
            (false, false) => 2,
            (false, true) => 3,
            _ if !self.team.is_empty() => 4,
            _ if self.account != Account::Any => 5,
            _ => 6,
        }
    }
}

impl Peer {
    fn of(peer: &Node<'_>) -> Self {
        if !peer.is_truthy() {
            return Self::Unsaid;
        }
        let kind = peer.get("kind").trimmed().unwrap_or_default().to_lowercase();
        let id = id(&peer.get("id"));
        // A group and a channel are the same to a route.
        if !matches!(kind.as_str(), "group" | "channel") || id.is_empty() {
            return Self::NoGroup;
        }
        if id == "*" { Self::AnyGroup } else { Self::Group(id) }
    }
}

/// An id as text: strings and numbers, trimmed; empty for anything else.
fn id(node: &Node<'_>) -> String {
    if node.as_str().is_some() || node.value().is_number() {
        text::trim(&node.printed()).to_owned()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests;
