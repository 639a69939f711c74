//! Rules for Synology Chat, where the list of senders works differently.

use crate::account_context::{AccountContext, NAME_SWITCH, SharedContext};
use crate::dm::Policy;
use crate::findings::Findings;
use crate::rule;

pub(crate) const CHANNEL: &str = "synology-chat";

/// Policy and list contradict each other, or together admit anyone.
pub(crate) fn policy<'t>(
    context: &AccountContext<'t>,
    _: &SharedContext<'t>,
    findings: &mut Findings,
) {
    let Some(dm) = context.dm.as_ref().filter(|_| context.channel() == CHANNEL) else {
        return;
    };
    let list = &dm.list_path;
    let problem = match dm.policy {
        Policy::Open if dm.entries.is_empty() => format!(
            "{}=\"open\" with an empty {list} is refused at start, and would admit anyone",
            dm.policy_path
        ),
        Policy::Open if dm.has_wildcard() => {
            format!(
                "{}=\"open\" with \"*\" in {list} admits anyone who can reach the webhook",
                dm.policy_path
            )
        }
        Policy::Allowlist if dm.entries.is_empty() => {
            format!("{}=\"allowlist\" with an empty {list} blocks every sender", dm.policy_path)
        }
        _ => return,
    };
    let title = format!("{}: the DM policy needs a list of users", context.label());
    findings.add(
        rule::SYNOLOGY_CHAT_DM_POLICY.finding().title(title)
            .detail(format!("{problem}."))
            .remediation(format!(
                "Set {}=\"allowlist\" and put the wanted user ids into {list}; {}=\"open\" admits anyone.",
                dm.policy_path, dm.policy_path
            ))
            .at(&dm.policy_place)
            .at(&dm.list_place),
    );
}

/// Replies are addressed by name.
pub(crate) fn replies_by_name<'t>(
    context: &AccountContext<'t>,
    _: &SharedContext<'t>,
    findings: &mut Findings,
) {
    let switch = context.account.get(NAME_SWITCH);
    if context.channel() != CHANNEL || !switch.is_true() {
        return;
    }
    let title = format!("{}: replies are addressed by name", context.label());
    findings.add(
        rule::SYNOLOGY_CHAT_REPLY_DANGEROUS_NAME_MATCHING_ENABLED
            .finding()
            .title(title)
            .detail(format!(
                "{NAME_SWITCH}=true lets the name in a message decide who gets the reply. Someone who takes another user's \
             name gets that user's replies."
            ))
            .remediation(format!("Disable {NAME_SWITCH}. Replies then go to stable user ids."))
            .at(&switch),
    );
}
