//! Groups, rooms and servers where every member reaches the agent.

use chitin_openclaw::channels::{label, path};
use chitin_sdk::{Node, Severity};

use crate::account_context::{AccountContext, SharedContext};
use crate::findings::Findings;
use crate::rule;

/// How a channel treats its groups.
struct Groups {
    channel: &'static str,
    /// Its name for groups.
    surface: &'static str,
    reach: Reach,
    /// Keys that tighten it, besides the policy.
    fix: &'static str,
}

/// Who is admitted by an open policy.
enum Reach {
    /// Members of the groups under this key; without any, anyone who adds the bot to a group.
    Routes(&'static str),
    /// Anyone, unless the list under this key denies it.
    Everywhere(&'static str),
    Fixed(&'static str),
    /// Members; also without an allowlist of senders.
    Zalo,
}

const MEMBERS: Reach = Reach::Fixed("lets any member trigger the bot, without being mentioned");
const MENTIONING: Reach = Reach::Fixed("lets any member who mentions the bot trigger it");
const SENDERS: &str = "groupAllowFrom";

const GROUPS: &[Groups] = &[
    Groups { channel: "telegram", surface: "groups", reach: Reach::Routes("groups"), fix: SENDERS },
    Groups { channel: "whatsapp", surface: "groups", reach: Reach::Routes("groups"), fix: SENDERS },
    Groups {
        channel: "nextcloud-talk",
        surface: "rooms",
        reach: Reach::Routes("rooms"),
        fix: SENDERS,
    },
    Groups {
        channel: "discord",
        surface: "servers",
        reach: Reach::Everywhere("guilds"),
        fix: "guilds",
    },
    Groups {
        channel: "slack",
        surface: "channels",
        reach: Reach::Everywhere("channels"),
        fix: "channels",
    },
    Groups { channel: "signal", surface: "groups", reach: MEMBERS, fix: SENDERS },
    Groups { channel: "imessage", surface: "groups", reach: MEMBERS, fix: SENDERS },
    Groups { channel: "bluebubbles", surface: "groups", reach: MEMBERS, fix: SENDERS },
    Groups { channel: "line", surface: "groups", reach: MEMBERS, fix: SENDERS },
    Groups { channel: "msteams", surface: "groups", reach: MENTIONING, fix: SENDERS },
    Groups { channel: "mattermost", surface: "channels", reach: MENTIONING, fix: SENDERS },
    Groups { channel: "feishu", surface: "groups", reach: MENTIONING, fix: SENDERS },
    Groups {
        channel: "googlechat",
        surface: "spaces",
        reach: Reach::Fixed("lets any space trigger the bot by a mention"),
        fix: "groups",
    },
    Groups {
        channel: "irc",
        surface: "channels",
        reach: Reach::Fixed(
            "lets every channel and every sender in it trigger the bot by a mention",
        ),
        fix: "groups",
    },
    Groups {
        channel: "matrix",
        surface: "rooms",
        reach: Reach::Fixed("lets any room trigger the bot by a mention"),
        fix: "groups",
    },
    Groups { channel: "zalo", surface: "groups", reach: Reach::Zalo, fix: SENDERS },
];

/// For a channel that is not known here.
const UNKNOWN: Groups = Groups {
    channel: "",
    surface: "groups",
    reach: Reach::Fixed("lets any member trigger the bot"),
    fix: SENDERS,
};

/// Known channels without a policy for groups.
const WITHOUT: [&str; 10] = [
    "a2a",
    "clickclack",
    "nostr",
    "raft",
    "reef",
    "sms",
    "synology-chat",
    "tlon",
    "twitch",
    "zalouser",
];

/// The account's group policy is open.
pub(crate) fn open<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
    findings: &mut Findings,
) {
    let channel = context.channel();
    if WITHOUT.contains(&channel) {
        return;
    }
    let Some(place) = open_policy(context, shared) else { return };
    let groups = GROUPS.iter().find(|groups| groups.channel == channel).unwrap_or(&UNKNOWN);
    let severity = if channel == "discord" { Severity::Critical } else { Severity::Warn };
    let policy = if place.is_nullish() {
        format!("{} is not set, which is the same as \"open\" here:", path(&place))
    } else {
        format!("{}=\"open\"", path(&place))
    };
    let name = label(channel);
    let title = format!("{name}: {} are open", groups.surface);
    let prefix = path(context.account.section());
    findings.add(
        rule::GROUPS_OPEN
            .finding_at(severity, [&context.id_part()])
            .title(title)
            .detail(format!("{name} {}: {policy} {}.", groups.surface, groups.reach.words(context)))
            .remediation(format!(
                "Set {prefix}.groupPolicy=\"allowlist\" and list what you want to allow in {prefix}.{}.",
                groups.fix
            ))
            .at(&place),
    );
}

/// Where the policy is that opens the groups; an absent place for a channel that is open by default.
fn open_policy<'t>(context: &AccountContext<'t>, shared: &SharedContext<'t>) -> Option<Node<'t>> {
    let own = context.account.get("groupPolicy");
    let shared = &shared.default_group_policy;
    if own.as_str().is_some() {
        return own.is("open").then_some(own);
    }
    match context.channel() {
        // BlueBubbles ignores the shared default.
        "bluebubbles" => None,
        _ if shared.as_str().is_some() => shared.is("open").then(|| shared.clone()),
        "zalo" => Some(own),
        _ => None,
    }
}

impl Reach {
    fn words(&self, context: &AccountContext<'_>) -> String {
        let account = &context.account;
        let has = |key: &str| {
            let place = account.get(key);
            place.has_members() || !place.items().is_empty()
        };
        match self {
            Self::Routes(key) if has(key) => {
                "lets any member of an allowed group trigger the bot".to_owned()
            }
            Self::Routes(key) => {
                format!("and no {key} are listed, so anyone can add the bot to a group and ping it")
            }
            Self::Everywhere(key) if has(key) => {
                format!("lets any channel that {key} does not deny trigger the bot by a mention")
            }
            Self::Everywhere(key) => {
                format!("and no {key} are listed, so any channel can trigger the bot by a mention")
            }
            Self::Fixed(words) => (*words).to_owned(),
            Self::Zalo if has("groupAllowFrom") || has("allowFrom") => {
                "lets any member trigger the bot by a mention".to_owned()
            }
            Self::Zalo => {
                "and no senders are listed, so any member can trigger the bot by a mention"
                    .to_owned()
            }
        }
    }
}
