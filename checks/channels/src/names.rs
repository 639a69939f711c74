//! Senders given by a name that its bearer can change, where a stable id is needed.

use chitin_sdk::{Finding, Severity, text};

use crate::discord;
use crate::findings::Findings;
use crate::subject::{Subject, Surroundings};

/// The switch that makes names count.
pub(crate) const NAME_SWITCH: &str = "dangerouslyAllowNameMatching";

/// Names count at this account.
pub(crate) fn dangerous_matching<'t>(
    subject: &Subject<'t>,
    _: &Surroundings<'t>,
    findings: &mut Findings,
) {
    let switch = subject.account.get(NAME_SWITCH);
    if !switch.is_true() || subject.account.provider().matches_ids_only {
        return;
    }
    let depending = Names::of(subject).map_or_else(String::new, |names| {
        format!(" {} of {} allowFrom entries depend on it.", names.mutable, names.entries)
    });
    let title = format!("{}: senders are matched by name", subject.label());
    findings.add(
        Finding::new(
            subject.rule("allowFrom.dangerous_name_matching_enabled"),
            Severity::Info,
            title,
        )
        .detail(format!(
            "{NAME_SWITCH}=true lets display names, tags and aliases authorize a sender. Their bearer can change \
             them, and somebody else can take them.{depending}"
        ))
        .remediation(format!("Write stable sender ids into the allowlists, then disable {NAME_SWITCH}."))
        .at(&switch),
    );
}

/// Names are listed and do not count.
pub(crate) fn inert_entries<'t>(
    subject: &Subject<'t>,
    _: &Surroundings<'t>,
    findings: &mut Findings,
) {
    if subject.account.get(NAME_SWITCH).is_true() {
        return;
    }
    let (Some(dm), Some(names)) = (&subject.dm, Names::of(subject)) else { return };
    if names.mutable == 0 {
        return;
    }
    let title = format!("{}: names on the allowlist admit nobody", subject.label());
    findings.add(
        Finding::new(subject.rule("allowFrom.mutable_entries_inert"), Severity::Warn, title)
            .detail(format!(
                "{} of {} entries in {} are names that can change, not ids. As long as names are not matched they \
                 silently authorize no one.",
                names.mutable, names.entries, dm.list_path
            ))
            .remediation(format!(
                "Replace them with stable sender ids. {NAME_SWITCH} would make them work and is a last resort."
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
    fn of(subject: &Subject<'_>) -> Option<Self> {
        // Discord's names have a rule of their own, which also looks at its servers.
        let of_provider = subject.account.provider().is_mutable_name;
        let is_name = of_provider.filter(|_| subject.channel() != discord::CHANNEL)?;
        let dm = subject.dm.as_ref()?;
        let entries: Vec<&String> = dm.entries.iter().filter(|entry| *entry != "*").collect();
        let mutable =
            entries.iter().filter(|entry| !is_access_group(entry) && is_name(entry)).count();
        Some(Self { mutable, entries: entries.len() })
    }
}

/// `accessGroup:<name>` stands for a list elsewhere.
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
