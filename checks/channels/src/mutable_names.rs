//! Senders listed by a name that they can change, where a stable id is needed.

use chitin_sdk::text;

use crate::account_context::{AccountContext, NAME_SWITCH, SharedContext};
use crate::discord;
use crate::findings::Findings;
use crate::rule;

/// Names count at this account.
pub(crate) fn dangerous_matching<'t>(
    context: &AccountContext<'t>,
    _: &SharedContext<'t>,
    findings: &mut Findings,
) {
    let switch = context.account.get(NAME_SWITCH);
    if !switch.is_true() || context.account.provider().matches_ids_only {
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
        // Discord's names have a rule of their own, which also looks at its servers.
        let of_provider = context.account.provider().is_mutable_name;
        let is_name = of_provider.filter(|_| context.channel() != discord::CHANNEL)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_group_has_a_name() {
        assert!(is_access_group("accessGroup:ops") && !is_access_group("accessGroup: "));
    }
}
