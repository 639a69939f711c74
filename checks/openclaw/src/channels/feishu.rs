//! Feishu, also called Lark.

use super::credentials::{Login, setting};
use super::provider::{Groups, OpenGroups, Origin, Provider, SecretRef, Use};
use super::senders::Senders;

pub(super) static PROVIDER: Provider = Provider {
    aliases: &["lark"],
    login: Login::Needs(&[setting(&["appId"]), setting(&["appSecret"])]),
    secret_refs: &[
        SecretRef::always("appSecret"),
        SecretRef::always("encryptKey"),
        SecretRef::used("verificationToken", Use::When("connectionMode", "webhook", "websocket")),
    ],
    // OpenClaw's plugin takes no part in the audit of direct messages, although it has a policy for them.
    groups: Some(Groups { open: OpenGroups::MentioningMembers, ..Groups::UNKNOWN }),
    senders: Senders::verbatim(&[&["feishu:", "user:", "open_id:"]]),
    ..Provider::named("feishu", "Feishu", Origin::FormerlyBundled)
};

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::secret_ref;
    use serde_json::json;

    use super::super::testing::{by_env, configured};
    use super::*;

    #[test]
    fn it_needs_an_app_and_its_secret() {
        assert!(configured("feishu", &json!({"appId": "a", "appSecret": secret_ref()})));
    }

    // OpenClaw 2026.9.6 offers FEISHU_APP_ID and FEISHU_APP_SECRET when a channel is set up, and reads neither
    // afterwards.
    #[test]
    fn variables_are_not_read() {
        assert!(!by_env("feishu", &json!({"appId": "a"}), "FEISHU_APP_SECRET"));
    }

    #[test]
    fn prefixes_say_nothing() {
        assert_eq!(PROVIDER.senders.normalized("open_id:x"), "x");
    }
}
