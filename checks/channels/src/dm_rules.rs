//! Rules about direct messages: open, disabled, locked, and one session for several people.

use chitin_sdk::{Finding, Outcome};

use crate::account_context::{AccountContext, SharedContext};
use crate::dm::{Dm, Policy};
use crate::findings::Findings;
use crate::rule;

/// What follows from the policy alone.
pub(crate) fn policy<'t>(
    context: &AccountContext<'t>,
    _: &SharedContext<'t>,
    findings: &mut Findings,
) {
    let Some(dm) = &context.dm else { return };
    match dm.policy {
        Policy::Open => {
            findings.add(open(context, dm));
            let needs_wildcard = context.account.provider().direct_messages.open_needs_wildcard;
            if needs_wildcard && !dm.has_wildcard() {
                findings.add(inconsistent(context, dm));
            }
        }
        Policy::Disabled => findings.add(disabled(context, dm)),
        Policy::Allowlist | Policy::Pairing => {}
    }
}

fn open(context: &AccountContext<'_>, dm: &Dm<'_>) -> Finding {
    let title = format!("{}: anyone may send direct messages", context.label());
    let detail = if dm.policy_place.is_nullish() {
        format!(
            "{} is not set and {} names no one, which lets anyone DM the bot.",
            dm.policy_path, dm.list_path
        )
    } else {
        format!("{}=\"open\" lets anyone DM the bot.", dm.policy_path)
    };
    let remediation = if context.account.provider().direct_messages.open_needs_wildcard {
        format!(
            "Use \"pairing\" or \"allowlist\". If open DMs are really wanted, confirm it by adding \"*\" to {}.",
            dm.list_path
        )
    } else {
        format!(
            "Set {}=\"allowlist\" and name the wanted senders in {}.",
            dm.policy_path, dm.list_path
        )
    };
    rule::DM_OPEN
        .finding([&context.id_part()])
        .title(title)
        .detail(detail)
        .remediation(remediation)
        .at(&dm.policy_place)
}

fn inconsistent(context: &AccountContext<'_>, dm: &Dm<'_>) -> Finding {
    let title = format!("{}: DM settings contradict each other", context.label());
    rule::DM_OPEN_INVALID
        .finding([&context.id_part()])
        .title(title)
        .detail(format!(
            "{}=\"open\" asks for \"*\" in {}, which is not there. OpenClaw refuses such a config for most channels.",
            dm.policy_path, dm.list_path
        ))
        .at(&dm.policy_place)
        .at(&dm.list_place)
}

fn disabled(context: &AccountContext<'_>, dm: &Dm<'_>) -> Finding {
    let title = format!("{}: direct messages are disabled", context.label());
    rule::DM_DISABLED
        .finding([&context.id_part()])
        .title(title)
        .detail(format!("{}=\"disabled\" ignores every incoming DM.", dm.policy_path))
        .at(&dm.policy_place)
}

/// Several people who share one session because of `session.dmScope`.
pub(crate) fn shared_session<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
    findings: &mut Findings,
) -> Outcome {
    let Some(dm) = context.dm.as_ref().filter(|dm| dm.policy != Policy::Disabled) else {
        return Ok(());
    };
    let scope = shared.session.get("dmScope");
    if !scope.is_nullish() && !scope.is("main") {
        return Ok(());
    }
    // The store is read only where the config does not decide it.
    let who = if dm.has_wildcard() {
        "anyone (\"*\")".to_owned()
    } else {
        let people = if dm.listed.len() > 1 {
            dm.listed.len()
        } else {
            dm.together(context.paired()?).len()
        };
        if people < 2 {
            return Ok(());
        }
        format!("{people} people")
    };
    let title = format!("{}: several people share one DM session", context.label());
    findings.add(
        rule::DM_SCOPE_MAIN_MULTIUSER
            .finding([&context.id_part()])
            .title(title)
            .detail(format!(
                "session.dmScope=\"main\" puts the DMs of all senders into one session, and {} admits {who}. What one \
                 of them writes, and the answers, can show up for the others.",
                dm.list_path
            ))
            .remediation(
                "Run: openclaw config set session.dmScope \"per-channel-peer\" (or \"per-account-channel-peer\" for \
                 a channel with several accounts).",
            )
            .at(&scope)
            .at(&dm.list_place),
    );
    Ok(())
}

/// No one is admitted.
pub(crate) fn locked<'t>(
    context: &AccountContext<'t>,
    _: &SharedContext<'t>,
    findings: &mut Findings,
) -> Outcome {
    let Some(dm) = &context.dm else { return Ok(()) };
    let may_lock = matches!(dm.policy, Policy::Allowlist | Policy::Pairing);
    if !may_lock || !dm.admitted(|| context.paired())?.is_empty() {
        return Ok(());
    }
    let title = format!("{}: direct messages are locked", context.label());
    let channel = context.channel();
    findings.add(
        rule::DM_LOCKED
            .finding([&context.id_part()])
            .title(title)
            .detail(format!(
                "{}=\"{}\" and no sender is admitted: anyone who writes is ignored or gets a pairing code.",
                dm.policy_path, dm.word
            ))
            .remediation(format!(
                "Approve senders with: openclaw pairing list {channel} / openclaw pairing approve {channel} <code>"
            ))
            .at(&dm.policy_place),
    );
    Ok(())
}
