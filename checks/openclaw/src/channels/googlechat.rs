//! Google Chat.

use super::credentials::{Login, or_variable};
use super::provider::{DirectMessages, Groups, OpenGroups, Origin, Provider, SecretRef, Surface};
use super::senders::{SenderForm, Senders, without_prefix};

const CHANNEL_PREFIXES: &[&str] = &["googlechat:", "google-chat:", "gchat:"];
const ID_PREFIX: &[&str] = &["users/"];

pub(super) static PROVIDER: Provider = Provider {
    aliases: &["gchat", "google-chat"],
    login: Login::Needs(&[or_variable(
        &["serviceAccount", "serviceAccountRef", "serviceAccountFile"],
        &["GOOGLE_CHAT_SERVICE_ACCOUNT", "GOOGLE_CHAT_SERVICE_ACCOUNT_FILE"],
    )]),
    // The second is what releases before 2026.9.6 read; doctor moves it to the first.
    secret_refs: &[SecretRef::always("serviceAccount"), SecretRef::always("serviceAccountRef")],
    direct_messages: DirectMessages::PAIRING,
    groups: Some(Groups {
        surface: Surface { one: "space", many: "spaces" },
        open: OpenGroups::Everywhere,
        list: "groups",
        ..Groups::UNKNOWN
    }),
    senders: Senders {
        prefixes: &[CHANNEL_PREFIXES, &["user:"], ID_PREFIX],
        form: SenderForm::LowerCase,
    },
    is_mutable_name: Some(is_mutable_name),
    ..Provider::named("googlechat", "Google Chat", Origin::FormerlyBundled)
};

/// An address can change hands, an id cannot.
fn is_mutable_name(entry: &str) -> bool {
    without_prefix(ID_PREFIX, without_prefix(CHANNEL_PREFIXES, entry)).contains('@')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::configured;
    use super::*;

    #[test]
    fn it_needs_a_service_account() {
        let section = json!({"serviceAccount": {"client_email": "x"}});
        assert!(configured("googlechat", &section));
    }

    #[test]
    fn names_are_addresses() {
        assert!(is_mutable_name("a@b.c") && is_mutable_name("gchat:users/a@b.c"));
        assert!(!is_mutable_name("users/123") && !is_mutable_name("123"));
    }

    #[test]
    fn one_person_in_several_spellings() {
        for spelling in ["users/A", "gchat:user:users/a", "user:a"] {
            assert_eq!(PROVIDER.senders.normalized(spelling), "a", "{spelling}");
        }
    }
}
