//! Logins by a reverse proxy (`gateway.auth.mode="trusted-proxy"`). Every rule here applies only in that mode.

use chitin_openclaw::auth::{Mode, Sources};
use chitin_sdk::{Host, Outcome, Tree};

use crate::rule;

pub(crate) fn identity(host: &dyn Host) -> Outcome {
    if Sources::read(host)?.in_effect().mode() != Mode::TrustedProxy {
        return Ok(());
    }
    let auth = host.effective("/gateway/auth")?;
    let proxies = host.effective("/gateway/trustedProxies")?;
    delegated(host, &auth);
    no_proxies(host, &proxies);
    no_user_header(host, &auth);
    allow_loopback(host, &auth);
    device_auto_approve(host, &auth);
    no_allowlist(host, &auth);
    Ok(())
}

fn delegated(host: &dyn Host, auth: &Tree) {
    rule::TRUSTED_PROXY_AUTH
        .finding()
        .detail(
            "gateway.auth.mode=\"trusted-proxy\" leaves authentication to a reverse proxy: anyone who can send requests as \
             the proxy can log in as any user.",
        )
        .remediation(
            "Verify that the proxy terminates TLS and authenticates every user, that gateway.trustedProxies names only its \
             addresses, and that a firewall blocks every other way to the gateway's port. Requests from a \
             proxy on this machine are refused unless gateway.auth.trustedProxy.allowLoopback=true.",
        )
        .at(&auth.at(["mode"]))
        .report(host);
}

fn no_proxies(host: &dyn Host, proxies: &Tree) {
    if !proxies.root().items().is_empty() {
        return;
    }
    rule::TRUSTED_PROXY_NO_PROXIES
        .finding()
        .detail(
            "gateway.auth.mode=\"trusted-proxy\" and gateway.trustedProxies is empty, so every request is rejected.",
        )
        .remediation("Set gateway.trustedProxies to the addresses of your reverse proxy.")
        .at(&proxies.root())
        .report(host);
}

fn no_user_header(host: &dyn Host, auth: &Tree) {
    let header = auth.at(["trustedProxy", "userHeader"]);
    if header.is_truthy() {
        return;
    }
    rule::TRUSTED_PROXY_NO_USER_HEADER
        .finding()
        .detail(
            "gateway.auth.mode=\"trusted-proxy\" and gateway.auth.trustedProxy.userHeader is not configured, so the \
             gateway does not know who a request comes from.",
        )
        .remediation(
            "Set gateway.auth.trustedProxy.userHeader to the header that your proxy sets, for example \"x-forwarded-user\".",
        )
        .at(&header)
        .report(host);
}

fn allow_loopback(host: &dyn Host, auth: &Tree) {
    let allow = auth.at(["trustedProxy", "allowLoopback"]);
    if !allow.is_true() {
        return;
    }
    rule::TRUSTED_PROXY_ALLOW_LOOPBACK
        .finding()
        .detail(
            "gateway.auth.trustedProxy.allowLoopback=true lets requests from loopback addresses in gateway.trustedProxies \
             pass as the proxy's. Any local program can send such a request.",
        )
        .remediation(
            "Keep this only for a proxy on this machine that strips or overwrites identity headers, and keep direct \
             access to the gateway's port private to the host.",
        )
        .at(&allow)
        .report(host);
}

fn device_auto_approve(host: &dyn Host, auth: &Tree) {
    let enabled = auth.at(["trustedProxy", "deviceAutoApprove", "enabled"]);
    if !enabled.is_true() {
        return;
    }
    rule::TRUSTED_PROXY_DEVICE_AUTO_APPROVE
        .finding()
        .detail(
            "gateway.auth.trustedProxy.deviceAutoApprove.enabled=true pairs new operator devices without a person's \
             approval, based only on the identity that the proxy sends.",
        )
        .remediation(
            "Keep this only if the proxy is the only way to the gateway, authenticates strongly and overwrites identity \
             headers, and gateway.auth.trustedProxy.allowUsers restricts the users.",
        )
        .at(&enabled)
        .report(host);
    let scopes = auth.at(["trustedProxy", "deviceAutoApprove", "scopes"]);
    if scopes.strings().contains(&"operator.admin") {
        rule::TRUSTED_PROXY_DEVICE_AUTO_APPROVE_ADMIN
            .finding()
            .detail(
                "gateway.auth.trustedProxy.deviceAutoApprove.scopes includes operator.admin, so anyone the proxy \
                 lets through can pair a device with full control of the gateway.",
            )
            .remediation("Remove operator.admin from the scopes and approve administrators by hand.")
            .at(&scopes)
            .report(host);
    }
}

fn no_allowlist(host: &dyn Host, auth: &Tree) {
    let users = auth.at(["trustedProxy", "allowUsers"]);
    if !users.items().is_empty() {
        return;
    }
    rule::TRUSTED_PROXY_NO_ALLOWLIST
        .finding()
        .detail(
            "gateway.auth.trustedProxy.allowUsers is empty, so any user that the proxy authenticates has access.",
        )
        .remediation(
            "Set gateway.auth.trustedProxy.allowUsers to the people who may use the gateway, for example [\"ann@example.com\"].",
        )
        .at(&users)
        .report(host);
}
