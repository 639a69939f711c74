//! Different people whose direct messages end up in one session, over all channels and accounts.

use std::collections::{BTreeMap, BTreeSet};

use chitin_openclaw::channels::{locale_order, normalized_account_id};
use chitin_sdk::{Finding, Node, Refusal, text};

use crate::account_context::{AccountContext, SharedContext};
use crate::dm::Policy;
use crate::findings::{Findings, id_part};
use crate::routing::{Route, Scope};
use crate::routing_rules::{route_of, senders_of};
use crate::rule;

/// Most characters of account names in an id, which may not be long.
const SHOWN_NAMES: usize = 180;

/// A set of sessions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Sessions {
    /// Exactly one, by its key.
    One(String),
    /// Any session of direct messages of the agent.
    OfAgent,
    /// Any session of direct messages that the agent has on a channel.
    OfChannel(String),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Bucket {
    agent: String,
    sessions: Sessions,
}

impl Bucket {
    /// Sorts as OpenClaw numbers collisions.
    fn key(&self) -> String {
        let sessions = match &self.sessions {
            Sessions::One(key) => key.clone(),
            Sessions::OfAgent => "symbolic:dm:peer".to_owned(),
            Sessions::OfChannel(channel) => format!("symbolic:dm:channel:{channel}"),
        };
        format!("{}{sessions}", self.agent)
    }

    fn is_certain(&self) -> bool {
        matches!(self.sessions, Sessions::One(_))
    }
}

/// A person, as far as the config distinguishes people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Person {
    /// By a name in `session.identityLinks`.
    Linked(String),
    Direct {
        channel: String,
        account: String,
        sender: String,
    },
    /// One of any number of strangers in one session.
    Stranger {
        account: String,
        number: u8,
    },
    /// A stranger with a session per sender; the scope decides who may share it.
    Apart {
        account: String,
        per_channel: bool,
    },
}

/// Who is in which sessions, and through which accounts.
#[derive(Debug, Default)]
struct Occupancy {
    buckets: BTreeMap<Bucket, BTreeMap<Person, BTreeSet<String>>>,
}

impl Occupancy {
    fn put(&mut self, agent: &str, sessions: Sessions, person: Person, account: &str) {
        let bucket = Bucket { agent: agent.to_owned(), sessions };
        let people = self.buckets.entry(bucket).or_default();
        people.entry(person).or_default().insert(account.to_owned());
    }
}

/// Reports every set of sessions that several people share. Accounts that cannot be checked because of a refusal are left
/// out, and the rule is not run.
pub(crate) fn find<'t>(
    contexts: &[AccountContext<'t>],
    shared: &SharedContext<'t>,
    findings: &mut Findings,
) {
    let links = Links::of(&shared.session.get("identityLinks"));
    let mut occupancy = Occupancy::default();
    for context in contexts {
        if let Err(refusal) = assign(context, shared, &links, &mut occupancy) {
            findings.refuse(&[rule::DM_SESSION_COLLISION.pattern], &refusal);
        }
    }
    for (number, (bucket, people)) in collisions(&occupancy).into_iter().enumerate() {
        findings.add(finding(number + 1, bucket, people, shared));
    }
}

/// Puts the senders of an account into their sessions.
fn assign<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
    links: &Links,
    occupancy: &mut Occupancy,
) -> Result<(), Refusal> {
    let Some(dm) = context.dm.as_ref().filter(|dm| dm.policy != Policy::Disabled) else {
        return Ok(());
    };
    let senders = senders_of(context, dm, shared)?;
    for sender in &senders.known {
        let route = route_of(context, shared, Some(sender));
        let sender = text::trim(sender).to_lowercase();
        let linked = links.name(context.channel(), &sender);
        assign_known(context, shared, (sender, linked), &route, occupancy);
    }
    if senders.strangers {
        assign_strangers(context, shared, &route_of(context, shared, None), occupancy);
    }
    Ok(())
}

fn assign_known<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
    (sender, linked): (String, Option<String>),
    route: &Route,
    occupancy: &mut Occupancy,
) {
    let Ok(agent) = &route.agent else { return };
    let channel = context.channel();
    let account = normalized_account_id(context.account.id());
    let scope = if is_isolated(context, route) { Scope::AccountChannelPeer } else { route.scope };
    let peer = linked.as_ref().unwrap_or(&sender);
    let key = match scope {
        Scope::Main => main_session(agent, shared),
        Scope::Peer => format!("agent:{agent}:direct:{peer}"),
        Scope::ChannelPeer => format!("agent:{agent}:{channel}:direct:{peer}"),
        Scope::AccountChannelPeer => format!("agent:{agent}:{channel}:{account}:direct:{peer}"),
    };
    let place = place_of(channel, &account);
    let person = linked.map_or_else(
        || Person::Direct { channel: channel.to_owned(), account, sender },
        Person::Linked,
    );
    let mut put = |sessions| occupancy.put(agent, sessions, person.clone(), &place);
    put(Sessions::One(key));
    if scope != Scope::Main {
        put(Sessions::OfAgent);
    }
    if matches!(scope, Scope::ChannelPeer | Scope::AccountChannelPeer) {
        put(Sessions::OfChannel(channel.to_owned()));
    }
}

/// The senders that a wildcard admits. There may be any number of strangers, and any of them may be a known sender.
fn assign_strangers<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
    route: &Route,
    occupancy: &mut Occupancy,
) {
    let Ok(agent) = &route.agent else { return };
    let channel = context.channel();
    let account = place_of(channel, &normalized_account_id(context.account.id()));
    if is_isolated(context, route) {
        return;
    }
    let apart = |per_channel| Person::Apart { account: account.clone(), per_channel };
    match route.scope {
        Scope::Main => {
            for number in [1, 2] {
                let stranger = Person::Stranger { account: account.clone(), number };
                let session = Sessions::One(main_session(agent, shared));
                occupancy.put(agent, session, stranger, &account);
            }
        }
        Scope::Peer => occupancy.put(agent, Sessions::OfAgent, apart(false), &account),
        Scope::ChannelPeer => {
            let of_channel = Sessions::OfChannel(channel.to_owned());
            occupancy.put(agent, of_channel, apart(true), &account);
            occupancy.put(agent, Sessions::OfAgent, apart(true), &account);
        }
        Scope::AccountChannelPeer => {}
    }
}

/// Whether each sender of this account has a session of their own, unless a binding says otherwise.
fn is_isolated(context: &AccountContext<'_>, route: &Route) -> bool {
    context.account.provider().accounts.isolates_senders
        && !context.account.is_default()
        && route.by_default
}

fn main_session(agent: &str, shared: &SharedContext<'_>) -> String {
    if shared.session.get("scope").is("global") {
        return "global".to_owned();
    }
    let main_key = shared.session.get("mainKey").trimmed().unwrap_or("main").to_lowercase();
    format!("agent:{agent}:{main_key}")
}

fn place_of(channel: &str, account: &str) -> String {
    format!("{channel}-{account}")
}

/// `session.identityLinks`: names, and the senders who are the person of that name.
struct Links {
    /// By sender, in lower case: the place of the name, and the name.
    names: BTreeMap<String, (usize, String)>,
}

impl Links {
    fn of(links: &Node<'_>) -> Self {
        let mut names = BTreeMap::new();
        for (place, (name, senders)) in links.members().into_iter().enumerate() {
            let name = text::trim(name).to_lowercase();
            for sender in senders.strings().into_iter().filter(|_| !name.is_empty()) {
                names.entry(sender.to_lowercase()).or_insert_with(|| (place, name.clone()));
            }
        }
        Self { names }
    }

    /// The first name that lists a sender, with or without the channel.
    fn name(&self, channel: &str, sender: &str) -> Option<String> {
        let spellings = [sender.to_owned(), format!("{channel}:{sender}")];
        let found = spellings.iter().filter_map(|spelling| self.names.get(spelling)).min();
        found.map(|(_, name)| name.clone())
    }
}

type People = BTreeMap<Person, BTreeSet<String>>;

/// Sessions with several people. Of the sets that strangers may share, only the widest counts.
fn collisions(occupancy: &Occupancy) -> Vec<(&Bucket, &People)> {
    let apart = |people: &People, wanted: bool| {
        people.keys().any(
            |person| matches!(person, Person::Apart { per_channel, .. } if *per_channel == wanted),
        )
    };
    let shared: Vec<(&Bucket, &People)> =
        occupancy.buckets.iter().filter(|(_, people)| people.len() > 1).collect();
    let wide: BTreeSet<&str> = shared
        .iter()
        .filter(|(bucket, people)| bucket.sessions == Sessions::OfAgent && apart(people, false))
        .map(|(bucket, _)| bucket.agent.as_str())
        .collect();
    let mut found: Vec<(&Bucket, &People)> = shared
        .into_iter()
        .filter(|(bucket, people)| match bucket.sessions {
            Sessions::One(_) => true,
            Sessions::OfAgent => apart(people, false),
            Sessions::OfChannel(_) => !wide.contains(bucket.agent.as_str()) && apart(people, true),
        })
        .collect();
    found.sort_by_cached_key(|(bucket, _)| SortKey(bucket.key()));
    found
}

/// Text in the order of a dictionary.
#[derive(PartialEq, Eq)]
struct SortKey(String);

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        locale_order(&self.0, &other.0)
    }
}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

fn finding(number: usize, bucket: &Bucket, people: &People, shared: &SharedContext<'_>) -> Finding {
    let accounts: BTreeSet<&String> = people.values().flatten().collect();
    let mut shown: Vec<String> = accounts.iter().map(|account| id_part(account)).collect();
    let mut length = 0;
    shown.retain(|name| {
        length += name.len() + 1;
        length <= SHOWN_NAMES
    });
    let more = accounts.len().saturating_sub(shown.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let (title, verb) = if bucket.is_certain() {
        ("Several people share one DM session", "share")
    } else {
        ("Several people may share one DM session", "may share")
    };
    let global = if bucket.sessions == Sessions::One("global".to_owned()) {
        " under session.scope=\"global\""
    } else {
        ""
    };
    rule::DM_SESSION_COLLISION
        .finding([&format!("{}.{number}", shown.join("_"))])
        .title(title)
        .detail(format!(
            "{} people who are admitted by {}{more} {verb} a session of agent \"{}\"{global}. What one of them writes, \
             and the answers, can show up for the others.",
            people.len(),
            shown.join(", "),
            bucket.agent
        ))
        .remediation(
            "Give direct messages a session per sender: set session.dmScope=\"per-account-channel-peer\", or the same \
             in the binding that matches.",
        )
        .at(&shared.session.get("dmScope"))
}
