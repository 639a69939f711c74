//! Matrix.

use chitin_document::{GatewayFacts, Refusal};

use super::credentials::{Credential, Credentials, Login, all, is_filled_file, or_variable};
use super::provider::{
    DirectMessages, DmDefault, DmKeys, Groups, OpenGroups, Origin, Provider, ROOMS, SecretRef, Use,
};
use super::senders::Senders;
use super::{Account, DEFAULT_ACCOUNT, normalized_account_id};

pub(super) static PROVIDER: Provider = Provider {
    login: Login::Computed {
        find: credentials,
        variables: &[
            "MATRIX_HOMESERVER",
            "MATRIX_ACCESS_TOKEN",
            "MATRIX_USER_ID",
            "MATRIX_PASSWORD",
        ],
    },
    secret_refs: &[
        SecretRef::always("accessToken"),
        SecretRef::used("password", Use::Without("accessToken")),
    ],
    direct_messages: DirectMessages {
        default: DmDefault::Pairing,
        keys: DmKeys::Nested,
        ..DirectMessages::UNKNOWN
    },
    groups: Some(Groups {
        surface: ROOMS,
        open: OpenGroups::Everywhere,
        list: "groups",
        ..Groups::UNKNOWN
    }),
    senders: Senders::verbatim(&[&["matrix:"]]),
    ..Provider::named("matrix", "Matrix", Origin::FormerlyBundled)
};

const HOME: Credential = or_variable(&["homeserver"], &["MATRIX_HOMESERVER"]);
const TOKEN: &[Credential] = &[HOME, or_variable(&["accessToken"], &["MATRIX_ACCESS_TOKEN"])];
const PASSWORD: &[Credential] = &[
    HOME,
    or_variable(&["userId"], &["MATRIX_USER_ID"]),
    or_variable(&["password"], &["MATRIX_PASSWORD"]),
];

/// A token, a password, or a login that is stored in the credentials directory.
fn credentials<'t>(
    account: &Account<'t>,
    facts: &dyn GatewayFacts,
) -> Result<Credentials<'t>, Refusal> {
    for way in [TOKEN, PASSWORD] {
        let found = all(account, way, facts)?;
        if found.configured {
            return Ok(found);
        }
    }
    let file = match normalized_account_id(account.id()).as_str() {
        DEFAULT_ACCOUNT => "matrix/credentials.json".to_owned(),
        id => format!("matrix/credentials-{id}.json"),
    };
    if HOME.of(account, facts)?.configured && is_filled_file(&file, facts)? {
        return Ok(Credentials::without_secret());
    }
    Ok(Credentials::missing())
}

#[cfg(test)]
mod tests {
    use chitin_document::Metadata;
    use chitin_sdk::fake::{FakeHost, file_mode, secret};
    use serde_json::json;

    use super::super::testing::{configured, look_at};

    #[test]
    fn it_logs_in_with_a_token_a_password_or_a_stored_login() {
        let home = json!({"homeserver": "https://x"});
        assert!(!configured("matrix", &home.clone()));
        assert!(configured(
            "matrix",
            &json!({"homeserver": "https://x", "accessToken": secret("t")})
        ));
        let password =
            json!({"homeserver": "https://x", "userId": "@u:x", "password": secret("p")});
        assert!(configured("matrix", &password));
        let stored = Metadata { size: 9, ..file_mode(0o600) };
        let host = FakeHost::default().file("credentials", "matrix/credentials.json", stored);
        assert!(look_at("matrix", &home, "default", &host).0);
        assert!(!look_at("matrix", &json!({}), "default", &host).0);
    }
}
