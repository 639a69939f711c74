//! What a caller of the webhooks may choose: the agent and the session; and which endpoints their path shadows.

use chitin_openclaw::auth::Reach;
use chitin_sdk::{Host, Node, Outcome, Refusal, Severity};

use crate::enabled_hooks;
use crate::rule;

pub(crate) fn path(host: &dyn Host) -> Outcome {
    let rule = rule::PATH_ROOT.id;
    let Some(hooks) = enabled_hooks(host, rule)? else {
        return Ok(());
    };
    let path = hooks.at(["path"]);
    if path.trimmed() == Some("/") {
        rule::PATH_ROOT.finding()
            .detail("hooks.path=\"/\" gives the webhooks precedence over the gateway's other HTTP endpoints.")
            .remediation("Set hooks.path to a separate path, for example \"/hooks\".")
            .at(&path)
            .report(host);
    }
    Ok(())
}

pub(crate) fn default_session(host: &dyn Host) -> Outcome {
    let rule = rule::DEFAULT_SESSION_KEY_UNSET.id;
    let Some(hooks) = enabled_hooks(host, rule)? else {
        return Ok(());
    };
    let key = hooks.at(["defaultSessionKey"]);
    if !key.is_configured() {
        rule::DEFAULT_SESSION_KEY_UNSET.finding()
            .detail(
                "hooks.defaultSessionKey is not set, so a webhook run without a session key gets a generated \
                 one for each request, and input from webhooks is not kept in one known session.",
            )
            .remediation("Set hooks.defaultSessionKey, for example \"hook:ingress\".")
            .at(&key)
            .report(host);
    }
    Ok(())
}

pub(crate) fn agents(host: &dyn Host) -> Outcome {
    let rule = rule::ALLOWED_AGENT_IDS_UNRESTRICTED.id;
    let Some(hooks) = enabled_hooks(host, rule)? else {
        return Ok(());
    };
    let ids = hooks.at(["allowedAgentIds"]);
    if ids.is_array() && !ids.strings().contains(&"*") {
        return Ok(());
    }
    let cause = if ids.is_array() { "includes \"*\"" } else { "is not set" };
    rule::ALLOWED_AGENT_IDS_UNRESTRICTED.finding_at(severity(host)?)
        .detail(format!(
            "hooks.allowedAgentIds {cause}, so a caller with the webhook token may route a run to any \
             configured agent, including the default one."
        ))
        .remediation("Set hooks.allowedAgentIds to the agents meant for webhooks, or to [] to deny agent routing.")
        .at(&ids)
        .report(host);
    Ok(())
}

pub(crate) fn session_choice(host: &dyn Host) -> Outcome {
    let rule = rule::REQUEST_SESSION_KEY_ENABLED.id;
    let Some(hooks) = enabled_hooks(host, rule)? else {
        return Ok(());
    };
    let allow = hooks.at(["allowRequestSessionKey"]);
    if allow.is_true() {
        rule::REQUEST_SESSION_KEY_ENABLED.finding_at(severity(host)?)
            .detail(
                "hooks.allowRequestSessionKey=true lets callers of the agent webhook name the session a run belongs \
                 to. Treat everyone with the webhook token as fully trusted.",
            )
            .remediation(
                "Set hooks.allowRequestSessionKey=false, or restrict the keys with hooks.allowedSessionKeyPrefixes.",
            )
            .at(&allow)
            .report(host);
    }
    Ok(())
}

pub(crate) fn session_prefixes(host: &dyn Host) -> Outcome {
    let rule = rule::REQUEST_SESSION_KEY_PREFIXES_MISSING.id;
    let Some(hooks) = enabled_hooks(host, rule)? else {
        return Ok(());
    };
    let prefixes = hooks.at(["allowedSessionKeyPrefixes"]);
    let restricted = prefixes.items().iter().any(Node::is_configured);
    if hooks.at(["allowRequestSessionKey"]).is_true() && !restricted {
        rule::REQUEST_SESSION_KEY_PREFIXES_MISSING.finding_at(severity(host)?)
            .detail(
                "hooks.allowRequestSessionKey=true and hooks.allowedSessionKeyPrefixes names no prefix, so a \
                 request can reach a session of any kind.",
            )
            .remediation(
                "Set hooks.allowedSessionKeyPrefixes, for example [\"hook:\"], or set \
                 hooks.allowRequestSessionKey=false.",
            )
            .at(&prefixes)
            .report(host);
    }
    Ok(())
}

/// It is critical where callers can come from other machines.
fn severity(host: &dyn Host) -> Result<Severity, Refusal> {
    Ok(if Reach::read(host)?.exposed() { Severity::Critical } else { Severity::Warn })
}
