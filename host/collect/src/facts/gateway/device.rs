//! The identity that this machine's gateway clients already have, if any. It is read and never created.
//!
//! A gateway may require it. It is used only where a token was issued for it, as in OpenClaw 2026.9.6; what cannot be
//! read counts as missing.

use data_encoding::BASE64URL_NOPAD;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};

use super::client::CLIENT;
use super::endpoint::Endpoint;
use crate::facts::database::DeviceRows;
use crate::facts::json;
use crate::root_names::STATE_ROOT;
use chitin_fs::files::Roots;
use chitin_fs::hash::sha256_hex;

const MAX_BYTES: u64 = 64 * 1024;

/// An identity, with the token that the gateway gave it.
pub(super) struct Device {
    id: String,
    key: Ed25519KeyPair,
    token: String,
}

/// What a device signs to prove who connects.
pub(super) struct DeviceProof<'v> {
    pub(super) nonce: &'v str,
    /// Milliseconds since 1970.
    pub(super) signed_at: u64,
    pub(super) token: Option<&'v str>,
    pub(super) platform: &'v str,
}

/// The identity to use with a gateway.
pub(super) fn stored(roots: &Roots, endpoint: &Endpoint) -> Option<Device> {
    let origin = endpoint.origin();
    let of_database = || {
        let rows = DeviceRows::read(roots).ok()?;
        let (id, key) = rows.identity()?;
        Device::of(id, key, rows.operator_token(id, origin.as_deref())?)
    };
    of_database().or_else(|| origin.is_none().then(|| of_files(roots)).flatten())
}

/// Where OpenClaw 2026.3.8 keeps it. Its tokens are those of the gateway on this machine.
fn of_files(roots: &Roots) -> Option<Device> {
    let document = |path| json::read(roots, STATE_ROOT, path, MAX_BYTES).ok()??.ok();
    let (identity, tokens) =
        (document("identity/device.json")?, document("identity/device-auth.json")?);
    let text = |value: &Value, pointer: &str| {
        value.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
    };
    let id = text(&identity, "/deviceId")?;
    let same = text(&tokens, "/deviceId").as_deref() == Some(&id);
    let token = text(&tokens, "/tokens/operator/token").filter(|_| same)?;
    Device::of(&id, &text(&identity, "/privateKeyPem")?, &token)
}

impl Device {
    /// None when the key is not the one that the id is made from.
    fn of(id: &str, private_key_pem: &str, token: &str) -> Option<Self> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(private_key_pem.as_bytes()).ok()?;
        let key = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der.secret_pkcs8_der()).ok()?;
        let is_own = sha256_hex(key.public_key().as_ref()) == id;
        let token = token.trim();
        (is_own && !token.is_empty()).then(|| Self {
            id: id.to_owned(),
            key,
            token: token.to_owned(),
        })
    }

    pub(super) fn token(&self) -> &String {
        &self.token
    }

    /// The `device` of a request to connect.
    pub(super) fn sign(&self, proof: &DeviceProof<'_>) -> Value {
        let signature = self.key.sign(self.statement(proof).as_bytes());
        json!({
            "id": self.id,
            "publicKey": BASE64URL_NOPAD.encode(self.key.public_key().as_ref()),
            "signature": BASE64URL_NOPAD.encode(signature.as_ref()),
            "signedAt": proof.signed_at,
            "nonce": proof.nonce,
        })
    }

    /// What is signed. The last field, the family of the device, is empty.
    fn statement(&self, proof: &DeviceProof<'_>) -> String {
        let DeviceProof { nonce, signed_at, token, platform } = proof;
        let signed_at = signed_at.to_string();
        let platform = platform.trim().to_ascii_lowercase();
        let token = token.unwrap_or_default();
        [
            "v3",
            &self.id,
            CLIENT.id,
            CLIENT.mode,
            CLIENT.role,
            CLIENT.scope,
            &signed_at,
            token,
            nonce,
            &platform,
            "",
        ]
        .join("|")
    }
}
