//! Buzz: team rooms over Nostr relays.

use super::credentials::{Login, or_variable};
use super::provider::{Origin, Provider, SecretRef};

pub(super) static PROVIDER: Provider = Provider {
    login: Login::Needs(&[
        or_variable(&["relayUrl"], &["BUZZ_RELAY_URL"]),
        or_variable(&["privateKey"], &["BUZZ_PRIVATE_KEY"]),
    ]),
    secret_refs: &[SecretRef::always("authTag"), SecretRef::always("privateKey")],
    ..Provider::named("buzz", "Buzz", Origin::Plugin)
};

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::secret_ref;
    use serde_json::json;

    use super::super::testing::{by_env, configured};

    // OpenClaw 2026.9.6 takes a Buzz account for configured when it has a relay and a private key.
    #[test]
    fn it_needs_a_relay_and_a_key() {
        assert!(configured("buzz", &json!({"relayUrl": "wss://x", "privateKey": secret_ref()})));
        assert!(!configured("buzz", &json!({"privateKey": secret_ref()})));
        assert!(by_env("buzz", &json!({"relayUrl": "wss://x"}), "BUZZ_PRIVATE_KEY"));
    }
}
