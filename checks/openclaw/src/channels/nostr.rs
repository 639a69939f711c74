//! Nostr. It has direct messages only.

use super::credentials::{Login, or_variable};
use super::provider::{DirectMessages, Origin, Provider, SecretRef};
use super::senders::{SenderForm, Senders};

pub(super) static PROVIDER: Provider = Provider {
    login: Login::Needs(&[or_variable(&["privateKey"], &["NOSTR_PRIVATE_KEY"])]),
    secret_refs: &[SecretRef::always("privateKey")],
    direct_messages: DirectMessages::PAIRING,
    groups: None,
    senders: Senders { prefixes: &[&["nostr:"]], form: SenderForm::PublicKey },
    ..Provider::named("nostr", "Nostr", Origin::FormerlyBundled)
};

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::secret;
    use serde_json::json;

    use super::super::testing::{by_env, configured};
    use super::*;

    // OpenClaw 2026.9.6 reads the key from NOSTR_PRIVATE_KEY where the config has none.
    #[test]
    fn it_needs_a_key() {
        assert!(configured("nostr", &json!({"privateKey": secret("k")})));
        assert!(by_env("nostr", &json!({}), "NOSTR_PRIVATE_KEY"));
    }

    #[test]
    fn a_public_key_is_the_same_in_both_forms() {
        let hex = "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e";
        let npub = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg";
        for spelling in [hex, npub, &format!("nostr:{npub}")] {
            assert_eq!(PROVIDER.senders.normalized(spelling), hex, "{spelling}");
        }
        assert_eq!(PROVIDER.senders.normalized("npub1short"), "npub1short");
    }
}
