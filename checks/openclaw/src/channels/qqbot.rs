//! QQ Bot, by a plugin of another publisher that OpenClaw's catalog describes.

use chitin_document::{GatewayFacts, Refusal};

use super::credentials::{Credential, Credentials, Login, all, or_variable};
use super::provider::{
    DirectMessages, DmDefault, GroupDefault, Groups, OpenGroups, Origin, Provider, SecretRef, Use,
};
use super::{Account, DEFAULT_ACCOUNT};

const APP_ID: &str = "appId";
const APP_ID_VARIABLE: &str = "QQBOT_APP_ID";
const SECRET: &str = "clientSecret";
const SECRET_VARIABLE: &str = "QQBOT_CLIENT_SECRET";

pub(super) static PROVIDER: Provider = Provider {
    login: Login::Computed { find: credentials, variables: &[APP_ID_VARIABLE, SECRET_VARIABLE] },
    secret_refs: &[SecretRef::used(
        SECRET,
        Use::WithOwn { setting: APP_ID, variable: APP_ID_VARIABLE },
    )],
    direct_messages: DirectMessages {
        default: DmDefault::OpenUnlessListed,
        open_needs_wildcard: false,
        ..DirectMessages::UNKNOWN
    },
    groups: Some(Groups {
        default: GroupDefault::OpenUnlessListed,
        open: OpenGroups::MentioningMembers,
        ..Groups::UNKNOWN
    }),
    ..Provider::named("qqbot", "QQ Bot", Origin::ThirdParty)
};

const NEEDED: &[Credential] = &[
    or_variable(&[APP_ID], &[APP_ID_VARIABLE]),
    or_variable(&[SECRET, "clientSecretFile"], &[SECRET_VARIABLE]),
];

/// The channel's own app and the variables are for the default account alone.
fn credentials<'t>(
    account: &Account<'t>,
    facts: &dyn GatewayFacts,
) -> Result<Credentials<'t>, Refusal> {
    if account.id() == DEFAULT_ACCOUNT {
        return all(account, NEEDED, facts);
    }
    let Some(own) = account.own() else { return Ok(Credentials::missing()) };
    let mut places = NEEDED.iter().map(|credential| credential.setting_of(|key| own.get(key)));
    match (places.next().flatten(), places.next().flatten()) {
        (Some(_), Some(secret)) => Ok(Credentials::at(secret)),
        _ => Ok(Credentials::missing()),
    }
}

#[cfg(test)]
mod tests {
    use chitin_document::Value;
    use chitin_sdk::fake::{FakeHost, secret, secret_ref};
    use serde_json::json;

    use super::super::testing::{account_configured, by_env, configured, look_at};

    // OpenClaw 2026.9.6: the default account has appId and clientSecret from the channel or from QQBOT_APP_ID and
    // QQBOT_CLIENT_SECRET.
    #[test]
    fn the_default_account_needs_an_app_and_its_secret() {
        assert!(!configured("qqbot", &json!({})));
        assert!(!configured("qqbot", &json!({"appId": "a"})));
        assert!(configured("qqbot", &json!({"appId": "a", "clientSecret": secret("s")})));
        assert!(configured("qqbot", &json!({"appId": "a", "clientSecretFile": "/s"})));
        assert!(by_env("qqbot", &json!({"appId": "a"}), "QQBOT_CLIENT_SECRET"));
        assert!(by_env("qqbot", &json!({"clientSecret": secret_ref()}), "QQBOT_APP_ID"));
    }

    // OpenClaw 2026.9.6: "Named accounts configure their own appId and clientSecret."
    #[test]
    fn a_named_account_inherits_no_credentials() {
        let with =
            |own: Value| json!({"appId": "a", "clientSecret": secret("s"), "accounts": {"a": own}});
        assert!(!account_configured("qqbot", &with(json!({}))));
        assert!(account_configured(
            "qqbot",
            &with(json!({"appId": "b", "clientSecret": secret("t")}))
        ));
    }

    #[test]
    fn a_secret_without_a_value_is_named() {
        let section = json!({"appId": "a", "clientSecret": secret_ref()});
        let found = look_at("qqbot", &section, "default", &FakeHost::default());
        assert_eq!(found, (true, vec!["channels.qqbot.clientSecret".to_owned()]));
    }
}
