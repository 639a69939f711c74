//! Mattermost.

use super::credentials::{Login, or_variable};
use super::provider::{CHANNELS, DirectMessages, Groups, OpenGroups, Origin, Provider, SecretRef};
use super::senders::{SenderForm, Senders, without_prefix};

const PREFIXES: &[&str] = &["mattermost:", "user:"];

pub(super) static PROVIDER: Provider = Provider {
    login: Login::Needs(&[
        or_variable(&["botToken"], &["MATTERMOST_BOT_TOKEN"]),
        or_variable(&["baseUrl"], &["MATTERMOST_URL"]),
    ]),
    secret_refs: &[SecretRef::always("botToken")],
    direct_messages: DirectMessages::PAIRING,
    groups: Some(Groups {
        surface: CHANNELS,
        open: OpenGroups::MentioningMembers,
        ..Groups::UNKNOWN
    }),
    senders: Senders { prefixes: &[PREFIXES, &["@"]], form: SenderForm::LowerCase },
    is_mutable_name: Some(is_mutable_name),
    ..Provider::named("mattermost", "Mattermost", Origin::FormerlyBundled)
};

/// A user id has exactly this many letters and digits; anything else is a name.
const ID_LENGTH: usize = 26;

fn is_mutable_name(entry: &str) -> bool {
    let bare = without_prefix(PREFIXES, entry);
    let id = bare.strip_prefix('@').unwrap_or(bare);
    id.len() != ID_LENGTH || !id.bytes().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::secret;
    use serde_json::json;

    use super::super::testing::configured;
    use super::*;

    #[test]
    fn it_needs_a_token_and_an_address() {
        let section = json!({"botToken": secret("t"), "baseUrl": "https://x"});
        assert!(configured("mattermost", &section));
    }

    #[test]
    fn an_id_has_its_length() {
        assert!(!is_mutable_name("abcdefghijklmnopqrstuvwxyz"));
        assert!(!is_mutable_name("user:@ABCDEFGHIJKLMNOPQRSTUVWXY1"));
        assert!(is_mutable_name("@bob") && is_mutable_name("abcdefghijklmnopqrstuvwxy-"));
    }

    #[test]
    fn one_person_in_several_spellings() {
        for spelling in ["@Bob", "user:bob"] {
            assert_eq!(PROVIDER.senders.normalized(spelling), "bob", "{spelling}");
        }
    }
}
