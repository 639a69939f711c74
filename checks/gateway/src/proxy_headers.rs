//! Which forwarded addresses the gateway trusts. Logins by a proxy belong to `trusted_proxy`.

use chitin_openclaw::auth::{Mode, Reach, Sources};
use chitin_sdk::{Host, Node, Outcome, text};

use crate::rule;
use crate::{control_ui, critical_where};

pub(crate) fn unknown_proxies(host: &dyn Host) -> Outcome {
    let proxies = host.effective("/gateway/trustedProxies")?;
    let known = !proxies.root().items().is_empty();
    if known || Reach::read(host)?.beyond_loopback() || !control_ui::is_enabled(host)? {
        return Ok(());
    }
    rule::TRUSTED_PROXIES_MISSING
        .finding()
        .detail(
            "The gateway listens on loopback and gateway.trustedProxies is empty. If a reverse proxy makes the Control UI \
             reachable, every request seems to come from this machine, which defeats the checks for local clients.",
        )
        .remediation("Set gateway.trustedProxies to the addresses of your reverse proxy, or keep the Control UI local.")
        .at(&proxies.root())
        .report(host);
    Ok(())
}

pub(crate) fn real_ip_fallback(host: &dyn Host) -> Outcome {
    let fallback = host.effective("/gateway/allowRealIpFallback")?;
    if !fallback.root().is_true() {
        return Ok(());
    }
    let proxies = host.effective("/gateway/trustedProxies")?;
    let foreign_proxy =
        proxies.root().items().iter().filter_map(Node::as_str).any(|entry| !is_loopback(entry));
    let beyond_loopback = Reach::read(host)?.beyond_loopback();
    let vouched = Sources::read(host)?.in_effect().mode() == Mode::TrustedProxy;
    rule::REAL_IP_FALLBACK_ENABLED
        .finding_at(critical_where(beyond_loopback || (vouched && foreign_proxy)))
        .detail(
            "gateway.allowRealIpFallback=true trusts X-Real-IP when a trusted proxy sends no X-Forwarded-For. A proxy that \
             passes on the client's own header lets anyone choose the address they seem to come from.",
        )
        .remediation(
            "Set gateway.allowRealIpFallback=false, unless your proxy always overwrites X-Real-IP and cannot send \
             X-Forwarded-For.",
        )
        .at(&fallback.root())
        .report(host);
    Ok(())
}

/// Whether a trusted proxy entry is this machine and nothing else: a whole loopback net is not.
fn is_loopback(entry: &str) -> bool {
    let mut parts = text::trim(entry).split('/').map(text::trim);
    let address = parts.next().unwrap_or_default();
    let prefix = parts.next();
    match address {
        "127.0.0.1" => prefix.is_none_or(|prefix| is_number(prefix, 32)),
        "::1" => prefix.is_none_or(|prefix| is_number(prefix, 128)),
        _ => false,
    }
}

fn is_number(digits: &str, expected: u32) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse() == Ok(expected)
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_the_single_loopback_address_counts() {
        for entry in ["127.0.0.1", " ::1 ", "127.0.0.1/32", "::1/128", "::1 / 128"] {
            assert!(is_loopback(entry), "{entry}");
        }
        for entry in [
            "",
            "localhost",
            "127.0.0.0/8",
            "127.0.0.2",
            "::ffff:127.0.0.1",
            "0:0:0:0:0:0:0:1",
            "127.0.0.1/",
            "127.0.0.1/31",
            "127.0.0.1/32abc",
            "127.0.0.1/+32",
            "::1/32",
            "127.0.0.1/99999999999",
            "10.0.0.1",
        ] {
            assert!(!is_loopback(entry), "{entry}");
        }
    }
}
