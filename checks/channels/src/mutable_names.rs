//! Senders listed by a name that they can change, where a stable id is needed.

use chitin_sdk::text;

use crate::account_context::{AccountContext, SharedContext};
use crate::findings::Findings;
use crate::rule;
use crate::sender_ids::{mentioned, without};

/// Length of a Mattermost user id.
const MATTERMOST_ID: usize = 26;

/// The switch that makes names count.
pub(crate) const NAME_SWITCH: &str = "dangerouslyAllowNameMatching";

/// Whether an entry of a channel can only match a name that may change. None for a channel without such a distinction.
///
/// Blanks and wildcards are not names.
fn classifier(channel: &str) -> Option<fn(&str) -> bool> {
    match channel {
        "slack" => Some(is_slack_name),
        "googlechat" => Some(is_google_chat_name),
        "msteams" => Some(is_teams_name),
        "mattermost" => Some(is_mattermost_name),
        "irc" => Some(is_irc_name),
        // Discord has its own rule, which also checks its servers.
        _ => None,
    }
}

/// Names count at this account.
pub(crate) fn dangerous_matching<'t>(
    context: &AccountContext<'t>,
    _: &SharedContext<'t>,
    findings: &mut Findings,
) {
    let switch = context.account.get(NAME_SWITCH);
    if !switch.is_true() || context.channel() == "whatsapp" {
        return;
    }
    let depending = Names::of(context).map_or_else(String::new, |names| {
        format!(" {} of {} allowFrom entries depend on it.", names.mutable, names.entries)
    });
    let title = format!("{}: senders are matched by name", context.label());
    findings.add(
        rule::ALLOW_FROM_DANGEROUS_NAME_MATCHING_ENABLED
            .finding([&context.id_part()])
            .title(title)
        .detail(format!(
            "{NAME_SWITCH}=true lets display names, tags and aliases authorize a sender. Users can change them, \
             and someone else can take them.{depending}"
        ))
        .remediation(format!("Write stable sender ids into the allowlists, then disable {NAME_SWITCH}."))
        .at(&switch),
    );
}

/// Names are listed but not matched.
pub(crate) fn inert_entries<'t>(
    context: &AccountContext<'t>,
    _: &SharedContext<'t>,
    findings: &mut Findings,
) {
    if context.account.get(NAME_SWITCH).is_true() {
        return;
    }
    let (Some(dm), Some(names)) = (&context.dm, Names::of(context)) else { return };
    if names.mutable == 0 {
        return;
    }
    let title = format!("{}: names on the allowlist match no one", context.label());
    findings.add(
        rule::ALLOW_FROM_MUTABLE_ENTRIES_INERT
            .finding([&context.id_part()])
            .title(title)
            .detail(format!(
                "{} of {} entries in {} are names that can change, not ids. While names are not matched, they \
                 silently authorize no one.",
                names.mutable, names.entries, dm.list_path
            ))
            .remediation(format!(
                "Replace them with stable sender ids. {NAME_SWITCH} would make them work, as a last resort."
            ))
            .at(&dm.list_place),
    );
}

/// How many of an account's direct message entries are names.
struct Names {
    mutable: usize,
    entries: usize,
}

impl Names {
    fn of(context: &AccountContext<'_>) -> Option<Self> {
        let is_name = classifier(context.channel())?;
        let dm = context.dm.as_ref()?;
        let entries: Vec<&String> = dm.entries.iter().filter(|entry| *entry != "*").collect();
        let mutable =
            entries.iter().filter(|entry| !is_access_group(entry) && is_name(entry)).count();
        Some(Self { mutable, entries: entries.len() })
    }
}

/// `accessGroup:<name>` refers to a list elsewhere.
fn is_access_group(entry: &str) -> bool {
    entry.strip_prefix("accessGroup:").is_some_and(|name| !text::trim(name).is_empty())
}

/// Whether a Discord entry is a name. The prefixes of ids count only in lower case and if something follows.
pub(crate) fn is_discord_name(entry: &str) -> bool {
    let entry = text::trim(entry);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    let has_prefix = ["discord:", "user:", "pk:"]
        .iter()
        .any(|prefix| entry.strip_prefix(prefix).is_some_and(|rest| !text::trim(rest).is_empty()));
    !entry.is_empty()
        && entry != "*"
        && !is_number(entry)
        && !mentioned(entry).is_some_and(is_number)
        && !has_prefix
}

fn is_slack_name(entry: &str) -> bool {
    const ANY_CASE: usize = 8;
    let long = |id: &str| id.len() >= ANY_CASE && id.bytes().all(|c| c.is_ascii_alphanumeric());
    let is_mention =
        entry.strip_prefix("<@").and_then(|rest| rest.strip_suffix('>')).is_some_and(long);
    let id = without(&["slack:", "user:"], entry);
    let typed = id.len() > 2
        && id.starts_with(['U', 'W', 'B', 'C', 'G', 'D', 'T'])
        && id.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    !is_mention && !typed && !long(id)
}

fn is_google_chat_name(entry: &str) -> bool {
    let bare = without(&["googlechat:", "google-chat:", "gchat:"], entry);
    without(&["users/"], bare).contains('@')
}

fn is_teams_name(entry: &str) -> bool {
    without(&["msteams:", "user:"], entry).contains(|c: char| c.is_whitespace() || c == '@')
}

fn is_mattermost_name(entry: &str) -> bool {
    let bare = without(&["mattermost:", "user:"], entry);
    let id = bare.strip_prefix('@').unwrap_or(bare);
    id.len() != MATTERMOST_ID || !id.bytes().all(|c| c.is_ascii_alphanumeric())
}

fn is_irc_name(entry: &str) -> bool {
    !without(&["user:"], without(&["irc:"], entry)).contains(['!', '@'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discord_ids_and_mentions_are_not_names() {
        for id in ["123", "<@123>", "<@!123>", "user:alice", "discord:7", "pk:x", "*", " "] {
            assert!(!is_discord_name(id), "{id}");
        }
        for name in ["alice", "user:", "User:alice", "bob#1234", "<@bob>", "<@>", "12a"] {
            assert!(is_discord_name(name), "{name}");
        }
    }

    #[test]
    fn slack_ids_are_upper_case_or_long() {
        for id in ["U012AB3CD", "slack:U12", "user:W1A", "abcdefgh", "<@u012ab3cd>"] {
            assert!(!is_slack_name(id), "{id}");
        }
        for name in ["alice", "U1", "u12", "<@U12>", "X12", "bob smith"] {
            assert!(is_slack_name(name), "{name}");
        }
    }

    #[test]
    fn google_chat_names_are_addresses() {
        assert!(is_google_chat_name("a@b.c") && is_google_chat_name("gchat:users/a@b.c"));
        assert!(!is_google_chat_name("users/123") && !is_google_chat_name("123"));
    }

    #[test]
    fn teams_names_have_space_or_at() {
        assert!(is_teams_name("Ann B") && is_teams_name("user:a@b.c"));
        assert!(!is_teams_name("7d1f-aa") && !is_teams_name("msteams:x"));
    }

    #[test]
    fn a_mattermost_id_has_its_length() {
        assert!(!is_mattermost_name("abcdefghijklmnopqrstuvwxyz"));
        assert!(!is_mattermost_name("user:@ABCDEFGHIJKLMNOPQRSTUVWXY1"));
        assert!(is_mattermost_name("@bob") && is_mattermost_name("abcdefghijklmnopqrstuvwxy-"));
    }

    #[test]
    fn an_irc_id_has_user_or_host() {
        assert!(is_irc_name("nick") && is_irc_name("IRC:user:nick"));
        assert!(!is_irc_name("nick!u@h") && !is_irc_name("user:nick@h"));
    }

    #[test]
    fn an_access_group_has_a_name() {
        assert!(is_access_group("accessGroup:ops") && !is_access_group("accessGroup: "));
    }
}
