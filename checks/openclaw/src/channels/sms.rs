//! SMS, by Twilio.

use super::credentials::{Login, or_variable};
use super::provider::{DirectMessages, Origin, Provider, SecretRef};
use super::senders::{SenderForm, Senders};

pub(super) static PROVIDER: Provider = Provider {
    login: Login::Needs(&[
        or_variable(&["accountSid"], &["TWILIO_ACCOUNT_SID"]),
        or_variable(&["authToken"], &["TWILIO_AUTH_TOKEN"]),
        or_variable(
            &["fromNumber", "messagingServiceSid"],
            &["TWILIO_PHONE_NUMBER", "TWILIO_SMS_FROM", "TWILIO_MESSAGING_SERVICE_SID"],
        ),
    ]),
    secret_refs: &[SecretRef::always("authToken")],
    direct_messages: DirectMessages::PAIRING,
    groups: None,
    senders: Senders { prefixes: &[&["sms:", "twilio-sms:"]], form: SenderForm::Telephone },
    ..Provider::named("sms", "SMS", Origin::Plugin)
};

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::secret;
    use serde_json::json;

    use super::super::provider::DmDefault;
    use super::super::testing::{by_env, configured};
    use super::*;

    // OpenClaw 2026.9.6 takes an SMS account for configured when it has Twilio's account, its token, and a number or a
    // messaging service.
    #[test]
    fn it_needs_an_account_a_token_and_a_number() {
        let account = json!({"accountSid": "AC", "authToken": secret("t")});
        assert!(!configured("sms", &account));
        for variable in ["TWILIO_PHONE_NUMBER", "TWILIO_SMS_FROM", "TWILIO_MESSAGING_SERVICE_SID"] {
            assert!(by_env("sms", &account, variable), "{variable}");
        }
        let service =
            json!({"accountSid": "AC", "authToken": secret("t"), "messagingServiceSid": "MG"});
        assert!(configured("sms", &service));
    }

    // OpenClaw 2026.9.6 pairs the senders of SMS where the config has no policy.
    #[test]
    fn strangers_are_paired() {
        assert_eq!(PROVIDER.direct_messages.default, DmDefault::Pairing);
    }

    // OpenClaw 2026.9.6 takes `sms:` and `twilio-sms:` off, and puts a `+` in front.
    #[test]
    fn one_number_in_several_spellings() {
        for spelling in ["sms:+1 555", "twilio-sms:1555", "1-555"] {
            assert_eq!(PROVIDER.senders.normalized(spelling), "+1555", "{spelling}");
        }
    }
}
