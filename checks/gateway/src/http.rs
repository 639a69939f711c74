//! The HTTP APIs beside the Control UI: which of them answer without a secret, which tools they run, and whether a
//! caller may choose the session.

mod denied_tools;

use chitin_openclaw::auth::{Auth, Mode, Reach, Sources};
use chitin_sdk::{Host, Outcome, Refusal, Tree};

use self::denied_tools::DENIED_BY_DEFAULT;

use crate::critical_where;
use crate::rule;

pub(crate) fn invocable_tools(host: &dyn Host) -> Outcome {
    let tools = host.effective("/gateway/tools")?;
    let allow = tools.at(["allow"]);
    let allowed: Vec<String> = allow.strings().iter().map(|name| name.to_lowercase()).collect();
    let hits: Vec<&str> = DENIED_BY_DEFAULT
        .iter()
        .copied()
        .filter(|name| allowed.iter().any(|entry| entry == name))
        .collect();
    if hits.is_empty() {
        return Ok(());
    }
    let reach = Reach::read(host)?;
    rule::TOOLS_INVOKE_HTTP_DANGEROUS_ALLOW
        .finding_at(critical_where(reach.beyond_loopback() || reach.funneled()))
        .detail(format!(
            "gateway.tools.allow includes {}, which POST /tools/invoke denies by default. Anyone who can call the \
             gateway can then run them, up to commands on this machine.",
            hits.join(", ")
        ))
        .remediation(
            "Remove these entries from gateway.tools.allow. If you need them, keep the gateway on loopback or the \
             tailnet and treat its token or password as full control of the machine.",
        )
        .at(&allow)
        .report(host);
    Ok(())
}

pub(crate) fn open_endpoints(host: &dyn Host) -> Outcome {
    let auth = Sources::read(host)?.in_effect();
    if is_guarded(&auth) {
        return Ok(());
    }
    let endpoints = endpoints(host)?.join(", ");
    let cause = match auth.mode() {
        Mode::None => "gateway.auth.mode=\"none\"",
        Mode::Unknown => "A gateway.auth.mode that OpenClaw does not know",
        Mode::Token | Mode::Password | Mode::TrustedProxy => {
            "An authentication mode without a usable token or password"
        }
    };
    let config = host.effective("/gateway/auth")?;
    rule::HTTP_NO_AUTH
        .finding_at(critical_where(Reach::read(host)?.exposed()))
        .detail(format!(
            "{cause} leaves {endpoints} callable without a shared secret. Every program on this machine can use them, and so \
             can anyone else who reaches the port."
        ))
        .remediation(
            "Set gateway.auth.mode to \"token\" or \"password\" with a long random secret. To run without a secret, keep \
             gateway.bind=\"loopback\" and leave the optional HTTP endpoints and plugins off.",
        )
        .at(&config.root())
        .report(host);
    Ok(())
}

fn is_guarded(auth: &Auth) -> bool {
    match auth.mode() {
        Mode::TrustedProxy => true,
        Mode::None | Mode::Unknown => false,
        // A SecretRef that could not be resolved in this run may well be resolved by the gateway.
        Mode::Token | Mode::Password => auth.active_secret().is_some() || auth.awaits_reference(),
    }
}

fn endpoints(host: &dyn Host) -> Result<Vec<&'static str>, Refusal> {
    let mut endpoints = vec!["/tools/invoke"];
    endpoints.extend(session_endpoints(&host.effective("/gateway/http")?));
    if host.effective("/plugins/entries/admin-http-rpc/enabled")?.root().is_true() {
        endpoints.push("/api/v1/admin/rpc");
    }
    Ok(endpoints)
}

fn session_endpoints(http: &Tree) -> Vec<&'static str> {
    [("chatCompletions", "/v1/chat/completions"), ("responses", "/v1/responses")]
        .into_iter()
        .filter(|(key, _)| http.at(["endpoints", key, "enabled"]).is_true())
        .map(|(_, path)| path)
        .collect()
}

pub(crate) fn session_keys(host: &dyn Host) -> Outcome {
    let http = host.effective("/gateway/http")?;
    let endpoints = session_endpoints(&http);
    if endpoints.is_empty() {
        return Ok(());
    }
    rule::HTTP_SESSION_KEY_OVERRIDE_ENABLED
        .finding()
        .detail(format!(
            "{} {} the header x-openclaw-session-key, with which each request selects its session. Treat \
             everyone with the API credential as trusted.",
            endpoints.join(", "),
            if endpoints.len() == 1 { "accepts" } else { "accept" }
        ))
        .at(&http.at(["endpoints"]))
        .report(host);
    Ok(())
}
