//! Who can write to an account, where their messages go, and messages that no agent owns.

use chitin_sdk::{Finding, Outcome, Refusal};

use crate::account_context::{AccountContext, SharedContext};
use crate::dm::{Dm, Policy};
use crate::findings::{Findings, id_part};
use crate::routing::{NoOwner, Route};
use crate::rule;
use crate::sender_ids::distinct;

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
