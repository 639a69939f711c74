//! Browsers on other machines: whether the connection is encrypted, and whether it leads into a private network.

use chitin_sdk::{Host, Outcome, Tree};

use crate::profiles::{Address, Profile, profiles};
use crate::rule;
use crate::settings;
use crate::url::Url;

pub(crate) fn endpoints(host: &dyn Host) -> Outcome {
    let Some((browser, base)) =
        settings::usable(host, &[rule::REMOTE_CDP_HTTP.id, rule::REMOTE_CDP_PRIVATE_HOST.id])?
    else {
        return Ok(());
    };
    let admits_private = allows_private_network(&browser);
    for profile in profiles(&browser, &base) {
        match &profile.address {
            Address::At(url) if !url.host().is_loopback() => {
                if url.scheme() == "http" {
                    report_http(host, &profile, url);
                }
                if admits_private && url.host().is_internal() {
                    report_private(host, &profile, url);
                }
            }
            Address::Hidden => report_hidden(host, &profile),
            Address::At(_) | Address::Local | Address::Wrong(_) => {}
        }
    }
    Ok(())
}

fn allows_private_network(browser: &Tree) -> bool {
    ["dangerouslyAllowPrivateNetwork", "allowPrivateNetwork"]
        .into_iter()
        .any(|key| browser.at(["ssrfPolicy", key]).is_true())
}

fn report_http(host: &dyn Host, profile: &Profile<'_>, url: &Url) {
    rule::REMOTE_CDP_HTTP.finding()
        .detail(format!(
            "Browser profile \"{}\" uses plain HTTP to reach {url}. Anyone on the network path can read and control \
             the browser; within a tailnet or an encrypted tunnel that is acceptable.",
            profile.name
        ))
        .remediation("Use HTTPS, or an address that is only reachable in a tailnet or through an encrypted tunnel.")
        .at(&profile.place)
        .report(host);
}

fn report_private(host: &dyn Host, profile: &Profile<'_>, url: &Url) {
    rule::REMOTE_CDP_PRIVATE_HOST.finding()
        .detail(format!(
            "Browser profile \"{}\" points at a private or internal host ({url}), and the browser settings allow \
             private networks. Anyone who controls the browser can reach that network.",
            profile.name
        ))
        .remediation(
            "Prefer a tailnet or a tunnel, set browser.ssrfPolicy.dangerouslyAllowPrivateNetwork=false and allow \
             single hosts. If this is intended, treat the host as part of your trusted network.",
        )
        .at(&profile.place)
        .report(host);
}

fn report_hidden(host: &dyn Host, profile: &Profile<'_>) {
    let reason =
        format!("The address of browser profile \"{}\" is sealed as a secret.", profile.name);
    host.not_run(rule::REMOTE_CDP_HTTP.id, &reason);
    host.not_run(rule::REMOTE_CDP_PRIVATE_HOST.id, &reason);
}
