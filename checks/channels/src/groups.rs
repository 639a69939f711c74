//! Groups, rooms and servers where every member reaches the agent.

use chitin_openclaw::channels::{GroupDefault, Groups, OpenGroups, label, path};
use chitin_sdk::{Node, Severity};

use crate::account_context::{AccountContext, SharedContext};
use crate::findings::Findings;
use crate::rule;
use crate::{discord, sender_ids};

/// The account's group policy is open.
pub(crate) fn open<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
    findings: &mut Findings,
) {
    let channel = context.channel();
    let Some(groups) = &context.account.provider().groups else { return };
    let Some(place) = open_policy(context, groups.default, shared) else { return };
    let is_discord = channel == discord::CHANNEL;
    let severity = if is_discord { Severity::Critical } else { Severity::Warn };
    let policy = if place.is_nullish() {
        format!("{} is not set, which is the same as \"open\" here:", path(&place))
    } else {
        format!("{}=\"open\"", path(&place))
    };
    let name = label(channel);
    let title = format!("{name}: {} are open", groups.surface.many);
    let prefix = path(context.account.section());
    findings.add(
        rule::GROUPS_OPEN
            .finding_at(severity, [&context.id_part()])
            .title(title)
            .detail(format!("{name} {}: {policy} {}.", groups.surface.many, reach(groups, context)))
            .remediation(format!(
                "Set {prefix}.groupPolicy=\"allowlist\" and list what you want to allow in {prefix}.{}.",
                groups.list
            ))
            .at(&place),
    );
}

/// Where the policy is that opens the groups; an absent place for a channel that is open by default.
fn open_policy<'t>(
    context: &AccountContext<'t>,
    default: GroupDefault,
    shared: &SharedContext<'t>,
) -> Option<Node<'t>> {
    let own = context.account.get("groupPolicy");
    let shared = &shared.default_group_policy;
    if own.as_str().is_some() {
        return own.is("open").then_some(own);
    }
    match default {
        GroupDefault::OpenUnlessListed => (!names_senders(context)).then_some(own),
        GroupDefault::Shared | GroupDefault::SharedOrOpen if shared.as_str().is_some() => {
            shared.is("open").then(|| shared.clone())
        }
        GroupDefault::SharedOrOpen => Some(own),
        GroupDefault::Shared | GroupDefault::Allowlist => None,
    }
}

/// One of the lists of senders names anyone.
fn names_senders(context: &AccountContext<'_>) -> bool {
    ["groupAllowFrom", "allowFrom"].iter().any(|key| {
        let entries = context.account.get(key).printed_items();
        !sender_ids::normalised(&context.account.provider().senders, entries).is_empty()
    })
}

/// Who is admitted by the open policy.
fn reach(groups: &Groups, context: &AccountContext<'_>) -> String {
    let account = &context.account;
    let has = |key: &str| {
        let place = account.get(key);
        place.has_members() || !place.items().is_empty()
    };
    match groups.open {
        OpenGroups::Unknown => "lets any member trigger the bot".to_owned(),
        OpenGroups::Members => {
            "lets any member trigger the bot, without being mentioned".to_owned()
        }
        OpenGroups::MentioningMembers => {
            "lets any member who mentions the bot trigger it".to_owned()
        }
        OpenGroups::Everywhere => {
            format!("lets any {} trigger the bot by a mention", groups.surface.one)
        }
        OpenGroups::EverywhereAndEveryone => format!(
            "lets every {} and every sender in it trigger the bot by a mention",
            groups.surface.one
        ),
        OpenGroups::Listed(key) if has(key) => {
            "lets any member of an allowed group trigger the bot".to_owned()
        }
        OpenGroups::Listed(key) => {
            format!("and no {key} are listed, so anyone can add the bot to a group and ping it")
        }
        OpenGroups::UnlessDenied(key) if has(key) => {
            format!("lets any channel that {key} does not deny trigger the bot by a mention")
        }
        OpenGroups::UnlessDenied(key) => {
            format!("and no {key} are listed, so any channel can trigger the bot by a mention")
        }
        OpenGroups::MembersWithoutSenders if has("groupAllowFrom") || has("allowFrom") => {
            "lets any member trigger the bot by a mention".to_owned()
        }
        OpenGroups::MembersWithoutSenders => {
            "and no senders are listed, so any member can trigger the bot by a mention".to_owned()
        }
    }
}
