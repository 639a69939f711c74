//! What is signed about a module: an in-toto statement. Its subject is the component; its predicate holds the whole
//! manifest, the sequence number of the release, and how long the statement is valid.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use super::digest::Digest;
use super::dsse::MAX_ENVELOPE;
use super::strict_json::{self, StrictJsonError};
use chitin_model::timestamp::Timestamp;

const TYPE: &str = "https://in-toto.io/Statement/v1";
const PREDICATE_TYPE: &str = "chitin:module/v1";

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StatementError {
    #[error(
        "the signed statement cannot be read: {0}. Its publisher has to sign the module again with `chitin module sign`"
    )]
    Malformed(#[from] MalformedStatementError),
    #[error(
        "the signed statement is about `{0}`, not about a chitin module. Fetch the envelope that belongs to the module"
    )]
    WrongPredicateType(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MalformedStatementError {
    #[error(transparent)]
    Json(#[from] StrictJsonError),
    #[error("it is not an in-toto Statement v1")]
    NotStatementV1,
    #[error("it must have exactly one subject")]
    SubjectCount,
    #[error("its digest is not a SHA-256 in hexadecimal")]
    Digest,
    #[error("a time is not written like 2026-01-31T12:00:00Z")]
    Time,
    #[error("it expires before it was issued")]
    ExpiresBeforeIssued,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStatement {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: Predicate,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    name: String,
    digest: Digests,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Digests {
    sha256: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Predicate {
    manifest: Value,
    sequence: u64,
    issued: String,
    expires: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The file's name when it was signed. Nothing is decided by it.
    pub name: String,
    pub digest: Digest,
    pub manifest: Value,
    /// Higher in each release.
    pub sequence: u64,
    pub issued: Timestamp,
    pub expires: Timestamp,
}

impl Statement {
    pub(super) fn parse(payload: &[u8]) -> Result<Self, StatementError> {
        let raw: RawStatement =
            strict_json::typed(payload, MAX_ENVELOPE).map_err(MalformedStatementError::from)?;
        if raw.kind == TYPE && raw.predicate_type != PREDICATE_TYPE {
            return Err(StatementError::WrongPredicateType(raw.predicate_type));
        }
        Ok(Self::of_raw(raw)?)
    }

    fn of_raw(raw: RawStatement) -> Result<Self, MalformedStatementError> {
        if raw.kind != TYPE {
            return Err(MalformedStatementError::NotStatementV1);
        }
        let [subject] = raw.subject.as_slice() else {
            return Err(MalformedStatementError::SubjectCount);
        };
        let time = |text: &str| Timestamp::parse(text).ok_or(MalformedStatementError::Time);
        let predicate = raw.predicate;
        let statement = Self {
            name: subject.name.clone(),
            digest: Digest::of_hex(&subject.digest.sha256)
                .ok_or(MalformedStatementError::Digest)?,
            issued: time(&predicate.issued)?,
            expires: time(&predicate.expires)?,
            manifest: predicate.manifest,
            sequence: predicate.sequence,
        };
        if statement.expires <= statement.issued {
            return Err(MalformedStatementError::ExpiresBeforeIssued);
        }
        Ok(statement)
    }

    pub(super) fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&RawStatement {
            kind: TYPE.to_owned(),
            subject: vec![Subject {
                name: self.name.clone(),
                digest: Digests { sha256: self.digest.hex() },
            }],
            predicate_type: PREDICATE_TYPE.to_owned(),
            predicate: Predicate {
                manifest: self.manifest.clone(),
                sequence: self.sequence,
                issued: self.issued.to_string(),
                expires: self.expires.to_string(),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn statement() -> Statement {
        Statement {
            name: "a.wasm".to_owned(),
            digest: Digest::of(b"a"),
            manifest: json!({"id": "a", "list": [1, 2]}),
            sequence: 7,
            issued: Timestamp::new(1_000_000),
            expires: Timestamp::new(2_000_000),
        }
    }

    #[test]
    fn a_statement_round_trips() {
        let read = Statement::parse(&statement().to_json().unwrap()).unwrap();
        assert_eq!(read, statement());
    }

    #[test]
    fn a_malformed_statement_is_refused() {
        let good: Value = serde_json::from_slice(&statement().to_json().unwrap()).unwrap();
        let refused = |pointer: &str, new: Value| {
            let mut value = good.clone();
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            value.pointer_mut(parent).unwrap()[key] = new;
            Statement::parse(value.to_string().as_bytes()).unwrap_err()
        };
        for (pointer, new) in [
            ("/_type", json!("https://in-toto.io/Statement/v0.1")),
            ("/subject", json!([])),
            ("/subject", json!([good["subject"][0], good["subject"][0]])),
            ("/extra", json!(true)),
            ("/predicate/critical", json!(["x"])),
            ("/predicate/sequence", json!(-1)),
            ("/predicate/sequence", json!("7")),
            ("/predicate/sequence", json!(null)),
            ("/predicate/issued", json!("1970-01-12 13:46:40")),
            ("/predicate/expires", json!("1970-01-12T13:46:40Z")),
        ] {
            let error = refused(pointer, new);
            assert!(matches!(error, StatementError::Malformed(_)), "{pointer}: {error}");
        }
        assert!(matches!(
            refused("/predicateType", json!("https://slsa.dev/provenance/v1")),
            StatementError::WrongPredicateType(_)
        ));
        let mut value = good.clone();
        value["subject"][0]["digest"] = json!({"sha512": "00"});
        assert!(Statement::parse(value.to_string().as_bytes()).is_err());
        value["subject"][0]["digest"] = json!({"sha256": Digest::of(b"a").hex().to_uppercase()});
        assert!(Statement::parse(value.to_string().as_bytes()).is_err());
    }

    #[test]
    fn a_duplicate_key_is_refused() {
        let json = String::from_utf8(statement().to_json().unwrap()).unwrap();
        let twice = json.replace("\"sequence\":7", "\"sequence\":7,\"sequence\":8");
        assert_ne!(json, twice);
        let error = Statement::parse(twice.as_bytes()).unwrap_err();
        assert!(error.to_string().contains("`sequence` appears twice"), "{error}");
    }
}
