//! Tlon, over Urbit.

use super::credentials::{Login, setting};
use super::provider::{Origin, Provider};

pub(super) static PROVIDER: Provider = Provider {
    login: Login::Needs(&[setting(&["ship"]), setting(&["url"]), setting(&["code"])]),
    groups: None,
    ..Provider::named("tlon", "Tlon", Origin::FormerlyBundled)
};

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::secret;
    use serde_json::json;

    use super::super::testing::configured;

    // OpenClaw 2026.9.6 takes a Tlon account for configured when it has a ship, an address and a code.
    #[test]
    fn it_needs_a_ship_an_address_and_a_code() {
        assert!(configured(
            "tlon",
            &json!({"ship": "~x", "url": "https://x", "code": secret("c")})
        ));
        assert!(!configured("tlon", &json!({"ship": "~x", "url": "https://x"})));
    }
}
