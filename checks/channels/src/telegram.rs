//! Rules for Telegram: senders that are not user ids, and commands in groups without a list of senders.

use chitin_openclaw::channels::{Native, path, provider_of};
use chitin_sdk::{Node, Outcome, text};

use crate::account_context::{AccountContext, SharedContext};
use crate::findings::{Findings, examples};
use crate::rule;
use crate::sender_ids::distinct;

const CHANNEL: &str = "telegram";

/// Most places that one finding points at.
const SHOWN_PLACES: usize = 20;

/// Whether commands in groups are possible at all.
fn takes_group_commands<'t>(context: &AccountContext<'t>, shared: &SharedContext<'t>) -> bool {
    let groups = context.account.get("groups");
    !shared.commands.get("text").is_false()
        && match context.group_policy(shared) {
            "open" => true,
            "allowlist" => groups.has_members(),
            _ => false,
        }
}

/// The `allowFrom` of every group and topic.
fn group_lists<'t>(context: &AccountContext<'t>) -> Vec<Node<'t>> {
    let groups = context.account.get("groups").members();
    groups
        .into_iter()
        .flat_map(|(_, group)| {
            let topics = group.get("topics").members().into_iter().map(|(_, topic)| topic);
            std::iter::once(group)
                .chain(topics)
                .map(|place| place.get("allowFrom"))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// An entry that matches no sender: neither a user's number nor a wildcard.
fn invalid(entry: &str) -> Option<String> {
    let id = provider_of(CHANNEL).senders.normalized(entry);
    let is_number = !id.is_empty() && id.bytes().all(|c| c.is_ascii_digit());
    (!id.is_empty() && id != "*" && !is_number).then_some(id)
}

fn invalid_in(entries: &[Node<'_>]) -> Vec<String> {
    let written =
        entries.iter().filter(|entry| entry.as_str().is_some() || entry.value().is_number());
    written.filter_map(|entry| invalid(&entry.printed())).collect()
}

/// Entries that are not user ids. Lists for groups count only where groups do.
pub(crate) fn invalid_entries<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
    findings: &mut Findings,
) -> Outcome {
    if context.channel() != CHANNEL {
        return Ok(());
    }
    let people = context.account.allow_from();
    let mut lists = vec![(people.place, people.entries)];
    let mut paired = Vec::new();
    if takes_group_commands(context, shared) {
        paired.extend(context.paired()?.iter().filter_map(|entry| invalid(entry)));
        let of_groups =
            std::iter::once(context.account.get("groupAllowFrom")).chain(group_lists(context));
        lists.extend(of_groups.map(|list| (list.clone(), list.items())));
    }
    let found: Vec<(Node<'t>, Vec<String>)> = lists
        .into_iter()
        .map(|(place, entries)| (place, invalid_in(&entries)))
        .filter(|(_, entries)| !entries.is_empty())
        .collect();
    let entries =
        distinct(found.iter().flat_map(|(_, entries)| entries.clone()).chain(paired).collect());
    if entries.is_empty() {
        return Ok(());
    }
    let finding = rule::TELEGRAM_ALLOW_FROM_INVALID_ENTRIES
        .finding()
        .detail(format!(
            "Telegram identifies senders by a numeric user id. {} and {} no one: {}.",
            text::count(entries.len(), "entry is not one", "entries are not"),
            if entries.len() == 1 { "matches" } else { "match" },
            examples(&entries)
        ))
        .remediation(
            "Replace @usernames and chat ids with numeric user ids, then run the audit again.",
        );
    findings.add(
        found.iter().take(SHOWN_PLACES).fold(finding, |finding, (place, _)| finding.at(place)),
    );
    Ok(())
}

fn has_wildcard(list: &Node<'_>) -> bool {
    list.printed_items().iter().any(|entry| entry == "*")
}

/// Anyone in a group may use commands, because the list has a wildcard.
pub(crate) fn wildcard<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
    findings: &mut Findings,
) {
    let list = context.account.get("groupAllowFrom");
    if context.channel() != CHANNEL
        || !has_wildcard(&list)
        || !takes_group_commands(context, shared)
    {
        return;
    }
    let path = path(&list);
    findings.add(
        rule::TELEGRAM_GROUPS_ALLOW_FROM_WILDCARD.finding()
            .detail(format!(
                "{path} contains \"*\", which lets any group member run /… commands and control directives."
            ))
            .remediation(format!("Remove \"*\" from {path} and name numeric user ids instead."))
            .at(&list),
    );
}

/// Anyone in a group may use commands, because a list is missing.
pub(crate) fn missing_list<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
    findings: &mut Findings,
) -> Outcome {
    if context.channel() != CHANNEL || !takes_group_commands(context, shared) {
        return Ok(());
    }
    let list = context.account.get("groupAllowFrom");
    let has_list = !list.items().is_empty()
        || group_lists(context).iter().any(|list| !list.items().is_empty());
    if has_list || !context.paired()?.is_empty() {
        return Ok(());
    }
    let commands = context.account.get("commands");
    let skills = if Native::Skills.is_on(CHANNEL, &commands, &shared.commands) {
        " (including skill commands)"
    } else {
        ""
    };
    findings.add(
        rule::TELEGRAM_GROUPS_ALLOW_FROM_MISSING.finding()
            .detail(format!(
                "Telegram groups are enabled and no sender allowlist is configured, so any group member can \
                 invoke /… commands{skills}."
            ))
            .remediation(
                "Approve yourself by pairing (recommended), or set channels.telegram.groupAllowFrom or \
                 channels.telegram.groups.<id>.allowFrom.",
            )
            .at(&list)
            .at(&context.account.get("groups")),
    );
    Ok(())
}
