//! Whether callers of the gateway have to authenticate, and whether guessing is rate limited. How good a
//! secret is belongs to `secrets`.

use chitin_openclaw::auth::{Auth, Mode, Reach, Sources};
use chitin_sdk::{Host, Outcome};

use crate::control_ui;
use crate::rule;

pub(crate) fn authentication(host: &dyn Host) -> Outcome {
    let reach = Reach::read(host)?;
    let auth = Sources::read(host)?.in_effect();
    if reach.beyond_loopback() {
        bind_no_auth(host, &reach, &auth)
    } else {
        loopback_no_auth(host, &auth)
    }
}

fn bind_no_auth(host: &dyn Host, reach: &Reach, auth: &Auth) -> Outcome {
    if is_guarded(auth) {
        return Ok(());
    }
    let gateway = host.effective("/gateway")?;
    rule::BIND_NO_AUTH
        .finding()
        .detail(format!(
            "gateway.bind=\"{}\" makes the gateway reachable from other machines, and no token or password is configured \
             for its authentication mode.{}",
            reach.bind(),
            auth.unset_variables()
        ))
        .remediation("Set gateway.auth.token (preferred) or a password, or set gateway.bind=\"loopback\".")
        .at(&gateway.at(["bind"]))
        .at(&gateway.at(["auth"]))
        .report(host);
    Ok(())
}

fn loopback_no_auth(host: &dyn Host, auth: &Auth) -> Outcome {
    if is_guarded(auth) || auth.admits_tailnet() || !control_ui::is_enabled(host)? {
        return Ok(());
    }
    let unset = auth.unset_variables();
    let auth = host.effective("/gateway/auth")?;
    rule::LOOPBACK_NO_AUTH
        .finding()
        .detail(format!(
            "The gateway listens on loopback only, but no token or password is configured. Behind a reverse proxy the \
             Control UI would be open to anyone the proxy lets through.{unset}"
        ))
        .remediation("Set gateway.auth.token, or keep the Control UI strictly local.")
        .at(&auth.root())
        .report(host);
    Ok(())
}

fn is_guarded(auth: &Auth) -> bool {
    auth.has_shared_secret() || auth.mode() == Mode::TrustedProxy
}

pub(crate) fn rate_limit(host: &dyn Host) -> Outcome {
    let reach = Reach::read(host)?;
    if !reach.beyond_loopback() || Sources::read(host)?.in_effect().mode() == Mode::TrustedProxy {
        return Ok(());
    }
    let auth = host.effective("/gateway/auth")?;
    let limit = auth.at(["rateLimit"]);
    if limit.is_truthy() {
        return Ok(());
    }
    rule::AUTH_NO_RATE_LIMIT
        .finding()
        .detail(format!(
            "gateway.bind=\"{}\" makes the gateway reachable from other machines and gateway.auth.rateLimit is not \
             configured, so nothing in the config slows down guessing of the token or password.",
            reach.bind()
        ))
        .remediation("Set gateway.auth.rateLimit, for example { maxAttempts: 10, windowMs: 60000, lockoutMs: 300000 }.")
        .at(&limit)
        .report(host);
    Ok(())
}
