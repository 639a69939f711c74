//! Browser control as a service: settings that keep it from starting, and who may call it.

use chitin_openclaw::auth::{CredentialKind, Mode};
use chitin_sdk::{Host, Node, Outcome, Refusal, Seal, Tree, text};

use crate::profiles::{Address, profiles};
use crate::rule;
use crate::settings::{self, Base, Problem, usable};

/// How many profiles a finding names.
const SHOWN: usize = 10;

pub(crate) fn invalid_settings(host: &dyn Host) -> Outcome {
    let browser = host.effective("/browser")?;
    match settings::resolve(host, &browser)? {
        Err(problem) => report_invalid(host, problem),
        Ok(base) if settings::is_enabled(&browser) => invalid_profiles(host, &browser, &base),
        Ok(_) => {}
    }
    Ok(())
}

/// OpenClaw 2026.9.6 aborts its whole audit because of such a profile.
fn invalid_profiles(host: &dyn Host, browser: &Tree, base: &Base) {
    let problems: Vec<String> = profiles(browser, base)
        .into_iter()
        .filter_map(|profile| match profile.address {
            Address::Wrong(problem) => Some(problem),
            _ => None,
        })
        .collect();
    if !problems.is_empty() {
        let detail = format!("Profiles that cannot be used:\n{}", text::bullets(&problems, SHOWN));
        report_invalid(host, Problem::new(detail, &browser.at(["profiles"])));
    }
}

fn report_invalid(host: &dyn Host, problem: Problem) {
    rule::CONTROL_INVALID_CONFIG
        .finding()
        .detail(problem.text)
        .remediation("Correct browser.cdpUrl, or the named setting under browser or gateway, and run the audit again.")
        .at_location(problem.place)
        .report(host);
}

/// Without a `browser` section the default is not worth a warning on every config.
pub(crate) fn legacy_relay(host: &dyn Host) -> Outcome {
    let Some((browser, _)) = usable(host, &[rule::EXTENSION_RELAY_LEGACY_AUTH.id])? else {
        return Ok(());
    };
    let allow = browser.at(["extensionRelay", "allowLegacyAuth"]);
    if allow.is_false() || !browser.root().is_object() {
        return Ok(());
    }
    rule::EXTENSION_RELAY_LEGACY_AUTH
        .finding()
        .detail(
            "browser.extensionRelay.allowLegacyAuth is not false (true is its default), so old clients of the relay \
             can still log in with Bearer, Basic or a token in the subprotocol.",
        )
        .remediation(
            "Update paired browser extensions and other CDP clients to version 2 of the relay's authentication, then set \
             browser.extensionRelay.allowLegacyAuth=false.",
        )
        .at(&allow)
        .report(host);
    Ok(())
}

pub(crate) fn authentication(host: &dyn Host) -> Outcome {
    let Some((browser, _)) = usable(host, &[rule::CONTROL_NO_AUTH.id])? else {
        return Ok(());
    };
    let auth = host.effective("/gateway/auth")?;
    if has_secret(host, &auth.root())? {
        return Ok(());
    }
    rule::CONTROL_NO_AUTH
        .finding()
        .detail(
            "Browser control is on and no gateway token or password is configured, so any program on this machine, \
             or a web page that makes the gateway send requests, can control the browser and every account it is logged in to.",
        )
        .remediation(
            "Set gateway.auth.token (preferred) or gateway.auth.password, or set browser.enabled=false. A gateway with \
             browser control generates a token when it is restarted.",
        )
        .at(&auth.root())
        .at(&browser.at(["enabled"]))
        .report(host);
    Ok(())
}

/// Browser control uses the gateway's own credentials, whatever the mode; those of a remote gateway do not count.
fn has_secret(host: &dyn Host, auth: &Node<'_>) -> Result<bool, Refusal> {
    let environment = |kind: CredentialKind| host.environment(kind.variable());
    let token = auth.get(CredentialKind::Token.word()).is_configured();
    if token
        || environment(CredentialKind::Token)?.is_some()
        || environment(CredentialKind::Password)?.is_some()
    {
        return Ok(true);
    }
    let password = auth.get(CredentialKind::Password.word());
    // A reference counts only where the gateway could be using a password.
    let can_win = matches!(Mode::explicit(auth), None | Some(Mode::Password | Mode::Unknown));
    Ok(password.seal().as_ref().is_some_and(Seal::has_value)
        || (can_win && password.is_configured()))
}
