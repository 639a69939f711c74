//! A JSON document below a root: strict, and read within a limit.

use serde_json::Value;
use thiserror::Error;

use crate::facts::error::FactError;
use chitin_fs::files::{Content, Roots};

/// Why a document is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum JsonError {
    #[error("it is not a file")]
    NotAFile,
    #[error("it is not valid JSON")]
    Malformed,
}

/// Reads a document of at most `max` bytes. None when it does not exist; a malformed one is the inner error, because
/// OpenClaw goes on without it. That it cannot be read is the outer one.
pub(super) fn read(
    roots: &Roots,
    root: &str,
    path: &str,
    max: u64,
) -> Result<Option<Result<Value, JsonError>>, FactError> {
    let unreadable = |reason: &str| Err(FactError::new(format!("`{root}:{path}`: {reason}")));
    match roots.read(root, path, max)? {
        Content::Missing => Ok(None),
        Content::NotAFile => Ok(Some(Err(JsonError::NotAFile))),
        Content::TooLarge => unreadable(&format!("it is larger than {max} bytes")),
        Content::Unreadable(reason) => unreadable(&reason),
        Content::Bytes(bytes) => Ok(Some(parse(&bytes))),
    }
}

/// An error for what is not strict JSON, or is nested deeper than 128 levels.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, JsonError> {
    serde_json::from_slice(bytes).map_err(|_| JsonError::Malformed)
}
