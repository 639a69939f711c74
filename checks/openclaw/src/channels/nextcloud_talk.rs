//! Nextcloud Talk.

use super::credentials::{Login, or_variable, setting};
use super::provider::{DirectMessages, Groups, OpenGroups, Origin, Provider, ROOMS, SecretRef};
use super::senders::{SenderForm, Senders};

pub(super) static PROVIDER: Provider = Provider {
    aliases: &["nc-talk", "nc"],
    login: Login::Needs(&[
        or_variable(&["botSecret", "botSecretFile"], &["NEXTCLOUD_TALK_BOT_SECRET"]),
        setting(&["baseUrl"]),
    ]),
    secret_refs: &[SecretRef::always("apiPassword"), SecretRef::always("botSecret")],
    direct_messages: DirectMessages::PAIRING,
    groups: Some(Groups { surface: ROOMS, open: OpenGroups::Listed("rooms"), ..Groups::UNKNOWN }),
    senders: Senders {
        prefixes: &[&["nextcloud-talk:", "nc-talk:", "nc:"]],
        form: SenderForm::LowerCase,
    },
    ..Provider::named("nextcloud-talk", "Nextcloud Talk", Origin::FormerlyBundled)
};

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::secret;
    use serde_json::json;

    use super::super::testing::configured;
    use super::*;

    #[test]
    fn it_needs_a_secret_and_an_address() {
        let section = json!({"botSecret": secret("s"), "baseUrl": "https://x"});
        assert!(configured("nextcloud-talk", &section));
    }

    #[test]
    fn one_person_in_several_spellings() {
        for spelling in ["nc:Ann", "nc-talk:ann"] {
            assert_eq!(PROVIDER.senders.normalized(spelling), "ann", "{spelling}");
        }
    }
}
