//! A JSON document below a root: strict, bounded.

use serde_json::Value;

use super::Unavailable;
use chitin_fs::files::{Content, Roots};

/// What is there. That it cannot be looked at is an error instead.
pub(super) enum Json {
    Missing,
    /// No JSON document, for this reason.
    Malformed(&'static str),
    Value(Value),
}

impl Json {
    pub(super) fn read(
        roots: &Roots,
        root: &str,
        path: &str,
        max: u64,
    ) -> Result<Self, Unavailable> {
        let unavailable =
            |reason: &str| Err(Unavailable::new(format!("`{root}:{path}`: {reason}")));
        match roots.read(root, path, max)? {
            Content::Missing => Ok(Self::Missing),
            Content::NotAFile => Ok(Self::Malformed("it is not a file")),
            Content::TooLarge => unavailable(&format!("it is larger than {max} bytes")),
            Content::Unreadable(reason) => unavailable(&reason),
            Content::Bytes(bytes) => {
                Ok(parse(&bytes).map_or(Self::Malformed("it is not valid JSON"), Self::Value))
            }
        }
    }
}

/// None for what is not strict JSON, or is nested deeper than 128 levels.
pub(super) fn parse(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes).ok()
}
