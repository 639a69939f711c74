//! The identity that this machine's gateway clients have, if it has one already. It is read and never made.
//!
//! A gateway may insist on it. It is used only where a token was issued for it, as OpenClaw 2026.9.6 does; what cannot
//! be read counts as not there.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::endpoint::Target;
use super::session::CLIENT;
use crate::facts::STATE_ROOT;
use crate::facts::database::DeviceRows;
use crate::facts::json::Json;
use chitin_fs::files::Roots;

const MAX_BYTES: u64 = 64 * 1024;

/// An identity, with the token that the gateway gave it.
pub(super) struct Device {
    id: String,
    key: Ed25519KeyPair,
    token: String,
}

/// What a gateway is told of the connection that a device vouches for.
pub(super) struct Vouching<'v> {
    pub(super) nonce: &'v str,
    /// Milliseconds since 1970.
    pub(super) signed_at: u64,
    pub(super) token: Option<&'v str>,
    pub(super) platform: &'v str,
}

/// The identity to ask a gateway with.
pub(super) fn stored(roots: &Roots, target: &Target) -> Option<Device> {
    let origin = target.origin();
    let of_database = || {
        let rows = DeviceRows::read(roots).ok()?;
        let (id, key) = rows.identity()?;
        Device::of(id, key, rows.operator_token(id, origin.as_deref())?)
    };
    of_database().or_else(|| origin.is_none().then(|| of_files(roots)).flatten())
}

/// As OpenClaw 2026.3.8 keeps it. Its tokens are those of the gateway on this machine.
fn of_files(roots: &Roots) -> Option<Device> {
    let document = |path| match Json::read(roots, STATE_ROOT, path, MAX_BYTES) {
        Ok(Json::Value(value)) => Some(value),
        _ => None,
    };
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
        let is_own = HEXLOWER.encode(&Sha256::digest(key.public_key())) == id;
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
    pub(super) fn vouch(&self, vouching: &Vouching<'_>) -> Value {
        let signature = self.key.sign(self.statement(vouching).as_bytes());
        json!({
            "id": self.id,
            "publicKey": BASE64URL_NOPAD.encode(self.key.public_key().as_ref()),
            "signature": BASE64URL_NOPAD.encode(signature.as_ref()),
            "signedAt": vouching.signed_at,
            "nonce": vouching.nonce,
        })
    }

    /// What is signed. The last field, the family of the device, is empty.
    fn statement(&self, vouching: &Vouching<'_>) -> String {
        let Vouching { nonce, signed_at, token, platform } = vouching;
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
