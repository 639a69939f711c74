//! The rule for Zalo Personal: groups listed by a name that can change.

use chitin_sdk::{Severity, text};

use crate::account_context::{AccountContext, NAME_SWITCH, SharedContext};
use crate::findings::{Findings, examples};
use crate::rule;

/// Keys of `groups` that are names.
pub(crate) fn mutable_groups<'t>(
    context: &AccountContext<'t>,
    _: &SharedContext<'t>,
    findings: &mut Findings,
) {
    if context.channel() != "zalouser" {
        return;
    }
    let groups = context.account.get("groups");
    let prefix = context.account.prefix();
    let named: Vec<String> = groups
        .members()
        .into_iter()
        .filter(|(key, _)| is_name(key))
        .map(|(key, _)| format!("{prefix}.groups:{key}"))
        .collect();
    if named.is_empty() {
        return;
    }
    let (severity, effect) = if context.account.get(NAME_SWITCH).is_true() {
        (
            Severity::Info,
            "They count, because names are matched: a group that takes such a name is let in.",
        )
    } else {
        (Severity::Warn, "While names are not matched, they match no group.")
    };
    let title = format!("Zalo Personal groups are listed by name{}", context.account.note());
    findings.add(
        rule::ZALOUSER_GROUPS_MUTABLE_ENTRIES
            .finding_at(severity)
            .title(title)
            .detail(format!(
                "{} that can change: {}. {effect}",
                text::count(named.len(), "group key is a name", "group keys are names"),
                examples(&named)
            ))
            .remediation("Use group ids (group:<id>) as keys.")
            .at(&groups),
    );
}

/// Neither an id with or without its prefixes, nor a bare prefix.
fn is_name(key: &str) -> bool {
    let key = text::trim(key);
    let lower = key.to_lowercase();
    let scoped = ["zalouser:", "zlu:"].iter().find_map(|prefix| lower.strip_prefix(prefix));
    let rest = scoped.unwrap_or(&lower);
    let grouped = rest.strip_prefix("group:");
    let id = grouped.unwrap_or(rest);
    let is_bare_prefix = id.is_empty() && (scoped.is_some() || grouped.is_some());
    let is_number = !id.is_empty() && id.chars().all(|c| c.is_ascii_digit());
    let is_group_id = id
        .strip_prefix("g-")
        .is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace));
    !key.is_empty() && key != "*" && !is_bare_prefix && !is_number && !is_group_id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_numbers_or_begin_with_g() {
        for id in [
            "123",
            "g-abc",
            "group:123",
            "GROUP:G-x",
            "zlu:1",
            "zalouser:group:g-1",
            "zlu:",
            "zlu:group:",
            "group:",
            "*",
            " ",
            "",
        ] {
            assert!(!is_name(id), "{id}");
        }
        for name in ["Family", "g-", "g-a b", "group:Family", "zlu:Ann", "1a", "zlu:zlu:1"] {
            assert!(is_name(name), "{name}");
        }
    }
}
