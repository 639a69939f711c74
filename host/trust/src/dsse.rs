//! The envelope beside a module: DSSE v1, with Ed25519 signatures over the pre-authentication encoding of its payload.
//!
//! Anything unknown is an error, never skipped. The payload is only read after a signature over it was found valid.

use data_encoding::{BASE64, BASE64URL};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::key::KeyId;
use super::secret_key::SecretKey;
use super::strict_json::{self, StrictJsonError};

/// The payload is an in-toto statement.
const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
/// Large enough for a manifest of the largest allowed size in base64.
pub(super) const MAX_ENVELOPE: usize = 4 << 20;
const MAX_SIGNATURES: usize = 16;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EnvelopeError {
    #[error(
        "its envelope cannot be read: {0}. It may have been truncated; fetch module and envelope again"
    )]
    Json(#[from] StrictJsonError),
    #[error("its envelope cannot be read: its {0} is not base64. Fetch module and envelope again")]
    NotBase64(&'static str),
    #[error(
        "its envelope cannot be read: a keyid is not the SHA-256 of a public key in hexadecimal. Its publisher has to \
         sign it again with `chitin module sign`"
    )]
    MalformedKeyId,
    #[error(
        "its envelope has more than {MAX_SIGNATURES} signatures. Its publisher has to sign it again"
    )]
    TooManySignatures,
    #[error(
        "its envelope has no signature: it was removed, or the module was never signed. Fetch the envelope again"
    )]
    NoSignature,
    #[error(
        "its envelope contains `{0}`, not an in-toto statement. Fetch the envelope that belongs to the module"
    )]
    WrongPayloadType(String),
    #[error(
        "it is signed with another algorithm: a signature has {length} bytes, an Ed25519 signature has 64. Its \
         publisher has to sign it with an Ed25519 key"
    )]
    WrongSignatureLength { length: usize },
    #[error(
        "its envelope has two signatures by the key {0}. One is enough; its publisher has to sign it again"
    )]
    DuplicateSignature(KeyId),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RawEnvelope {
    payload_type: String,
    payload: String,
    signatures: Vec<RawSignature>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSignature {
    keyid: String,
    sig: String,
}

/// A signature that was not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signature {
    pub(super) key: KeyId,
    pub(super) bytes: [u8; 64],
}

/// A well-formed envelope. That says nothing about who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Envelope {
    pub(super) payload: Vec<u8>,
    pub(super) signatures: Vec<Signature>,
}

/// The pre-authentication encoding: type and payload with their lengths, so two different pairs have two encodings.
pub(super) fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

/// The specification allows both alphabets of base64, with padding.
fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.as_bytes()).or_else(|_| BASE64URL.decode(text.as_bytes())).ok()
}

impl Envelope {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        let raw: RawEnvelope = strict_json::typed(bytes, MAX_ENVELOPE)?;
        if raw.payload_type != PAYLOAD_TYPE {
            return Err(EnvelopeError::WrongPayloadType(raw.payload_type));
        }
        let payload = decode(&raw.payload).ok_or(EnvelopeError::NotBase64("payload"))?;
        if raw.signatures.is_empty() {
            return Err(EnvelopeError::NoSignature);
        }
        if raw.signatures.len() > MAX_SIGNATURES {
            return Err(EnvelopeError::TooManySignatures);
        }
        let mut signatures: Vec<Signature> = Vec::new();
        for signature in raw.signatures {
            let signature = Signature::read(&signature)?;
            if signatures.iter().any(|earlier| earlier.key == signature.key) {
                return Err(EnvelopeError::DuplicateSignature(signature.key));
            }
            signatures.push(signature);
        }
        Ok(Self { payload, signatures })
    }

    pub(super) fn new(payload: Vec<u8>) -> Self {
        Self { payload, signatures: Vec::new() }
    }

    /// The bytes that a signature of this envelope signs.
    pub(super) fn signed_bytes(&self) -> Vec<u8> {
        pae(PAYLOAD_TYPE, &self.payload)
    }

    /// Adds a signature, or replaces the one of the same key.
    pub(super) fn sign(&mut self, key: &SecretKey) {
        let signature = Signature { key: key.public().id(), bytes: key.sign(&self.signed_bytes()) };
        self.signatures.retain(|earlier| earlier.key != signature.key);
        self.signatures.push(signature);
    }

    pub(super) fn to_json(&self) -> Result<String, serde_json::Error> {
        let raw = RawEnvelope {
            payload_type: PAYLOAD_TYPE.to_owned(),
            payload: BASE64.encode(&self.payload),
            signatures: self
                .signatures
                .iter()
                .map(|signature| RawSignature {
                    keyid: signature.key.to_string(),
                    sig: BASE64.encode(&signature.bytes),
                })
                .collect(),
        };
        Ok(serde_json::to_string_pretty(&raw)? + "\n")
    }
}

impl Signature {
    fn read(raw: &RawSignature) -> Result<Self, EnvelopeError> {
        let key = KeyId::parse(&raw.keyid).ok_or(EnvelopeError::MalformedKeyId)?;
        let bytes = decode(&raw.sig).ok_or(EnvelopeError::NotBase64("signature"))?;
        let length = bytes.len();
        let bytes = bytes.try_into().map_err(|_| EnvelopeError::WrongSignatureLength { length })?;
        Ok(Self { key, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_follows_the_specification() {
        assert_eq!(
            pae("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
        assert_eq!(pae("", b""), b"DSSEv1 0  0 ");
        // Lengths are those of bytes.
        assert_eq!(pae("é", b"\n"), "DSSEv1 2 é 1 \n".as_bytes());
    }

    fn signed() -> (SecretKey, Envelope) {
        let key = SecretKey::generate().unwrap();
        let mut envelope = Envelope::new(b"{}".to_vec());
        envelope.sign(&key);
        (key, envelope)
    }

    #[test]
    fn an_envelope_round_trips() {
        let (key, mut envelope) = signed();
        envelope.sign(&SecretKey::generate().unwrap());
        envelope.sign(&key);
        assert_eq!(envelope.signatures.len(), 2);
        let read = Envelope::parse(envelope.to_json().unwrap().as_bytes()).unwrap();
        assert_eq!(read, envelope);
    }

    #[test]
    fn both_base64_alphabets_are_accepted() {
        let (_, mut envelope) = signed();
        envelope.payload = vec![0xfb, 0xff];
        let json = envelope.to_json().unwrap();
        assert!(json.contains("+/8="));
        let read = Envelope::parse(json.replace("+/8=", "-_8=").as_bytes()).unwrap();
        assert_eq!(read.payload, envelope.payload);
    }

    #[test]
    fn anything_unknown_is_refused() {
        let (_, envelope) = signed();
        let good: serde_json::Value = serde_json::from_str(&envelope.to_json().unwrap()).unwrap();
        let refused = |change: &dyn Fn(&mut serde_json::Value)| {
            let mut value = good.clone();
            change(&mut value);
            Envelope::parse(value.to_string().as_bytes()).unwrap_err()
        };
        let unknown_field = refused(&|value| value["critical"] = true.into());
        assert!(matches!(unknown_field, EnvelopeError::Json(_)), "{unknown_field}");
        let unknown_field = refused(&|value| value["signatures"][0]["alg"] = "none".into());
        assert!(matches!(unknown_field, EnvelopeError::Json(_)), "{unknown_field}");
        let unpadded = refused(&|value| value["payload"] = "e30".into());
        assert_eq!(unpadded, EnvelopeError::NotBase64("payload"));
        let no_key_id = refused(&|value| value["signatures"][0]["keyid"] = "".into());
        assert_eq!(no_key_id, EnvelopeError::MalformedKeyId);
        let bad_signature = refused(&|value| value["signatures"][0]["sig"] = "?".into());
        assert_eq!(bad_signature, EnvelopeError::NotBase64("signature"));
        let many = refused(&|value| {
            let many = vec![value["signatures"][0].clone(); 17];
            value["signatures"] = many.into();
        });
        assert_eq!(many, EnvelopeError::TooManySignatures);
        assert!(matches!(
            refused(&|value| value["payloadType"] = "text/plain".into()),
            EnvelopeError::WrongPayloadType(_)
        ));
        assert!(matches!(
            refused(&|value| value["signatures"] = serde_json::json!([])),
            EnvelopeError::NoSignature
        ));
        assert!(matches!(
            refused(&|value| {
                let twice = vec![value["signatures"][0].clone(); 2];
                value["signatures"] = twice.into();
            }),
            EnvelopeError::DuplicateSignature(_)
        ));
    }

    #[test]
    fn a_signature_of_another_algorithm_is_refused() {
        let (_, envelope) = signed();
        let mut value: serde_json::Value =
            serde_json::from_str(&envelope.to_json().unwrap()).unwrap();
        for length in [0, 63, 65, 71, 256] {
            value["signatures"][0]["sig"] = BASE64.encode(&vec![1; length]).into();
            let error = Envelope::parse(value.to_string().as_bytes()).unwrap_err();
            assert!(
                matches!(error, EnvelopeError::WrongSignatureLength { length: found } if found == length),
                "{error}"
            );
        }
    }

    #[test]
    fn a_truncated_envelope_is_refused_at_every_length() {
        let (_, envelope) = signed();
        let json = envelope.to_json().unwrap();
        for length in 0..json.trim_end().len() {
            let error = Envelope::parse(&json.as_bytes()[..length]).unwrap_err();
            assert!(matches!(error, EnvelopeError::Json(_)), "{length}: {error}");
        }
    }
}
