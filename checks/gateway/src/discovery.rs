//! How the gateway can be discovered: Tailscale, and announcements in the local network.

use chitin_openclaw::auth::Reach;
use chitin_sdk::{Host, Outcome};

use crate::critical_where;
use crate::rule;

pub(crate) fn tailscale(host: &dyn Host) -> Outcome {
    let reach = Reach::read(host)?;
    let mode = host.effective("/gateway/tailscale/mode")?;
    if reach.funneled() {
        rule::TAILSCALE_FUNNEL
            .finding()
            .detail(
                "gateway.tailscale.mode=\"funnel\" makes the gateway publicly reachable. Treat it as internet-facing and \
                 keep its authentication strict.",
            )
            .remediation("Prefer gateway.tailscale.mode=\"serve\" (tailnet only) or \"off\".")
            .at(&mode.root())
            .report(host);
    }
    if reach.served() {
        rule::TAILSCALE_SERVE
            .finding()
            .detail(
                "gateway.tailscale.mode=\"serve\" makes the gateway reachable from every device in the tailnet, \
                 through Tailscale on loopback.",
            )
            .at(&mode.root())
            .report(host);
    }
    Ok(())
}

pub(crate) fn announcements(host: &dyn Host) -> Outcome {
    let mode = host.effective("/discovery/mdns/mode")?;
    if !mode.root().is("full") {
        return Ok(());
    }
    rule::DISCOVERY_MDNS_FULL_MODE
        .finding_at(critical_where(Reach::read(host)?.beyond_loopback()))
        .detail(
            "discovery.mdns.mode=\"full\" publishes the path of the command line tool and the SSH port in TXT records of \
             the local network. They can reveal user names, the layout of the disk and a management port.",
        )
        .remediation("Set discovery.mdns.mode=\"minimal\" or \"off\".")
        .at(&mode.root())
        .report(host);
    Ok(())
}
