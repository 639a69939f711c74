//! Which agent and which session a direct message goes to, by the bindings of the config.
//!
//! Only what can hold for a direct message is kept: bindings to groups, servers, teams or roles never match one.

use chitin_openclaw::channels::normalized_account_id;
use chitin_openclaw::roster::{IMPLICIT_AGENT, Roster, normalized_id};
use chitin_sdk::{Finding, Node, Outcome, Refusal, text};

use crate::account_context::{AccountContext, SharedContext};
use crate::dm::{Dm, Policy};
use crate::findings::{Findings, id_part};
use crate::rule;
use crate::sender_ids::distinct;

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
    fn bound_senders(&self, channel: &str, account: &str) -> Vec<String> {
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

/// Who can write to an account: senders by id and, with a wildcard, unknown senders.
#[derive(Debug)]
pub(crate) struct Senders {
    pub(crate) known: Vec<String>,
    pub(crate) strangers: bool,
}

/// Who can write to an account whose direct messages are not disabled.
pub(crate) fn senders_of<'t>(
    context: &AccountContext<'t>,
    dm: &Dm<'t>,
    shared: &SharedContext<'t>,
) -> Result<Senders, Refusal> {
    let mut known = dm.admitted(|| context.paired())?;
    if dm.has_wildcard() {
        known.extend(shared.routing.bound_senders(context.channel(), context.account.id()));
    }
    Ok(Senders { known: distinct(known), strangers: dm.has_wildcard() })
}

/// The route of a known sender, or of a stranger.
pub(crate) fn route_of<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
    sender: Option<&str>,
) -> Route {
    shared.routing.route(context.channel(), context.account.id(), sender)
}

/// Messages of admitted senders that are not assigned to an agent.
pub(crate) fn without_owner<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
    findings: &mut Findings,
) -> Outcome {
    let Some(dm) = context.dm.as_ref().filter(|dm| dm.policy != Policy::Disabled) else {
        return Ok(());
    };
    let senders = senders_of(context, dm, shared)?;
    let known = senders.known.iter().map(|sender| Some(sender.as_str()));
    let mut seen: Vec<NoOwner> = Vec::new();
    for sender in known.chain(senders.strangers.then_some(None)) {
        if let Err(why) = route_of(context, shared, sender).agent
            && !seen.contains(&why)
        {
            findings.add(ownerless(context, dm, &why));
            seen.push(why);
        }
    }
    Ok(())
}

fn ownerless(context: &AccountContext<'_>, dm: &Dm<'_>, why: &NoOwner) -> Finding {
    let (channel, account) = (context.channel(), context.account.id());
    let (reason, remediation) = match why {
        NoOwner::NoDefault => (
            "several agents are configured, none of them is the default, and no binding matches"
                .to_owned(),
            format!(
                "Add a channel-wide binding: {{\"agentId\": \"<agent>\", \"match\": {{\"channel\": \"{channel}\", \
                 \"accountId\": \"{account}\"}}}}."
            ),
        ),
        NoOwner::Unsaid => (
            "several agents are configured, none of them is the default, and the binding that matches names none"
                .to_owned(),
            "Give the binding the agentId of a configured agent.".to_owned(),
        ),
        NoOwner::Unknown(agent) => (
            format!("the binding that matches names the agent \"{agent}\", which does not exist"),
            "Change the binding's agentId to a configured agent.".to_owned(),
        ),
    };
    rule::ROUTING_OWNER_MISSING
        .finding([&context.id_part(), &id_part(account)])
        .title(format!("{}: messages are not assigned to an agent", context.label()))
        .detail(format!(
            "Direct messages to {channel} account {account} are not assigned to an agent: {reason}."
        ))
        .remediation(remediation)
        .at(&dm.list_place)
}
