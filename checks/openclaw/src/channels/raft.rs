//! Raft: a bridge that wakes external agents.

use super::credentials::{Login, or_variable};
use super::provider::{Origin, Provider};

pub(super) static PROVIDER: Provider = Provider {
    login: Login::Needs(&[or_variable(&["profile"], &["RAFT_PROFILE"])]),
    groups: None,
    ..Provider::named("raft", "Raft", Origin::Plugin)
};

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::{by_env, configured};

    // OpenClaw 2026.9.6 takes a Raft account for configured when it has a profile.
    #[test]
    fn it_needs_a_profile() {
        assert!(configured("raft", &json!({"profile": "p"})));
        assert!(by_env("raft", &json!({}), "RAFT_PROFILE"));
    }
}
