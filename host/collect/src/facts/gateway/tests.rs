//! Configs for the tests of this module, and the tests that need files: the device's identity.

use std::path::{Path, PathBuf};

use data_encoding::BASE64URL_NOPAD;
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::{Value, json};

use super::device::{self, Device, DeviceProof};
use super::endpoint::Endpoint;
use crate::facts::fixture::State;
use chitin_config::discover::{FoundBy, Locations, Scope};
use chitin_config::environment::Environment;
use chitin_config::{Config, ConfigLimits};

pub(in crate::facts) fn config(text: &str) -> Config {
    loaded(text, &[]).0
}

/// A config, and the environment with what the config adds.
pub(super) fn loaded(text: &str, variables: &[(&str, &str)]) -> (Config, Environment) {
    let directory = tempfile::tempdir().unwrap();
    let config_path = directory.path().join("openclaw.json");
    std::fs::write(&config_path, text).unwrap();
    let mut environment = Environment::from_pairs(variables.iter().copied());
    let nowhere = || PathBuf::from("/nowhere");
    let locations = Locations {
        home: nowhere(),
        state_dir: directory.path().to_owned(),
        config_path,
        credentials_dir: nowhere(),
        cwd: nowhere(),
        scope: Scope::Own,
        state_dir_by: FoundBy::Default,
        config_by: FoundBy::StateDir,
    };
    let config = chitin_config::load(&locations, &mut environment, &ConfigLimits::default());
    assert!(config.problems.is_empty(), "{text}");
    (config, environment)
}

/// The first key of RFC 8032, in the form in which Node.js writes one, and the id that follows from it.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
const PUBLIC_KEY: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const ID: &str = "21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9";

const TABLES: &str = "
    CREATE TABLE device_identities (identity_key TEXT NOT NULL PRIMARY KEY, device_id TEXT NOT NULL,
        public_key_pem TEXT NOT NULL, private_key_pem TEXT NOT NULL, created_at_ms INTEGER NOT NULL,
        updated_at_ms INTEGER NOT NULL) STRICT;
    CREATE TABLE device_auth_tokens (device_id TEXT NOT NULL, role TEXT NOT NULL, token TEXT NOT NULL,
        scopes_json TEXT NOT NULL, updated_at_ms INTEGER NOT NULL, PRIMARY KEY (device_id, role)) STRICT;
    CREATE TABLE gateway_origin_device_tokens (gateway_scope TEXT NOT NULL, device_id TEXT NOT NULL,
        role TEXT NOT NULL, token TEXT NOT NULL, scopes_json TEXT NOT NULL, updated_at_ms INTEGER NOT NULL,
        PRIMARY KEY (gateway_scope, device_id, role)) STRICT;";

fn identity(state: &State, id: &str) {
    let database = state.sql(TABLES);
    let insert = "INSERT INTO device_identities VALUES ('primary', ?1, 'unused', ?2, 1, 1)";
    database.execute(insert, [id, KEY]).unwrap();
}

fn token(state: &State, role: &str) {
    let insert = "INSERT INTO device_auth_tokens VALUES (?1, ?2, 'local-token', '[]', 1)";
    state.sql("").execute(insert, [ID, role]).unwrap();
}

fn stored(state: &State, url: &str) -> Option<Device> {
    let before = state.files();
    let endpoint = Endpoint::parse(url, &Environment::default()).unwrap();
    let device = device::stored(&state.roots(), &endpoint);
    assert_eq!(state.files(), before, "nothing may be written");
    device
}

const HERE: &str = "ws://127.0.0.1:18789";
const ELSEWHERE: &str = "wss://gateway.example/x/";

#[test]
fn an_identity_counts_where_a_token_was_issued_for_it() {
    let state = State::new();
    assert!(stored(&state, HERE).is_none());
    identity(&state, ID);
    assert!(stored(&state, HERE).is_none());
    token(&state, "node");
    assert!(stored(&state, HERE).is_none());
    token(&state, "operator");
    assert_eq!(stored(&state, HERE).unwrap().token(), "local-token");
    // A token that was issued here is for this gateway only.
    assert!(stored(&state, ELSEWHERE).is_none());
    let insert =
        "INSERT INTO gateway_origin_device_tokens VALUES (?1, ?2, 'operator', ?3, '[]', 1)";
    let origins = [("wss://other.example", "other"), ("wss://gateway.example/x", "theirs")];
    for (origin, token) in origins {
        state.sql("").execute(insert, [origin, ID, token]).unwrap();
    }
    assert_eq!(stored(&state, ELSEWHERE).unwrap().token(), "theirs");
    assert_eq!(stored(&state, HERE).unwrap().token(), "local-token");
    assert!(stored(&state, "wss://gateway.example/y").is_none());
}

#[test]
fn an_identity_that_does_not_match_its_key_counts_as_missing() {
    let state = State::new();
    identity(&state, &ID.replace('2', "3"));
    token(&state, "operator");
    assert!(stored(&state, HERE).is_none());
    for key in ["", "x", &KEY.replace("MC4C", "AAAA")] {
        state
            .sql("")
            .execute("UPDATE device_identities SET device_id = ?1, private_key_pem = ?2", [ID, key])
            .unwrap();
        assert!(stored(&state, HERE).is_none(), "{key}");
    }
}

fn files(state: &State, identity: &Value, tokens: &Value) {
    state.write("identity/device.json", identity.to_string());
    state.write("identity/device-auth.json", tokens.to_string());
}

#[test]
fn older_installations_have_it_in_files() {
    let state = State::new();
    let identity = json!({"version": 1, "deviceId": ID, "publicKeyPem": "unused", "privateKeyPem": KEY, "createdAtMs": 1});
    let tokens = |id: &str, token: Value| json!({"version": 1, "deviceId": id, "tokens": {"operator": {"token": token, "role": "operator", "scopes": []}}});
    files(&state, &identity, &tokens(ID, "old-token".into()));
    assert_eq!(stored(&state, HERE).unwrap().token(), "old-token");
    assert!(stored(&state, ELSEWHERE).is_none());
    for tokens in
        [tokens("other", "t".into()), tokens(ID, " ".into()), tokens(ID, 1.into()), json!([])]
    {
        files(&state, &identity, &tokens);
        assert!(stored(&state, HERE).is_none(), "{tokens}");
    }
    files(&state, &json!({"deviceId": ID}), &tokens(ID, "t".into()));
    assert!(stored(&state, HERE).is_none());
    assert!(Path::new(&state.path("identity")).exists());
}

#[test]
fn a_device_signs_what_the_gateway_will_check() {
    let state = State::new();
    identity(&state, ID);
    token(&state, "operator");
    let device = stored(&state, HERE).unwrap();
    let signed = device.sign(&DeviceProof {
        nonce: "the-nonce",
        signed_at: 1_700_000_000_000,
        token: Some("the-token"),
        platform: " Linux ",
    });
    assert_eq!(signed["id"], ID);
    assert_eq!(signed["publicKey"], PUBLIC_KEY);
    assert_eq!(
        (&signed["signedAt"], &signed["nonce"]),
        (&json!(1_700_000_000_000_u64), &json!("the-nonce"))
    );
    let bytes = |text: &Value| BASE64URL_NOPAD.decode(text.as_str().unwrap().as_bytes()).unwrap();
    let statement = format!(
        "v3|{ID}|cli|probe|operator|operator.read|1700000000000|the-token|the-nonce|linux|"
    );
    UnparsedPublicKey::new(&ED25519, bytes(&signed["publicKey"]))
        .verify(statement.as_bytes(), &bytes(&signed["signature"]))
        .unwrap();
    let without_token =
        device.sign(&DeviceProof { nonce: "n", signed_at: 1, token: None, platform: "linux" });
    UnparsedPublicKey::new(&ED25519, bytes(&signed["publicKey"]))
        .verify(
            format!("v3|{ID}|cli|probe|operator|operator.read|1||n|linux|").as_bytes(),
            &bytes(&without_token["signature"]),
        )
        .unwrap();
}
