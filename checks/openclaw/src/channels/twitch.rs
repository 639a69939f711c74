//! Twitch.

use super::credentials::{Login, or_variable, setting};
use super::provider::{Origin, Provider};

pub(super) static PROVIDER: Provider = Provider {
    aliases: &["twitch-chat"],
    login: Login::Needs(&[
        setting(&["username"]),
        or_variable(&["accessToken"], &["OPENCLAW_TWITCH_ACCESS_TOKEN"]),
        setting(&["clientId"]),
    ]),
    groups: None,
    ..Provider::named("twitch", "Twitch", Origin::FormerlyBundled)
};

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::{by_env, configured};

    // OpenClaw 2026.9.6 takes a Twitch account for configured when it has a user name, a token and a client id.
    #[test]
    fn it_needs_a_name_a_token_and_a_client_id() {
        let section = json!({"username": "u", "clientId": "c"});
        assert!(!configured("twitch", &section));
        assert!(by_env("twitch", &section, "OPENCLAW_TWITCH_ACCESS_TOKEN"));
    }
}
