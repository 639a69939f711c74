//! What is signed about a module: an in-toto statement whose subject is the component and whose predicate has the whole
//! manifest, the place in the order of releases, and how long the statement holds.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::digest::Digest;
use super::dsse::MAX_ENVELOPE;
use super::error::Refusal;
use super::strict_json;
use chitin_model::timestamp::Timestamp;

const TYPE: &str = "https://in-toto.io/Statement/v1";
const PREDICATE_TYPE: &str = "chitin:module/v1";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
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
    /// The file's name when it was signed; it proves nothing.
    pub name: String,
    pub digest: Digest,
    pub manifest: Value,
    /// A later release has a higher one.
    pub sequence: u64,
    pub issued: Timestamp,
    pub expires: Timestamp,
}

impl Statement {
    pub(super) fn parse(payload: &[u8]) -> Result<Self, Refusal> {
        let malformed = |why: &str| Refusal::StatementMalformed(why.to_owned());
        let written: Written =
            strict_json::typed(payload, MAX_ENVELOPE).map_err(Refusal::StatementMalformed)?;
        if written.kind != TYPE {
            return Err(malformed("it is no in-toto Statement v1"));
        }
        if written.predicate_type != PREDICATE_TYPE {
            return Err(Refusal::PredicateType(written.predicate_type));
        }
        let [subject] = written.subject.as_slice() else {
            return Err(malformed("it has to have exactly one subject"));
        };
        let moment = |text: &str| {
            Timestamp::parse(text)
                .ok_or_else(|| malformed("a time is not like 2026-01-31T12:00:00Z"))
        };
        let predicate = written.predicate;
        let statement = Self {
            name: subject.name.clone(),
            digest: Digest::of_hex(&subject.digest.sha256)
                .ok_or_else(|| malformed("its digest is not SHA-256 in hexadecimal"))?,
            issued: moment(&predicate.issued)?,
            expires: moment(&predicate.expires)?,
            manifest: predicate.manifest,
            sequence: predicate.sequence,
        };
        if statement.expires <= statement.issued {
            return Err(malformed("it expires before it was issued"));
        }
        Ok(statement)
    }

    pub(super) fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&Written {
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
    fn a_statement_comes_back_as_it_was() {
        let read = Statement::parse(&statement().to_json().unwrap()).unwrap();
        assert_eq!(read, statement());
    }

    #[test]
    fn a_statement_of_another_form_is_refused() {
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
            let refusal = refused(pointer, new);
            assert!(matches!(refusal, Refusal::StatementMalformed(_)), "{pointer}: {refusal}");
        }
        assert!(matches!(
            refused("/predicateType", json!("https://slsa.dev/provenance/v1")),
            Refusal::PredicateType(_)
        ));
        let mut value = good.clone();
        value["subject"][0]["digest"] = json!({"sha512": "00"});
        assert!(Statement::parse(value.to_string().as_bytes()).is_err());
        value["subject"][0]["digest"] = json!({"sha256": Digest::of(b"a").hex().to_uppercase()});
        assert!(Statement::parse(value.to_string().as_bytes()).is_err());
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        let json = String::from_utf8(statement().to_json().unwrap()).unwrap();
        let twice = json.replace("\"sequence\":7", "\"sequence\":7,\"sequence\":8");
        assert_ne!(json, twice);
        let refusal = Statement::parse(twice.as_bytes()).unwrap_err();
        assert!(refusal.to_string().contains("`sequence` stands twice"), "{refusal}");
    }
}
