//! Groups, rooms and servers whose every member reaches the agent.

use chitin_openclaw::channels::{GroupDefault, Groups, OpenGroups, label, path};
use chitin_sdk::{Finding, Node, Severity};

use crate::findings::Findings;
use crate::subject::{Subject, Surroundings};
use crate::{discord, people};

/// The account's group policy is open.
pub(crate) fn open<'t>(subject: &Subject<'t>, around: &Surroundings<'t>, findings: &mut Findings) {
    let channel = subject.channel();
    let Some(groups) = &subject.account.provider().groups else { return };
    let Some(place) = open_policy(subject, groups.default, around) else { return };
    let is_discord = channel == discord::CHANNEL;
    let severity = if is_discord { Severity::Critical } else { Severity::Warn };
    let policy = if place.is_nullish() {
        format!("{} is not set, which is the same as \"open\" here:", path(&place))
    } else {
        format!("{}=\"open\"", path(&place))
    };
    let name = label(channel);
    let title = format!("{name}: {} are open", groups.surface.many);
    let prefix = path(subject.account.section());
    findings.add(
        Finding::new(subject.rule("groups.open"), severity, title)
            .detail(format!("{name} {}: {policy} {}.", groups.surface.many, reach(groups, subject)))
            .remediation(format!(
                "Set {prefix}.groupPolicy=\"allowlist\" and list what is wanted in {prefix}.{}.",
                groups.list
            ))
            .at(&place),
    );
}

/// Where the policy is that opens the groups; an absent place for a channel that is open by itself.
fn open_policy<'t>(
    subject: &Subject<'t>,
    default: GroupDefault,
    around: &Surroundings<'t>,
) -> Option<Node<'t>> {
    let own = subject.account.get("groupPolicy");
    let shared = &around.default_group_policy;
    if own.as_str().is_some() {
        return own.is("open").then_some(own);
    }
    match default {
        GroupDefault::OpenUnlessListed => (!names_senders(subject)).then_some(own),
        GroupDefault::Shared | GroupDefault::SharedOrOpen if shared.as_str().is_some() => {
            shared.is("open").then(|| shared.clone())
        }
        GroupDefault::SharedOrOpen => Some(own),
        GroupDefault::Shared | GroupDefault::Allowlist => None,
    }
}

/// One of the lists of senders names anyone.
fn names_senders(subject: &Subject<'_>) -> bool {
    ["groupAllowFrom", "allowFrom"].iter().any(|key| {
        let entries = subject.account.get(key).printed_items();
        !people::normalised(&subject.account.provider().senders, entries).is_empty()
    })
}

/// Whom the open policy lets in.
fn reach(groups: &Groups, subject: &Subject<'_>) -> String {
    let account = &subject.account;
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
            format!(
                "and no {key} are listed, so that anyone can add the bot to a group and ping it"
            )
        }
        OpenGroups::UnlessDenied(key) if has(key) => {
            format!("lets any channel that {key} does not deny trigger the bot by a mention")
        }
        OpenGroups::UnlessDenied(key) => {
            format!("and no {key} are listed, so that any channel can trigger the bot by a mention")
        }
        OpenGroups::MembersWithoutSenders if has("groupAllowFrom") || has("allowFrom") => {
            "lets any member trigger the bot by a mention".to_owned()
        }
        OpenGroups::MembersWithoutSenders => {
            "and no senders are listed, so that any member can trigger the bot by a mention"
                .to_owned()
        }
    }
}
