//! The run over all channels and accounts that are in use, and the order of its rules.

use chitin_openclaw::channels::{accounts, credentials, sections};
use chitin_openclaw::roster::Roster;
use chitin_sdk::{Host, Outcome};

use crate::account_context::{AccountContext, SharedContext};
use crate::findings::Findings;
use crate::routing::Routing;
use crate::rule;
use crate::{
    collisions, discord, dm_rules, groups, mutable_names, routing_rules, slack, synology, telegram,
    unresolved_credentials, warnings, zalouser,
};

/// A rule, or several, for every account.
enum Check {
    /// Decided by the config.
    ByConfig(for<'t> fn(&AccountContext<'t>, &SharedContext<'t>, &mut Findings)),
    /// Asks the host for more. If that is refused, only these rules are not run.
    Asking {
        rules: &'static [&'static str],
        run: for<'t> fn(&AccountContext<'t>, &SharedContext<'t>, &mut Findings) -> Outcome,
    },
}

const CHECKS: &[Check] = &[
    Check::ByConfig(mutable_names::dangerous_matching),
    Check::ByConfig(mutable_names::inert_entries),
    Check::ByConfig(dm_rules::policy),
    Check::Asking {
        rules: &[rule::DM_SCOPE_MAIN_MULTIUSER.pattern],
        run: dm_rules::shared_session,
    },
    Check::Asking { rules: &[rule::DM_LOCKED.pattern], run: dm_rules::locked },
    Check::Asking {
        rules: &[rule::ROUTING_OWNER_MISSING.pattern],
        run: routing_rules::without_owner,
    },
    Check::ByConfig(groups::open),
    Check::Asking { rules: &[rule::WARNING.pattern], run: warnings::all },
    Check::Asking { rules: &[rule::DISCORD_ALLOW_FROM_NAME_BASED_ENTRIES.id], run: discord::names },
    Check::ByConfig(discord::unrestricted_commands),
    Check::Asking {
        rules: &[rule::DISCORD_COMMANDS_NATIVE_NO_ALLOWLISTS.id],
        run: discord::commands_without_lists,
    },
    Check::ByConfig(discord::broad_members),
    Check::ByConfig(slack::access_groups_off),
    Check::Asking {
        rules: &[rule::SLACK_COMMANDS_SLASH_NO_ALLOWLISTS.id],
        run: slack::commands_without_lists,
    },
    Check::Asking {
        rules: &[rule::TELEGRAM_ALLOW_FROM_INVALID_ENTRIES.id],
        run: telegram::invalid_entries,
    },
    Check::ByConfig(telegram::wildcard),
    Check::Asking {
        rules: &[rule::TELEGRAM_GROUPS_ALLOW_FROM_MISSING.id],
        run: telegram::missing_list,
    },
    Check::ByConfig(zalouser::mutable_groups),
    Check::ByConfig(synology::policy),
    Check::ByConfig(synology::replies_by_name),
];

/// Checks every account that is enabled and configured, the channels in config order.
pub(crate) fn channels(host: &dyn Host) -> Outcome {
    let channels = host.effective("/channels")?;
    let commands = host.effective("/commands")?;
    let session = host.effective("/session")?;
    let bindings = host.effective("/bindings")?;
    let agents = host.effective("/agents")?;
    let web_enabled = host.effective("/web/enabled")?;

    let shared = SharedContext {
        host,
        commands: commands.root(),
        default_group_policy: channels.at(["defaults", "groupPolicy"]),
        routing: Routing::of(&bindings.root(), &agents.root(), &session.root()),
        session: session.root(),
    };
    let owner = Roster::of(&agents.root()).default_agent();
    let mut findings = Findings::default();
    let mut contexts = Vec::new();
    for channel in sections(&channels.root()) {
        for account in accounts(&channel, &bindings.root(), owner.as_deref(), host)? {
            if !account.is_enabled(&web_enabled.root()) {
                continue;
            }
            let credentials = credentials(&account, host)?;
            unresolved_credentials::unresolved(&account, &credentials.unresolved, &mut findings);
            if credentials.configured {
                let paired = host.pairing_store(channel.id, account.id());
                let context = AccountContext::new(account, paired);
                check(&context, &shared, &mut findings);
                contexts.push(context);
            }
        }
    }
    collisions::find(&contexts, &shared, &mut findings);
    findings.report(host);
    host.not_applicable(
        rule::DM_WILDCARD_ROUTING_UNVERIFIED.pattern,
        "it is about plugins that route direct messages with their own code, which a config does not show",
    );
    Ok(())
}

fn check<'t>(context: &AccountContext<'t>, shared: &SharedContext<'t>, findings: &mut Findings) {
    for check in CHECKS {
        match check {
            Check::ByConfig(run) => run(context, shared, findings),
            Check::Asking { rules, run } => {
                if let Err(refusal) = run(context, shared, findings) {
                    findings.refuse(rules, &refusal);
                }
            }
        }
    }
}
