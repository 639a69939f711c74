//! Which agent and which session a direct message goes to, by the bindings of the config.
//!
//! Only what can hold for a direct message is kept: bindings to groups, servers, teams or roles never match one.

use chitin_openclaw::channels::normalized_account_id;
use chitin_openclaw::roster::{IMPLICIT_AGENT, Roster, normalized_id};
use chitin_sdk::{Node, text};

/// How far a session of direct messages reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// One session for all senders.
    Main,
    Peer,
    ChannelPeer,
    AccountChannelPeer,
}

impl Scope {
    fn of(word: Option<&str>) -> Self {
        match word {
            Some("per-peer") => Self::Peer,
            Some("per-channel-peer") => Self::ChannelPeer,
            Some("per-account-channel-peer") => Self::AccountChannelPeer,
            _ => Self::Main,
        }
    }
}

/// Which direct messages of its channel and account a binding is for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Peer {
    One(String),
    /// Explicitly any sender.
    Any,
    /// Not set.
    Unsaid,
}

#[derive(Debug, Clone)]
struct Binding<'t> {
    channel: String,
    /// None for every account.
    account: Option<String>,
    peer: Peer,
    agent: &'t str,
    scope: Option<&'t str>,
}

/// Where a direct message goes.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    /// The agent's id, or why no agent is found.
    pub(crate) agent: Result<String, NoOwner>,
    pub(crate) scope: Scope,
    /// No binding matched.
    pub(crate) by_default: bool,
}

/// Why no agent owns a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoOwner {
    /// Several agents, and none of them is the default.
    NoDefault,
    /// The same, and the binding that matches names no agent either.
    Unsaid,
    /// The binding that matches names an agent that does not exist.
    Unknown(String),
}

/// The bindings and agents of a config.
#[derive(Debug)]
pub(crate) struct Routing<'t> {
    bindings: Vec<Binding<'t>>,
    /// The ids of all agents in the config.
    agents: Vec<String>,
    default_agent: Option<String>,
    default_scope: Option<&'t str>,
}

impl<'t> Routing<'t> {
    /// `bindings` is `/bindings`, `agents` is `/agents`, `session` is `/session`.
    pub(crate) fn of(bindings: &Node<'t>, agents: &Node<'t>, session: &Node<'t>) -> Self {
        let roster = Roster::of(agents);
        let appointed = agents.at(["defaults", "systemAgent", "agentId"]).trimmed();
        let appointed = appointed
            .filter(|_| agents.get("ownership").is("explicit"))
            .map(normalized_id)
            .filter(|agent| roster.ids().contains(agent));
        Self {
            bindings: bindings.items().iter().filter_map(Binding::of).collect(),
            default_agent: appointed.or_else(|| roster.default_agent()),
            default_scope: session.get("dmScope").as_str(),
            agents: roster.agents().map(|agent| normalized_id(agent.id())).collect(),
        }
    }

    /// The route of a sender, or of an unknown sender if none is given.
    pub(crate) fn route(&self, channel: &str, account: &str, sender: Option<&str>) -> Route {
        let account = normalized_account_id(account);
        let tiers: [&dyn Fn(&Binding<'_>) -> bool; 4] = [
            &|binding| matches!(&binding.peer, Peer::One(id) if Some(id.as_str()) == sender),
            &|binding| binding.peer == Peer::Any,
            &|binding| binding.peer == Peer::Unsaid && binding.account.is_some(),
            &|binding| binding.peer == Peer::Unsaid,
        ];
        let candidates: Vec<&Binding<'t>> = self.for_account(channel, &account).collect();
        let matched = tiers.iter().find_map(|tier| candidates.iter().find(|binding| tier(binding)));
        Route {
            agent: matched.map_or_else(
                || self.default_agent.clone().ok_or(NoOwner::NoDefault),
                |binding| self.agent(binding.agent),
            ),
            scope: Scope::of(matched.and_then(|binding| binding.scope).or(self.default_scope)),
            by_default: matched.is_none(),
        }
    }

    fn for_account<'r>(
        &'r self,
        channel: &str,
        account: &str,
    ) -> impl Iterator<Item = &'r Binding<'t>> {
        self.bindings.iter().filter(move |binding| {
            binding.channel == channel
                && binding.account.as_ref().is_none_or(|bound| bound == account)
        })
    }

    /// The senders that bindings of an account name.
    pub(crate) fn bound_senders(&self, channel: &str, account: &str) -> Vec<String> {
        let account = normalized_account_id(account);
        self.for_account(channel, &account)
            .filter_map(|binding| match &binding.peer {
                Peer::One(id) => Some(id.clone()),
                Peer::Any | Peer::Unsaid => None,
            })
            .collect()
    }

    fn agent(&self, written: &str) -> Result<String, NoOwner> {
        let written = text::trim(written);
        if written.is_empty() {
            return self.default_agent.clone().ok_or(NoOwner::Unsaid);
        }
        let id = normalized_id(written);
        let exists = self.agents.is_empty() || id == IMPLICIT_AGENT || self.agents.contains(&id);
        if exists { Ok(id) } else { Err(NoOwner::Unknown(written.to_owned())) }
    }
}

impl<'t> Binding<'t> {
    /// None for a binding that no direct message can match.
    fn of(binding: &Node<'t>) -> Option<Self> {
        let matched = binding.get("match");
        let channel = matched.get("channel").trimmed()?.to_lowercase();
        let account = text::trim(matched.get("accountId").as_str().unwrap_or_default());
        let is_narrowed = !id_of(&matched.get("guildId")).is_empty()
            || !id_of(&matched.get("teamId")).is_empty()
            || !matched.get("roles").items().is_empty();
        if binding.get("type").is("acp") || is_narrowed {
            return None;
        }
        Some(Self {
            channel,
            account: (account != "*").then(|| normalized_account_id(account)),
            peer: Peer::of(&matched.get("peer"))?,
            agent: binding.get("agentId").as_str().unwrap_or_default(),
            scope: binding.at(["session", "dmScope"]).as_str(),
        })
    }
}

impl Peer {
    /// None for peers that are not direct senders, or malformed.
    fn of(peer: &Node<'_>) -> Option<Self> {
        if peer.is_nullish() {
            return Some(Self::Unsaid);
        }
        let kind = peer.get("kind").trimmed()?.to_lowercase();
        let id = id_of(&peer.get("id"));
        if !matches!(kind.as_str(), "direct" | "dm") || id.is_empty() {
            return None;
        }
        Some(if id == "*" { Self::Any } else { Self::One(id) })
    }
}

fn id_of(node: &Node<'_>) -> String {
    let is_id = node.as_str().is_some() || node.value().is_number();
    if is_id { text::trim(&node.printed()).to_owned() } else { String::new() }
}
