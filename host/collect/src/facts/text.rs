//! Texts in JSON documents.

use serde_json::Value;

use chitin_config::ecma::trim;

/// The trimmed text, unless it is blank or not a text.
pub(super) fn non_blank(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_str).map(trim).filter(|text| !text.is_empty())
}
