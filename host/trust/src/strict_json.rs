//! JSON that means one thing only: no key twice, no fraction, nothing after the end, bounded in size and depth.
//!
//! Two readers that take different ones of two equal keys would see two different statements under one signature.

use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// How deep objects and lists may stand in each other.
const MAX_DEPTH: usize = 32;

/// A document.
pub(super) fn value(bytes: &[u8], limit: usize) -> Result<Value, String> {
    if bytes.len() > limit {
        return Err(format!("it is larger than {limit} bytes"));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { left: MAX_DEPTH }.deserialize(&mut reader).map_err(|e| e.to_string())?;
    reader.end().map_err(|error| error.to_string())?;
    Ok(value)
}

/// A document of a known shape; the shape decides about unknown fields.
pub(super) fn typed<T: DeserializeOwned>(bytes: &[u8], limit: usize) -> Result<T, String> {
    serde_json::from_value(value(bytes, limit)?).map_err(|error| error.to_string())
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
        Err(E::custom("a number is not a whole one"))
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
                    "the key `{}` stands twice",
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
    fn json_that_means_two_things_is_refused() {
        let refused = |text: &str| value(text.as_bytes(), 1000).unwrap_err();
        assert!(refused(r#"{"a": {"b": 1, "c": 2, "b": 1}}"#).contains("`b` stands twice"));
        assert!(refused(r#"{"a": 1, "\u0061": 1}"#).contains("`a` stands twice"));
        assert!(refused(r#"{"a": 1.5}"#).contains("whole"));
        assert!(refused(r#"{"a": 1e400}"#).contains("number"));
        assert!(refused(r#"{"a": 1} {}"#).contains("trailing"));
        assert!(refused(r#"{"a": 1"#).contains("EOF"));
        assert!(refused("\u{feff}{}").contains("expected value"));
        assert!(refused(&"[".repeat(100)).contains("nested"));
        assert!(refused(&" ".repeat(1001)).contains("larger than 1000"));
        assert!(value(b"{\"a\": \"\xff\"}", 1000).is_err());
    }

    #[test]
    fn order_of_keys_means_nothing() {
        let one = value(br#"{"a": [1, true, null], "b": -2}"#, 1000).unwrap();
        assert_eq!(one, value(br#"{"b":-2,"a":[1,true,null]}"#, 1000).unwrap());
        assert_ne!(one, value(br#"{"b":-2,"a":[true,1,null]}"#, 1000).unwrap());
    }
}
