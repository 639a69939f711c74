//! Zalo, by its bot interface.

use super::credentials::{Login, or_variable};
use super::provider::{
    DirectMessages, GroupDefault, Groups, OpenGroups, Origin, Provider, SecretRef, Use,
};
use super::senders::Senders;

pub(super) static PROVIDER: Provider = Provider {
    aliases: &["zl"],
    login: Login::Needs(&[or_variable(&["botToken", "tokenFile"], &["ZALO_BOT_TOKEN"])]),
    secret_refs: &[
        SecretRef::always("botToken"),
        SecretRef::used("webhookSecret", Use::With("webhookUrl")),
    ],
    direct_messages: DirectMessages::PAIRING,
    groups: Some(Groups {
        default: GroupDefault::SharedOrOpen,
        open: OpenGroups::MembersWithoutSenders,
        ..Groups::UNKNOWN
    }),
    senders: Senders::verbatim(&[&["zalo:", "zl:"]]),
    ..Provider::named("zalo", "Zalo", Origin::FormerlyBundled)
};

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::secret;
    use serde_json::json;

    use super::super::testing::configured;
    use super::*;

    #[test]
    fn it_needs_a_token() {
        assert!(configured("zalo", &json!({"botToken": secret("t")})));
    }

    #[test]
    fn prefixes_say_nothing() {
        for spelling in ["zl:1", "zalo:1"] {
            assert_eq!(PROVIDER.senders.normalized(spelling), "1", "{spelling}");
        }
    }
}
