//! The envelope beside a module: DSSE v1, with Ed25519 signatures over the pre-authentication encoding of its payload.
//!
//! What is not understood is refused and not skipped. Nothing of the payload is looked at before a signature held.

use data_encoding::{BASE64, BASE64URL};
use serde::{Deserialize, Serialize};

use super::error::Refusal;
use super::key::KeyId;
use super::secret_key::SecretKey;
use super::strict_json;

/// The payload is an in-toto statement.
const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
/// A manifest of the largest allowed size fits in base64.
pub(super) const MAX_ENVELOPE: usize = 4 << 20;
const MAX_SIGNATURES: usize = 16;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Written {
    payload_type: String,
    payload: String,
    signatures: Vec<WrittenSignature>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSignature {
    keyid: String,
    sig: String,
}

/// A signature that was not yet held against any key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signature {
    pub(super) key: KeyId,
    pub(super) bytes: [u8; 64],
}

/// An envelope of the right form. That says nothing about who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Envelope {
    pub(super) payload: Vec<u8>,
    pub(super) signatures: Vec<Signature>,
}

/// What is signed: type and payload with their lengths, so that no two pairs have one encoding.
pub(super) fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

/// The specification allows both alphabets, each with its padding.
fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.as_bytes()).or_else(|_| BASE64URL.decode(text.as_bytes())).ok()
}

impl Envelope {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let written: Written =
            strict_json::typed(bytes, MAX_ENVELOPE).map_err(Refusal::EnvelopeMalformed)?;
        if written.payload_type != PAYLOAD_TYPE {
            return Err(Refusal::PayloadType(written.payload_type));
        }
        let payload = decode(&written.payload)
            .ok_or_else(|| Refusal::EnvelopeMalformed("its payload is not base64".to_owned()))?;
        if written.signatures.is_empty() {
            return Err(Refusal::NoSignature);
        }
        if written.signatures.len() > MAX_SIGNATURES {
            return Err(Refusal::EnvelopeMalformed(format!(
                "it has more than {MAX_SIGNATURES} signatures"
            )));
        }
        let mut signatures: Vec<Signature> = Vec::new();
        for signature in written.signatures {
            let signature = Signature::read(&signature)?;
            if signatures.iter().any(|earlier| earlier.key == signature.key) {
                return Err(Refusal::SignedTwice(signature.key));
            }
            signatures.push(signature);
        }
        Ok(Self { payload, signatures })
    }

    pub(super) fn new(payload: Vec<u8>) -> Self {
        Self { payload, signatures: Vec::new() }
    }

    /// The bytes that every signature of this envelope is over.
    pub(super) fn signed(&self) -> Vec<u8> {
        pae(PAYLOAD_TYPE, &self.payload)
    }

    /// Adds a signature, or replaces the one of the same key.
    pub(super) fn sign(&mut self, key: &SecretKey) {
        let signature = Signature { key: key.public().id(), bytes: key.sign(&self.signed()) };
        self.signatures.retain(|earlier| earlier.key != signature.key);
        self.signatures.push(signature);
    }

    pub(super) fn to_json(&self) -> Result<String, serde_json::Error> {
        let written = Written {
            payload_type: PAYLOAD_TYPE.to_owned(),
            payload: BASE64.encode(&self.payload),
            signatures: self
                .signatures
                .iter()
                .map(|signature| WrittenSignature {
                    keyid: signature.key.to_string(),
                    sig: BASE64.encode(&signature.bytes),
                })
                .collect(),
        };
        Ok(serde_json::to_string_pretty(&written)? + "\n")
    }
}

impl Signature {
    fn read(written: &WrittenSignature) -> Result<Self, Refusal> {
        let key = KeyId::parse(&written.keyid).ok_or_else(|| {
            Refusal::EnvelopeMalformed(
                "a keyid is not the SHA-256 of a public key in hexadecimal".to_owned(),
            )
        })?;
        let bytes = decode(&written.sig)
            .ok_or_else(|| Refusal::EnvelopeMalformed("a signature is not base64".to_owned()))?;
        let length = bytes.len();
        let bytes = bytes.try_into().map_err(|_| Refusal::SignatureKind { length })?;
        Ok(Self { key, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_that_of_the_specification() {
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
    fn an_envelope_comes_back_as_it_was() {
        let (key, mut envelope) = signed();
        envelope.sign(&SecretKey::generate().unwrap());
        envelope.sign(&key);
        assert_eq!(envelope.signatures.len(), 2);
        let read = Envelope::parse(envelope.to_json().unwrap().as_bytes()).unwrap();
        assert_eq!(read, envelope);
    }

    #[test]
    fn both_alphabets_of_base64_are_read() {
        let (_, mut envelope) = signed();
        envelope.payload = vec![0xfb, 0xff];
        let json = envelope.to_json().unwrap();
        assert!(json.contains("+/8="));
        let read = Envelope::parse(json.replace("+/8=", "-_8=").as_bytes()).unwrap();
        assert_eq!(read.payload, envelope.payload);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let (_, envelope) = signed();
        let good: serde_json::Value = serde_json::from_str(&envelope.to_json().unwrap()).unwrap();
        let refused = |change: &dyn Fn(&mut serde_json::Value)| {
            let mut value = good.clone();
            change(&mut value);
            Envelope::parse(value.to_string().as_bytes()).unwrap_err()
        };
        let malformed = |refusal: Refusal| matches!(refusal, Refusal::EnvelopeMalformed(_));
        assert!(malformed(refused(&|value| value["critical"] = true.into())));
        assert!(malformed(refused(&|value| value["signatures"][0]["alg"] = "none".into())));
        assert!(malformed(refused(&|value| value["payload"] = "e30".into())));
        assert!(malformed(refused(&|value| value["signatures"][0]["keyid"] = "".into())));
        assert!(malformed(refused(&|value| value["signatures"][0]["sig"] = "?".into())));
        assert!(malformed(refused(&|value| {
            let many = vec![value["signatures"][0].clone(); 17];
            value["signatures"] = many.into();
        })));
        assert!(matches!(
            refused(&|value| value["payloadType"] = "text/plain".into()),
            Refusal::PayloadType(_)
        ));
        assert!(matches!(
            refused(&|value| value["signatures"] = serde_json::json!([])),
            Refusal::NoSignature
        ));
        assert!(matches!(
            refused(&|value| {
                let twice = vec![value["signatures"][0].clone(); 2];
                value["signatures"] = twice.into();
            }),
            Refusal::SignedTwice(_)
        ));
    }

    #[test]
    fn a_signature_of_another_algorithm_is_refused() {
        let (_, envelope) = signed();
        let mut value: serde_json::Value =
            serde_json::from_str(&envelope.to_json().unwrap()).unwrap();
        for length in [0, 63, 65, 71, 256] {
            value["signatures"][0]["sig"] = BASE64.encode(&vec![1; length]).into();
            let refusal = Envelope::parse(value.to_string().as_bytes()).unwrap_err();
            assert!(
                matches!(refusal, Refusal::SignatureKind { length: found } if found == length),
                "{refusal}"
            );
        }
    }

    #[test]
    fn an_envelope_that_was_cut_is_refused_wherever_it_was_cut() {
        let (_, envelope) = signed();
        let json = envelope.to_json().unwrap();
        for length in 0..json.trim_end().len() {
            let refusal = Envelope::parse(&json.as_bytes()[..length]).unwrap_err();
            assert!(matches!(refusal, Refusal::EnvelopeMalformed(_)), "{length}: {refusal}");
        }
    }
}
