//! What a check may know of a secret: never its value.

use serde_json::Value;

/// Where a secret's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretSource {
    /// Written out in the file.
    Literal,
    /// Contains at least one `${NAME}`, or is `$NAME` as a whole.
    Env,
    /// A `SecretRef` object.
    Reference,
}

/// A text that is never valid as a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    /// Empty after trimming.
    Blank,
    /// The word `undefined`.
    Undefined,
    /// The word `null`.
    NullWord,
    /// An example value that was published in documentation.
    Published,
}

/// A secret, as much of it as a check may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    pub source: SecretSource,
    /// False when an environment variable is missing or a reference could not be resolved.
    pub resolved: bool,
    /// The environment variable, when the value is exactly one reference to it.
    pub variable: Option<String>,
    /// UTF-16 code units of the value after trimming; 0 when unresolved.
    pub length: u32,
    /// Equal for equal values within one run; for references whose value is unknown, equal if they are to the same
    /// place. Empty when there is neither.
    pub fingerprint: String,
    pub placeholder: Option<Placeholder>,
}

impl Seal {
    /// Reads a seal from the JSON object that is in a secret's place.
    pub fn from_json(value: &Value) -> Option<Self> {
        let object = value.as_object().filter(|object| object.len() == 1)?;
        let fields = object.get("$sealed")?;
        let text = |key: &str| fields.get(key).and_then(Value::as_str);
        Some(Self {
            source: match text("source")? {
                "literal" => SecretSource::Literal,
                "env" => SecretSource::Env,
                "reference" => SecretSource::Reference,
                _ => return None,
            },
            resolved: fields.get("resolved")?.as_bool()?,
            variable: text("variable").map(str::to_owned),
            length: u32::try_from(fields.get("length")?.as_u64()?).ok()?,
            fingerprint: text("fingerprint").unwrap_or_default().to_owned(),
            placeholder: match text("placeholder") {
                Some("blank") => Some(Placeholder::Blank),
                Some("undefined") => Some(Placeholder::Undefined),
                Some("null-word") => Some(Placeholder::NullWord),
                Some("published") => Some(Placeholder::Published),
                _ => None,
            },
        })
    }

    /// A value is known and not blank.
    pub fn has_value(&self) -> bool {
        self.resolved && self.length > 0
    }

    /// The value is kept elsewhere and unknown in this run.
    pub fn is_unresolved_reference(&self) -> bool {
        self.source == SecretSource::Reference && !self.resolved
    }

    /// Both values are known and equal after trimming, or both are unknown and kept in the same place.
    pub fn same_value(&self, other: &Self) -> bool {
        let comparable = (self.has_value() && other.has_value())
            || (self.is_unresolved_reference() && other.is_unresolved_reference());
        comparable && !self.fingerprint.is_empty() && self.fingerprint == other.fingerprint
    }
}
