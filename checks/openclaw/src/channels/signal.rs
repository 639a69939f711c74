//! Signal. It logs in outside the config.

use super::credentials::Login;
use super::provider::{DirectMessages, Groups, OpenGroups, Origin, Provider};
use super::senders::{SenderForm, Senders};

pub(super) static PROVIDER: Provider = Provider {
    login: Login::InUse(&[
        "account",
        "accountUuid",
        "httpUrl",
        "httpHost",
        "httpPort",
        "cliPath",
        "autoStart",
        "transport",
    ]),
    direct_messages: DirectMessages::PAIRING,
    groups: Some(Groups { open: OpenGroups::Members, ..Groups::UNKNOWN }),
    senders: Senders { prefixes: &[&["signal:"]], form: SenderForm::Telephone },
    ..Provider::named("signal", "Signal", Origin::FormerlyBundled)
};

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::configured;
    use super::*;

    #[test]
    fn its_own_settings_show_that_it_is_in_use() {
        assert!(!configured("signal", &json!({"dmPolicy": "open"})));
        for section in
            [json!({"account": "+1"}), json!({"httpPort": 1}), json!({"autoStart": false})]
        {
            assert!(configured("signal", &section), "{section}");
        }
    }

    #[test]
    fn one_person_in_several_spellings() {
        for spelling in ["signal:+49(1)2", "4912"] {
            assert_eq!(PROVIDER.senders.normalized(spelling), "+4912", "{spelling}");
        }
    }
}
