//! LINE.

use super::credentials::{Login, or_variable};
use super::provider::{DirectMessages, Groups, OpenGroups, Origin, Provider};
use super::senders::Senders;

pub(super) static PROVIDER: Provider = Provider {
    login: Login::Needs(&[
        or_variable(&["channelAccessToken", "tokenFile"], &["LINE_CHANNEL_ACCESS_TOKEN"]),
        or_variable(&["channelSecret", "secretFile"], &["LINE_CHANNEL_SECRET"]),
    ]),
    direct_messages: DirectMessages::PAIRING,
    groups: Some(Groups { open: OpenGroups::Members, ..Groups::UNKNOWN }),
    senders: Senders::verbatim(&[&["line:user:", "line:"]]),
    ..Provider::named("line", "LINE", Origin::FormerlyBundled)
};

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::secret;
    use serde_json::json;

    use super::super::testing::configured;
    use super::*;

    #[test]
    fn it_needs_a_token_and_a_secret() {
        let section = json!({"channelAccessToken": secret("t"), "secretFile": "/s"});
        assert!(configured("line", &section));
    }

    #[test]
    fn one_person_in_several_spellings() {
        for spelling in ["line:user:U", "line:U", "U"] {
            assert_eq!(PROVIDER.senders.normalized(spelling), "U", "{spelling}");
        }
    }
}
