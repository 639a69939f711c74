//! `BlueBubbles`: iMessage by way of a server on a Mac. OpenClaw 2026.9.6 no longer has it.

use super::credentials::{Login, setting};
use super::provider::{DirectMessages, GroupDefault, Groups, OpenGroups, Origin, Provider};
use super::senders::Senders;

pub(super) static PROVIDER: Provider = Provider {
    login: Login::Needs(&[setting(&["serverUrl"]), setting(&["password"])]),
    direct_messages: DirectMessages::PAIRING,
    groups: Some(Groups {
        default: GroupDefault::Allowlist,
        open: OpenGroups::Members,
        ..Groups::UNKNOWN
    }),
    senders: Senders::verbatim(&[&["bluebubbles:"]]),
    ..Provider::named("bluebubbles", "BlueBubbles", Origin::Removed)
};

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::secret;
    use serde_json::json;

    use super::super::testing::configured;

    #[test]
    fn it_needs_a_server_and_its_password() {
        let section = json!({"serverUrl": "http://x", "password": secret("p")});
        assert!(configured("bluebubbles", &section));
    }
}
