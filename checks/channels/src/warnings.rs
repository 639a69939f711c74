//! Warnings about single channels that do not have their own rule id: `channels.<channel>.warning.<n>`.
//!
//! The number counts the findings of the pass, so it means nothing beyond one report.

use chitin_sdk::{Node, Outcome, Refusal};

use crate::account_context::{AccountContext, SharedContext};
use crate::dm::Policy;
use crate::findings::Findings;
use crate::rule;
use crate::synology;

/// A warning about a setting.
struct Warning<'t> {
    text: String,
    remediation: &'static str,
    place: Node<'t>,
}

/// Reports the warnings about an account.
pub(crate) fn all<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
    findings: &mut Findings,
) -> Outcome {
    let warnings = match context.channel() {
        "googlechat" => google_chat(context),
        "irc" => irc(context, shared)?,
        synology::CHANNEL => synology_chat(context, shared)?,
        _ => Vec::new(),
    };
    for warning in warnings {
        let number = findings.count() + 1;
        let title = format!("{}: security warning", context.label());
        findings.add(
            rule::WARNING
                .finding([&context.id_part(), &number.to_string()])
                .title(title)
                .detail(warning.text)
                .remediation(warning.remediation)
                .at(&warning.place),
        );
    }
    Ok(())
}

fn google_chat<'t>(context: &AccountContext<'t>) -> Vec<Warning<'t>> {
    let open = context.dm.iter().filter(|dm| dm.policy == Policy::Open);
    open.map(|dm| Warning {
        text: format!(
            "{}=\"open\" lets anyone in the Google Workspace DM the bot.",
            dm.policy_path
        ),
        remediation: "Use pairing or an allowlist.",
        place: dm.policy_place.clone(),
    })
    .collect()
}

fn irc<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
) -> Result<Vec<Warning<'t>>, Refusal> {
    let account = &context.account;
    let prefix = account.prefix();
    let mut warnings = Vec::new();
    let tls = account.get("tls");
    // TLS is on by default.
    if !tls.is_absent() && !tls.is_truthy() {
        warnings.push(Warning {
            text: format!(
                "TLS is disabled ({prefix}.tls=false): traffic and credentials are plain text."
            ),
            remediation: "Set tls to true.",
            place: tls,
        });
    }
    let nickserv = account.get("nickserv");
    let register = nickserv.get("register");
    if register.is_truthy() {
        warnings.push(Warning {
            text: format!(
                "{prefix}.nickserv.register=true sends REGISTER to NickServ at every connection, with the password."
            ),
            remediation: "Turn it off after the first successful registration.",
            place: register.clone(),
        });
        let has_password =
            ["password", "passwordFile"].iter().any(|key| nickserv.get(key).is_configured())
                || shared.host.environment("IRC_NICKSERV_PASSWORD")?.is_some();
        if !has_password {
            warnings.push(Warning {
                text: format!(
                    "{prefix}.nickserv.register=true has no password, so registration fails."
                ),
                remediation: "Set the NickServ password.",
                place: register,
            });
        }
    }
    Ok(warnings)
}

fn synology_chat<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
) -> Result<Vec<Warning<'t>>, Refusal> {
    let account = &context.account;
    let prefix = account.prefix();
    let mut warnings = Vec::new();
    let needed = [
        (
            "token",
            "SYNOLOGY_CHAT_TOKEN",
            "the webhook cannot recognize genuine requests and rejects all of them",
            "Set the token of the outgoing webhook.",
        ),
        (
            "incomingUrl",
            "SYNOLOGY_CHAT_INCOMING_URL",
            "the bot cannot send replies",
            "Set the address of the incoming webhook.",
        ),
    ];
    for (key, variable, effect, remediation) in needed {
        let place = account.get(key);
        if !place.is_configured() && shared.host.environment(variable)?.is_none() {
            let text = format!("{prefix}.{key} is not configured: {effect}.");
            warnings.push(Warning { text, remediation, place });
        }
    }
    let insecure = account.get("allowInsecureSsl");
    if insecure.is_true() {
        warnings.push(Warning {
            text: format!(
                "{prefix}.allowInsecureSsl=true accepts any certificate, so someone on the network path can read \
                 and change messages."
            ),
            remediation: "Use it only with a NAS in the same local network, better with a real certificate.",
            place: insecure,
        });
    }
    Ok(warnings)
}
