//! How the live gateway answered. The host probes it; the answer is evaluated here.

use chitin_sdk::{Host, Outcome};

use crate::rule;

/// The credentials that a warning may name.
const CREDENTIALS: [(&str, &str); 4] = [
    ("gateway.auth.token", "/gateway/auth/token"),
    ("gateway.auth.password", "/gateway/auth/password"),
    ("gateway.remote.token", "/gateway/remote/token"),
    ("gateway.remote.password", "/gateway/remote/password"),
];

pub(crate) fn live_gateway(host: &dyn Host) -> Outcome {
    let probe = host.gateway_probe()?;
    if !probe.ok {
        rule::PROBE_FAILED
            .finding()
            .detail(probe.error.unwrap_or_else(|| "gateway unreachable".to_owned()))
            .remediation(
                "Run \"openclaw status --all\" to look into reachability and credentials, then run \
                 \"chitin audit --deep\" again.",
            )
            .report(host);
    }
    if let Some(warning) = probe.credential_warning {
        unresolved_credential(host, &warning)?;
    }
    Ok(())
}

fn unresolved_credential(host: &dyn Host, warning: &str) -> Outcome {
    let named = CREDENTIALS.iter().find(|(path, _)| warning.contains(path));
    let finding =
        rule::PROBE_AUTH_SECRETREF_UNAVAILABLE.finding()
            .detail(warning)
            .remediation(
                "Set OPENCLAW_GATEWAY_TOKEN or OPENCLAW_GATEWAY_PASSWORD where the config refers to it, give --token \
                 or --password, or make the secret provider available; then run \"chitin audit --deep\" again.",
            );
    match named {
        Some((_, pointer)) => finding.at(&host.effective(pointer)?.root()).report(host),
        None => finding.report(host),
    }
    Ok(())
}
