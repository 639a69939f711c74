//! IRC.

use super::credentials::{Login, or_variable};
use super::provider::{CHANNELS, DirectMessages, Groups, OpenGroups, Origin, Provider, SecretRef};
use super::senders::{SenderForm, Senders, without_prefix};

const CHANNEL_PREFIX: &[&str] = &["irc:"];
const USER_PREFIX: &[&str] = &["user:"];

pub(super) static PROVIDER: Provider = Provider {
    aliases: &["internet-relay-chat"],
    login: Login::Needs(&[
        or_variable(&["host"], &["IRC_HOST"]),
        or_variable(&["nick"], &["IRC_NICK"]),
    ]),
    more_variables: &["IRC_NICKSERV_PASSWORD"],
    secret_refs: &[SecretRef::always("nickserv.password"), SecretRef::always("password")],
    direct_messages: DirectMessages::PAIRING,
    groups: Some(Groups {
        surface: CHANNELS,
        open: OpenGroups::EverywhereAndEveryone,
        list: "groups",
        ..Groups::UNKNOWN
    }),
    senders: Senders { prefixes: &[CHANNEL_PREFIX, USER_PREFIX], form: SenderForm::LowerCase },
    is_mutable_name: Some(is_mutable_name),
    ..Provider::named("irc", "IRC", Origin::FormerlyBundled)
};

/// A nick alone, without user and host.
fn is_mutable_name(entry: &str) -> bool {
    !without_prefix(USER_PREFIX, without_prefix(CHANNEL_PREFIX, entry)).contains(['!', '@'])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::{by_env, configured};
    use super::*;

    #[test]
    fn it_needs_a_server_and_a_nick() {
        assert!(configured("irc", &json!({"host": "h", "nick": "n"})));
        assert!(!configured("irc", &json!({"host": "h"})));
        assert!(by_env("irc", &json!({"host": "h"}), "IRC_NICK"));
    }

    #[test]
    fn an_id_has_user_or_host() {
        assert!(is_mutable_name("nick") && is_mutable_name("IRC:user:nick"));
        assert!(!is_mutable_name("nick!u@h") && !is_mutable_name("user:nick@h"));
    }

    #[test]
    fn one_person_in_several_spellings() {
        for spelling in ["irc:user:Nick", "nick"] {
            assert_eq!(PROVIDER.senders.normalized(spelling), "nick", "{spelling}");
        }
    }
}
