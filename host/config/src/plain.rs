//! A part of the config as ordinary JSON, in effect, with secrets in the clear. For the host's own reading only.

use serde_json::Value as Json;

use super::{Shape, Value};

/// The value as OpenClaw sees it. A reference is what stands in the file.
pub fn plain_json(value: &Value) -> Json {
    match &value.shape {
        Shape::Null => Json::Null,
        Shape::Bool(value) => Json::Bool(*value),
        Shape::Number(number) => Json::Number(number.clone()),
        Shape::Text(text) => Json::String(text.effective.clone()),
        Shape::Reference(reference) => serde_json::json!({
            "source": reference.source,
            "provider": reference.provider,
            "id": reference.id,
        }),
        Shape::List(items) => Json::Array(items.iter().map(plain_json).collect()),
        Shape::Map(members) => Json::Object(
            members.iter().map(|(key, value)| (key.clone(), plain_json(value))).collect(),
        ),
    }
}
