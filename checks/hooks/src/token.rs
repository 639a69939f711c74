//! How good the webhook token is, and whether it opens the gateway as well.

use chitin_openclaw::auth::{Auth, CredentialKind, SHORTEST_SECRET, Sources};
use chitin_sdk::{Host, Outcome, Seal};

use crate::enabled_hooks;
use crate::rule;

pub(crate) fn length(host: &dyn Host) -> Outcome {
    let rule = rule::TOKEN_TOO_SHORT.id;
    let Some(hooks) = enabled_hooks(host, rule)? else {
        return Ok(());
    };
    let token = hooks.at(["token"]);
    let Some(seal) = token.seal().filter(Seal::has_value) else {
        host.not_applicable(rule, "No value of hooks.token is known in this run.");
        return Ok(());
    };
    if seal.length < SHORTEST_SECRET {
        rule::TOKEN_TOO_SHORT
            .finding()
            .detail(format!("hooks.token is {} chars; prefer a long random one.", seal.length))
            .at(&token)
            .report(host);
    }
    Ok(())
}

pub(crate) fn reuse(host: &dyn Host) -> Outcome {
    let rule = rule::TOKEN_REUSE_GATEWAY_TOKEN.id;
    let Some(hooks) = enabled_hooks(host, rule)? else {
        return Ok(());
    };
    let token = hooks.at(["token"]);
    let Some(seal) = token.seal().filter(|seal| seal.has_value() || seal.is_unresolved_reference())
    else {
        host.not_applicable(rule, "No value of hooks.token is known in this run.");
        return Ok(());
    };
    let sources = Sources::read(host)?;
    if sources.persisted().active_secret_or_reference().is_none()
        && sources.in_effect().active_secret_or_reference().is_none()
    {
        host.not_applicable(rule, "No shared secret of the gateway is known in this run.");
        return Ok(());
    }
    let Some((kind, remediation)) = reused(&sources, &seal) else {
        return Ok(());
    };
    let gateway = host.effective("/gateway/auth")?;
    let word = kind.word();
    rule::TOKEN_REUSE_GATEWAY_TOKEN
        .finding()
        .title(format!("The webhook token is the gateway {word}"))
        .detail(format!(
            "hooks.token has the same value as the gateway {word}, so anyone who learns the webhook token, for \
             example from a service that calls it, controls the gateway as well."
        ))
        .remediation(remediation)
        .at(&token)
        .at(&gateway.at([word]))
        .report(host);
    Ok(())
}

/// What is persisted comes first: that can be fixed in the config, an option of this run cannot.
fn reused(sources: &Sources, hooks_token: &Seal) -> Option<(CredentialKind, &'static str)> {
    let opens = |auth: &Auth| {
        auth.active_secret_or_reference()
            .filter(|(_, secret)| secret.same_value(hooks_token))
            .map(|(kind, _)| kind)
    };
    if let Some(kind) = opens(&sources.persisted()) {
        return Some((
            kind,
            "Give hooks.token a separate value; `openclaw doctor --fix` rotates it where it is written in the \
             config. Then give the new token to the services that call the webhooks.",
        ));
    }
    let kind = opens(&sources.in_effect())?;
    Some((
        kind,
        "Give hooks.token a separate value, or change the gateway secret that this run was given. Neither can be \
         rotated from the config alone.",
    ))
}
