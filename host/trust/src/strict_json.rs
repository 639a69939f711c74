//! JSON with one meaning only: no duplicate keys, no fractions, nothing after the end, bounded size and depth.
//!
//! Of two equal keys, one reader takes the first and another the last: they would see different statements under one
//! signature.

use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use thiserror::Error;

/// How deep objects and arrays may be nested.
const MAX_DEPTH: usize = 32;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StrictJsonError {
    #[error("it is larger than {limit} bytes")]
    TooLarge { limit: usize },
    /// What serde says, with line and column.
    #[error("{0}")]
    Malformed(String),
}

impl From<serde_json::Error> for StrictJsonError {
    fn from(error: serde_json::Error) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// Reads a document.
pub(super) fn value(bytes: &[u8], limit: usize) -> Result<Value, StrictJsonError> {
    if bytes.len() > limit {
        return Err(StrictJsonError::TooLarge { limit });
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { left: MAX_DEPTH }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// Reads a document of a known shape; the type decides about unknown fields.
pub(super) fn typed<T: DeserializeOwned>(bytes: &[u8], limit: usize) -> Result<T, StrictJsonError> {
    Ok(serde_json::from_value(value(bytes, limit)?)?)
}

#[derive(Clone, Copy)]
struct Strict {
    left: usize,
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        let left = self.left.checked_sub(1).ok_or_else(|| E::custom("it is nested too deeply"))?;
        Ok(Self { left })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Value, E> {
        Err(E::custom("a number is not an integer"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let seed = self.deeper()?;
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(seed)? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let seed = self.deeper()?;
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!(
                    "the key `{}` appears twice",
                    key.escape_debug()
                )));
            }
            let value = entries.next_value_seed(seed)?;
            map.insert(key, value);
        }
        Ok(map.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ambiguous_json_is_refused() {
        let refused = |text: &str| value(text.as_bytes(), 1000).unwrap_err().to_string();
        assert!(refused(r#"{"a": {"b": 1, "c": 2, "b": 1}}"#).contains("`b` appears twice"));
        assert!(refused(r#"{"a": 1, "\u0061": 1}"#).contains("`a` appears twice"));
        assert!(refused(r#"{"a": 1.5}"#).contains("integer"));
        assert!(refused(r#"{"a": 1e400}"#).contains("number"));
        assert!(refused(r#"{"a": 1} {}"#).contains("trailing"));
        assert!(refused(r#"{"a": 1"#).contains("EOF"));
        assert!(refused("\u{feff}{}").contains("expected value"));
        assert!(refused(&"[".repeat(100)).contains("nested"));
        assert!(refused(&" ".repeat(1001)).contains("larger than 1000"));
        assert!(value(b"{\"a\": \"\xff\"}", 1000).is_err());
    }

    #[test]
    fn the_order_of_keys_does_not_matter() {
        let one = value(br#"{"a": [1, true, null], "b": -2}"#, 1000).unwrap();
        assert_eq!(one, value(br#"{"b":-2,"a":[1,true,null]}"#, 1000).unwrap());
        assert_ne!(one, value(br#"{"b":-2,"a":[true,1,null]}"#, 1000).unwrap());
    }
}
