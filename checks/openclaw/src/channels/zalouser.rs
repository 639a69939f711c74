//! Zalo, by a personal account. It logs in outside the config.

use super::provider::{DirectMessages, Origin, Provider};
use super::senders::Senders;

pub(super) static PROVIDER: Provider = Provider {
    aliases: &["zlu"],
    direct_messages: DirectMessages::PAIRING,
    // It has a group policy; OpenClaw's plugin brings no rule about it to the audit.
    groups: None,
    senders: Senders::verbatim(&[&["zalouser:", "zlu:"]]),
    ..Provider::named("zalouser", "Zalo Personal", Origin::FormerlyBundled)
};

#[cfg(test)]
mod tests {
    use super::PROVIDER;

    #[test]
    fn prefixes_say_nothing() {
        for spelling in ["zlu:1", "1"] {
            assert_eq!(PROVIDER.senders.normalized(spelling), "1", "{spelling}");
        }
    }
}
