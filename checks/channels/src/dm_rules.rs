//! Rules about direct messages: open, disabled, locked, and one session for several people.

use chitin_sdk::{Finding, Outcome};

use crate::dm::{Dm, Policy};
use crate::findings::Findings;
use crate::rule;
use crate::subject::{Subject, Surroundings};

/// What the policy alone says.
pub(crate) fn policy<'t>(subject: &Subject<'t>, _: &Surroundings<'t>, findings: &mut Findings) {
    let Some(dm) = &subject.dm else { return };
    match dm.policy {
        Policy::Open => {
            findings.add(open(subject, dm));
            if !dm.has_wildcard() {
                findings.add(inconsistent(subject, dm));
            }
        }
        Policy::Disabled => findings.add(disabled(subject, dm)),
        Policy::Allowlist | Policy::Pairing => {}
    }
}

fn open(subject: &Subject<'_>, dm: &Dm<'_>) -> Finding {
    let title = format!("{}: everybody may send direct messages", subject.label());
    rule::DM_OPEN
        .finding([&subject.id_part()])
        .title(title)
        .detail(format!("{}=\"open\" lets anyone DM the bot.", dm.policy_path))
        .remediation(format!(
            "Use \"pairing\" or \"allowlist\". If open DMs are really wanted, say so by adding \"*\" to {}.",
            dm.list_path
        ))
        .at(&dm.policy_place)
}

fn inconsistent(subject: &Subject<'_>, dm: &Dm<'_>) -> Finding {
    let title = format!("{}: DM settings contradict each other", subject.label());
    rule::DM_OPEN_INVALID
        .finding([&subject.id_part()])
        .title(title)
        .detail(format!(
            "{}=\"open\" asks for \"*\" in {}, which is not there. OpenClaw refuses such a config for most channels.",
            dm.policy_path, dm.list_path
        ))
        .at(&dm.policy_place)
        .at(&dm.list_place)
}

fn disabled(subject: &Subject<'_>, dm: &Dm<'_>) -> Finding {
    let title = format!("{}: direct messages are disabled", subject.label());
    rule::DM_DISABLED
        .finding([&subject.id_part()])
        .title(title)
        .detail(format!("{}=\"disabled\" ignores every incoming DM.", dm.policy_path))
        .at(&dm.policy_place)
}

/// Several people, and by `session.dmScope` one session for all of them.
pub(crate) fn shared_session<'t>(
    subject: &Subject<'t>,
    around: &Surroundings<'t>,
    findings: &mut Findings,
) -> Outcome {
    let Some(dm) = subject.dm.as_ref().filter(|dm| dm.policy != Policy::Disabled) else {
        return Ok(());
    };
    let scope = around.session.get("dmScope");
    if !scope.is_nullish() && !scope.is("main") {
        return Ok(());
    }
    // The store is asked only where the config does not settle it.
    let who = if dm.has_wildcard() {
        "everybody (\"*\")".to_owned()
    } else {
        let people = if dm.listed.len() > 1 {
            dm.listed.len()
        } else {
            dm.together(subject.paired()?).len()
        };
        if people < 2 {
            return Ok(());
        }
        format!("{people} people")
    };
    let title = format!("{}: several people share one DM session", subject.label());
    findings.add(
        rule::DM_SCOPE_MAIN_MULTIUSER
            .finding([&subject.id_part()])
            .title(title)
            .detail(format!(
                "session.dmScope=\"main\" puts the DMs of all senders into one session, and {} admits {who}. What one \
                 of them writes or is told can show up for the others.",
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

/// Nobody can get in.
pub(crate) fn locked<'t>(
    subject: &Subject<'t>,
    _: &Surroundings<'t>,
    findings: &mut Findings,
) -> Outcome {
    let Some(dm) = &subject.dm else { return Ok(()) };
    let may_lock = matches!(dm.policy, Policy::Allowlist | Policy::Pairing);
    if !may_lock || !dm.admitted(|| subject.paired())?.is_empty() {
        return Ok(());
    }
    let title = format!("{}: direct messages are locked", subject.label());
    let channel = subject.channel();
    findings.add(
        rule::DM_LOCKED
            .finding([&subject.id_part()])
            .title(title)
            .detail(format!(
                "{}=\"{}\" and no sender is admitted: whoever writes is ignored or gets a pairing code.",
                dm.policy_path, dm.word
            ))
            .remediation(format!(
                "Admit people with: openclaw pairing list {channel} / openclaw pairing approve {channel} <code>"
            ))
            .at(&dm.policy_place),
    );
    Ok(())
}
