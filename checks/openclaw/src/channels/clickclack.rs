//! `ClickClack`, with a server of one's own.

use super::credentials::{Login, or_variable, setting};
use super::provider::{Origin, Provider, SecretRef};

pub(super) static PROVIDER: Provider = Provider {
    login: Login::Needs(&[
        setting(&["baseUrl"]),
        or_variable(&["token", "tokenFile"], &["CLICKCLACK_BOT_TOKEN"]),
        setting(&["workspace"]),
    ]),
    secret_refs: &[SecretRef::always("token")],
    groups: None,
    ..Provider::named("clickclack", "ClickClack", Origin::Plugin)
};

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::{by_env, configured};

    // OpenClaw 2026.9.6 takes a ClickClack account for configured when it has an address, a token and a workspace.
    #[test]
    fn it_needs_an_address_a_token_and_a_workspace() {
        let without_token = json!({"baseUrl": "https://x", "workspace": "w"});
        assert!(!configured("clickclack", &without_token));
        assert!(by_env("clickclack", &without_token, "CLICKCLACK_BOT_TOKEN"));
        let by_file = json!({"baseUrl": "https://x", "workspace": "w", "tokenFile": "/t"});
        assert!(configured("clickclack", &by_file));
    }
}
