//! Rules for Slack: who may use slash commands.

use chitin_openclaw::channels::Native;
use chitin_sdk::{Outcome, Refusal};

use crate::account_context::{AccountContext, SharedContext};
use crate::findings::Findings;
use crate::rule;

const CHANNEL: &str = "slack";

/// Slash commands are on, directly or as native commands.
fn has_commands<'t>(context: &AccountContext<'t>, shared: &SharedContext<'t>) -> bool {
    let own = context.account.get("commands");
    context.channel() == CHANNEL
        && (context.account.get("slashCommand").get("enabled").is_true()
            || [Native::Commands, Native::Skills]
                .iter()
                .any(|native| native.is_on(CHANNEL, &own, &shared.commands)))
}

/// Slash commands without access groups.
pub(crate) fn access_groups_off<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
    findings: &mut Findings,
) {
    let switch = shared.commands.get("useAccessGroups");
    if !has_commands(context, shared) || !switch.is_false() {
        return;
    }
    findings.add(
        rule::SLACK_COMMANDS_SLASH_USE_ACCESS_GROUPS_OFF.finding()
            .detail(
                "Slack slash commands are on while commands.useAccessGroups=false: anyone in the workspace can use \
                 /… commands, from any channel and without being on a list.",
            )
            .remediation("Set commands.useAccessGroups=true (recommended), or turn the slash commands off.")
            .at(&switch),
    );
}

/// Slash commands without a list of who may use them.
pub(crate) fn commands_without_lists<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
    findings: &mut Findings,
) -> Outcome {
    if !has_commands(context, shared) || shared.commands.get("useAccessGroups").is_false() {
        return Ok(());
    }
    let channels = context.account.get("channels");
    let names_users =
        channels.members().iter().any(|(_, channel)| !channel.get("users").items().is_empty());
    let has_owner = || -> Result<bool, Refusal> {
        Ok(!context.account.allow_from().texts().is_empty() || !context.paired()?.is_empty())
    };
    if names_users || has_owner()? {
        return Ok(());
    }
    findings.add(
        rule::SLACK_COMMANDS_SLASH_NO_ALLOWLISTS.finding()
            .detail(
                "Slack slash commands are on, and neither an owner list nor users of a channel are configured: /… \
                 commands are refused for everyone until a policy changes.",
            )
            .remediation(
                "Approve yourself by pairing (recommended), or set channels.slack.allowFrom or \
                 channels.slack.channels.<id>.users.",
            )
            .at(&context.account.allow_from().place),
    );
    Ok(())
}
