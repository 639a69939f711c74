//! Seals a whole config: its two forms, the names of keys that are secrets themselves, and the secrets that it holds.

use chitin_contract::types::{Seal, SecretSource};
use serde_json::{Map, Value as Json};

use super::{BLANK, Keys, Sealer, Sensitivity, is_marker, redacted, to_json};
use crate::secret_patterns as secrets;
use chitin_config::ecma::trim;
use chitin_config::{SecretRef, Shape, Text, Value};

/// The sealed config, in both forms.
#[derive(Debug, Default)]
pub(crate) struct SealedConfig {
    pub(crate) effective: Json,
    pub(crate) authored: Json,
    keys: Keys,
}

impl SealedConfig {
    /// Seals a config. The sealer must have learned the config's secrets before.
    pub(crate) fn new(sealer: &Sealer, document: &Value, unset: UnsetVariable) -> Self {
        let mut keys = Keys::default();
        let shown = Shown { form: Form::Effective, unset };
        let effective = sealer.config(document, Sensitivity::Plain, shown, &mut keys);
        // The same walk gives the same names to the same keys.
        let mut same = Keys::default();
        let shown = Shown { form: Form::Authored, unset };
        let authored = sealer.config(document, Sensitivity::Plain, shown, &mut same);
        Self { effective, authored, keys }
    }

    /// A pointer into the sealed form as a pointer into the config.
    pub(crate) fn real_pointer(&self, pointer: &str) -> String {
        if self.keys.real.is_empty() && !pointer.contains("/$") {
            return pointer.to_owned();
        }
        let real = |part: &str| match part.strip_prefix('$') {
            Some(key) if is_marker(key) => key.to_owned(),
            _ => self
                .keys
                .real
                .get(part)
                .map_or_else(|| part.to_owned(), |key| key.replace('~', "~0").replace('/', "~1")),
        };
        pointer.split('/').map(real).collect::<Vec<_>>().join("/")
    }
}

/// What it means that a variable has no value here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnsetVariable {
    /// The gateway runs without a value.
    HasNoValue,
    /// The gateway runs elsewhere and may well have one, as with a `SecretRef` that is not resolved here.
    IsUnknown,
}

/// How strings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shown {
    form: Form,
    unset: UnsetVariable,
}

/// Which text of a string is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Effective,
    Authored,
}

impl Sealer {
    fn config(
        &self,
        value: &Value,
        sensitivity: Sensitivity,
        shown: Shown,
        keys: &mut Keys,
    ) -> Json {
        match &value.shape {
            Shape::Null => Json::Null,
            Shape::Bool(value) => Json::Bool(*value),
            Shape::Number(number) => Json::Number(number.clone()),
            Shape::Text(text) => self.text(text, sensitivity, shown),
            Shape::Reference(reference) => to_json(&self.reference(reference)),
            Shape::List(items) => {
                let mut previous_is_flag = false;
                let sealed = items.iter().map(|item| {
                    let is_flag = matches!(&item.shape, Shape::Text(text) if secrets::is_secret_flag(&text.effective));
                    let flagged = std::mem::replace(&mut previous_is_flag, is_flag);
                    self.config(item, if flagged { Sensitivity::Secret } else { sensitivity }, shown, keys)
                });
                Json::Array(sealed.collect())
            }
            Shape::Map(members) => {
                let sealed = members.iter().map(|(key, value)| {
                    let below = sensitivity.below(key, matches!(value.shape, Shape::Text(_)));
                    (keys.sealed(self, key), self.config(value, below, shown, keys))
                });
                Json::Object(sealed.collect::<Map<_, _>>())
            }
        }
    }

    fn text(&self, text: &Text, sensitivity: Sensitivity, shown: Shown) -> Json {
        let is_secret = |name: &String| secrets::is_secret_variable(name);
        if sensitivity == Sensitivity::Plain {
            if !text.variables.iter().any(is_secret) {
                return match shown.form {
                    Form::Effective => self.plain_text(&text.effective),
                    Form::Authored => self.plain_text(&text.authored),
                };
            }
            // A secret within a longer text, as in a URL: the rest of it may be seen.
            if text.variables.iter().all(is_secret) && whole_reference(text).is_none() {
                return match self.plain_text(&without_references(&text.authored)) {
                    Json::String(rest) => redacted(&text.authored, rest),
                    sealed => sealed,
                };
            }
        }
        let source =
            if text.variables.is_empty() { SecretSource::Literal } else { SecretSource::Env };
        let mut seal = match (text.missing.is_empty(), shown.unset) {
            (true, _) => self.seal(source, &text.effective),
            (false, UnsetVariable::HasNoValue) => Self::unresolved(source),
            (false, UnsetVariable::IsUnknown) => self.reference_to(&identity(text)),
        };
        seal.variable = whole_reference(text);
        to_json(&seal)
    }

    /// A secret whose value is unknown: what names the same place has the same value.
    fn reference_to(&self, identity: &str) -> Seal {
        let fingerprint = self.fingerprint(&format!("reference {identity}"));
        Seal { fingerprint, ..Self::unresolved(SecretSource::Reference) }
    }

    fn reference(&self, reference: &SecretRef) -> Seal {
        let mut seal = match &reference.resolved {
            Some(value) => self.seal(SecretSource::Reference, value),
            None => self.reference_to(&format!(
                "{}:{}:{}",
                reference.source, reference.provider, reference.id
            )),
        };
        // Whatever else stands there may be a secret that was put in the wrong place.
        let is_name = reference
            .id
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        seal.variable = (reference.source == "env" && is_name).then(|| reference.id.clone());
        seal
    }
}

/// What a text with unknown variables refers to. As a whole it is what a `SecretRef` to the environment is.
fn identity(text: &Text) -> String {
    match whole_reference(text) {
        Some(name) => format!("env:default:{name}"),
        None => format!("text:{}", trim(&text.authored)),
    }
}

/// The text with every `${NAME}` blanked out.
fn without_references(authored: &str) -> String {
    let mut out = String::new();
    let mut rest = authored;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((_, after)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(BLANK);
        rest = after;
    }
    out + rest
}

/// The variable, when the whole trimmed text is one reference to it.
fn whole_reference(text: &Text) -> Option<String> {
    let [name] = text.variables.as_slice() else { return None };
    let authored = trim(&text.authored);
    (authored == format!("${{{name}}}") || authored == format!("${name}")).then(|| name.clone())
}

/// The values that stand in a secret's place in a config, for [`Sealer::learn`].
pub(crate) fn secret_values(document: &Value) -> Vec<String> {
    fn walk(value: &Value, sensitivity: Sensitivity, found: &mut Vec<String>) {
        match &value.shape {
            Shape::Text(text) => {
                // Most of what stands in an environment or a header is an ordinary word.
                if sensitivity == Sensitivity::Secret
                    || text.variables.iter().any(|name| secrets::is_secret_variable(name))
                {
                    found.push(text.effective.clone());
                }
            }
            Shape::Reference(reference) => found.extend(reference.resolved.clone()),
            Shape::List(items) => {
                let mut flagged = false;
                for item in items {
                    let below = if flagged { Sensitivity::Secret } else { sensitivity };
                    flagged = matches!(&item.shape, Shape::Text(text) if secrets::is_secret_flag(&text.effective));
                    walk(item, below, found);
                }
            }
            Shape::Map(members) => {
                for (key, value) in members {
                    let is_text = matches!(value.shape, Shape::Text(_));
                    let below = match sensitivity.below(key, is_text) {
                        Sensitivity::Tree if is_text && secrets::is_secret_variable(key) => {
                            Sensitivity::Secret
                        }
                        below => below,
                    };
                    walk(value, below, found);
                }
            }
            Shape::Null | Shape::Bool(_) | Shape::Number(_) => {}
        }
    }
    let mut found = Vec::new();
    walk(document, Sensitivity::Plain, &mut found);
    found
}
