//! Public keys, in minisign's format only, which `chitin module keygen` and minisign itself write. A weak key, for which
//! signatures can be made without the secret key, is refused.

use std::fmt;

use data_encoding::BASE64;
use ed25519_dalek::{Signature, VerifyingKey};
use thiserror::Error;

use chitin_fs::hash::{from_hex, hex, sha256};

/// Says in minisign's files that a key is an Ed25519 key.
pub(super) const ALGORITHM: [u8; 2] = *b"Ed";
/// A larger key file is not read.
pub(super) const MAX_KEY_FILE: usize = 4096;
/// The algorithm, minisign's id of the key, the key.
const FILE_LEN: usize = 2 + 8 + 32;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    #[error(
        "this is not a minisign public key: {0}. Give the .pub file of `chitin module keygen` or of minisign, or its second line"
    )]
    Malformed(&'static str),
    #[error(
        "this is not an Ed25519 key, and no other kind is accepted. Ask the publisher for a minisign public key"
    )]
    Algorithm,
    #[error(
        "this key is weak: anyone can make valid signatures for it without the secret key. Do not use it, and ask the publisher what happened"
    )]
    Weak,
    #[error("this is a secret key. Give the .pub file, and keep this one to yourself")]
    Secret,
}

/// SHA-256 of the thirty-two bytes of a public key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 32]);

impl KeyId {
    pub fn parse(text: &str) -> Option<Self> {
        from_hex(text).map(Self)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// A key that signatures are verified with.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    key: VerifyingKey,
    /// minisign's own id of the key. Nothing is decided by it; it is kept for writing key files.
    minisign_id: [u8; 8],
}

impl PublicKey {
    pub(super) fn new(key: VerifyingKey, minisign_id: [u8; 8]) -> Result<Self, KeyError> {
        // A non-canonical encoding would give one key a second id.
        let canonical = key.to_edwards().compress().to_bytes() == *key.as_bytes();
        if key.is_weak() || !canonical {
            return Err(KeyError::Weak);
        }
        Ok(Self { key, minisign_id })
    }

    /// Reads a public key file, or only its base64 line.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let line = significant_line(text)?;
        let bytes =
            BASE64.decode(line.as_bytes()).map_err(|_| KeyError::Malformed("it is not base64"))?;
        if !bytes.starts_with(&ALGORITHM) {
            return Err(KeyError::Algorithm);
        }
        if bytes.len() > FILE_LEN {
            return Err(KeyError::Secret);
        }
        let (minisign_id, key) = bytes
            .get(2..)
            .and_then(<[u8]>::split_first_chunk::<8>)
            .and_then(|(minisign_id, key)| Some((*minisign_id, <[u8; 32]>::try_from(key).ok()?)))
            .ok_or(KeyError::Malformed("it is too short"))?;
        let key = VerifyingKey::from_bytes(&key)
            .map_err(|_| KeyError::Malformed("it is not a point on the curve"))?;
        Self::new(key, minisign_id)
    }

    pub fn id(&self) -> KeyId {
        KeyId(sha256(self.key.as_bytes()))
    }

    /// The base64 line of a key file, as in `trust.toml`.
    pub fn line(&self) -> String {
        BASE64.encode(&[&ALGORITHM[..], &self.minisign_id, self.key.as_bytes()].concat())
    }

    /// The whole public key file, as minisign writes it.
    pub fn file(&self) -> String {
        let minisign_id = u64::from_le_bytes(self.minisign_id);
        format!("untrusted comment: minisign public key {minisign_id:016X}\n{}\n", self.line())
    }

    /// Whether a signature over a message was made with this key.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.key.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PublicKey({})", self.id())
    }
}

/// The base64 line of a key file: the second after a comment, or the only one.
pub(super) fn significant_line(text: &str) -> Result<&str, KeyError> {
    if text.len() > MAX_KEY_FILE {
        return Err(KeyError::Malformed("it is too large"));
    }
    let text = text.trim();
    if ["-----BEGIN", "ssh-", "ecdsa-", "age1", "{"].iter().any(|start| text.starts_with(start)) {
        return Err(KeyError::Algorithm);
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().ok_or(KeyError::Malformed("it is empty"))?;
    let line = if first.starts_with("untrusted comment:") {
        lines.next().ok_or(KeyError::Malformed("there is nothing after the comment"))?
    } else {
        first
    };
    if lines.next().is_some() {
        return Err(KeyError::Malformed("it has too many lines"));
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with minisign 0.11.
    const MINISIGN: &str = include_str!("testdata/minisign.pub");

    #[test]
    fn minisigns_own_public_keys_are_read() {
        let key = PublicKey::parse(MINISIGN).unwrap();
        assert_eq!(key.file(), MINISIGN);
        assert_eq!(PublicKey::parse(&key.line()).unwrap(), key);
        assert_eq!(KeyId::parse(&key.id().to_string()), Some(key.id()));
    }

    fn encoded(algorithm: [u8; 2], key: &[u8]) -> String {
        BASE64.encode(&[&algorithm[..], &[7; 8], key].concat())
    }

    #[test]
    fn a_weak_key_is_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        let order_four = [0; 32];
        let mut minus_one = [0xff; 32];
        minus_one[0] = 0xec;
        minus_one[31] = 0x7f;
        // The identity in a non-canonical encoding.
        let mut non_canonical = [0xff; 32];
        non_canonical[0] = 0xee;
        non_canonical[31] = 0x7f;
        for key in [identity, order_four, minus_one, non_canonical] {
            assert_eq!(PublicKey::parse(&encoded(*b"Ed", &key)), Err(KeyError::Weak), "{key:?}");
        }
    }

    #[test]
    fn a_key_of_another_algorithm_is_refused() {
        let point = *PublicKey::parse(MINISIGN).unwrap().key.as_bytes();
        for text in [
            encoded(*b"RS", &point).as_str(),
            "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA",
            "{\"keytype\": \"rsa\"}",
        ] {
            assert_eq!(PublicKey::parse(text), Err(KeyError::Algorithm), "{text}");
        }
    }

    #[test]
    fn a_file_that_is_not_a_public_key_is_refused() {
        let point = *PublicKey::parse(MINISIGN).unwrap().key.as_bytes();
        assert_eq!(PublicKey::parse(&encoded(*b"Ed", &[3; 148])), Err(KeyError::Secret));
        for text in [
            encoded(*b"Ed", &point[..31]).as_str(),
            "",
            "untrusted comment: nothing else",
            "nonsense!",
            &format!("{MINISIGN}RWQ\n"),
            &"A".repeat(5000),
        ] {
            assert!(matches!(PublicKey::parse(text), Err(KeyError::Malformed(_))), "{text}");
        }
    }
}
