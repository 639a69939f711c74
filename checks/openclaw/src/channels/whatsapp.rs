//! WhatsApp. It logs in by linking a device.

use chitin_document::{GatewayFacts, Refusal};

use super::credentials::{Credentials, Login, is_filled_file};
use super::provider::{AccountRules, DirectMessages, Groups, OpenGroups, Origin, Provider};
use super::senders::{SenderForm, Senders};
use super::{Account, DEFAULT_ACCOUNT, normalized_account_id};

pub(super) static PROVIDER: Provider = Provider {
    accounts: AccountRules { follows_web_switch: true, ..AccountRules::PLAIN },
    login: Login::Computed { find: credentials, variables: &[] },
    direct_messages: DirectMessages::PAIRING,
    groups: Some(Groups { open: OpenGroups::Listed("groups"), ..Groups::UNKNOWN }),
    senders: Senders { prefixes: &[&["whatsapp:"]], form: SenderForm::Telephone },
    matches_ids_only: true,
    ..Provider::named("whatsapp", "WhatsApp", Origin::FormerlyBundled)
};

/// A linked device: its keys are stored per account, for the default account formerly beside all other credentials.
fn credentials<'t>(
    account: &Account<'t>,
    facts: &dyn GatewayFacts,
) -> Result<Credentials<'t>, Refusal> {
    if account.get("authDir").trimmed().is_some() {
        // Somewhere else, where this check cannot look.
        return Ok(Credentials::without_secret());
    }
    let id = normalized_account_id(account.id());
    let linked = is_filled_file(&format!("whatsapp/{id}/creds.json"), facts)?
        || (id == DEFAULT_ACCOUNT && is_filled_file("creds.json", facts)?);
    Ok(if linked { Credentials::without_secret() } else { Credentials::missing() })
}

#[cfg(test)]
mod tests {
    use chitin_document::{Metadata, Value};
    use chitin_sdk::fake::{FakeHost, file_mode};
    use serde_json::json;

    use super::super::testing::{configured, look_at};
    use super::PROVIDER;

    #[test]
    fn it_needs_a_linked_device() {
        let with = |path: &str, size: u64, section: Value, id: &str| {
            let file = Metadata { size, ..file_mode(0o600) };
            look_at("whatsapp", &section, id, &FakeHost::default().file("credentials", path, file))
                .0
        };
        assert!(!configured("whatsapp", &json!({})));
        assert!(configured("whatsapp", &json!({"authDir": "/elsewhere"})));
        assert!(with("whatsapp/default/creds.json", 2, json!({}), "default"));
        assert!(with("creds.json", 2, json!({}), "default"), "the former place");
        assert!(!with("whatsapp/default/creds.json", 1, json!({}), "default"));
        assert!(with("whatsapp/a/creds.json", 9, json!({"accounts": {"a": {}}}), "a"));
        assert!(!with("creds.json", 9, json!({"accounts": {"a": {}}}), "a"));
    }

    #[test]
    fn one_person_in_several_spellings() {
        for spelling in ["+1 555", "whatsapp:1555", "1-555"] {
            assert_eq!(PROVIDER.senders.normalized(spelling), "+1555", "{spelling}");
        }
    }
}
