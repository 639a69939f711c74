//! Sealing: the step between the config as it is and the config as a check sees it. A secret is replaced by what may
//! be known of it, before any check runs, and no permission takes the seal off again.

use std::collections::{BTreeMap, BTreeSet};

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value as Json, json};
use sha2::Sha256;
use thiserror::Error;

use super::secrets;
use crate::collect::config::{SecretRef, Shape, Text, Value};

/// Shorter texts are too common to be looked for everywhere else.
const MIN_KNOWN: usize = 8;

/// What stands in the place of a secret inside a longer text.
const BLANK: &str = "[sealed]";

#[derive(Debug, Error)]
#[error("the system gives no random numbers, so secrets cannot be sealed: {0}")]
pub struct NoRandomness(String);

/// Where a secret's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Literal,
    Env,
    Reference,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    Blank,
    Undefined,
    NullWord,
    Published,
}

/// What may be known of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    pub source: Source,
    pub resolved: bool,
    pub variable: Option<String>,
    pub length: u32,
    pub fingerprint: String,
    pub placeholder: Option<Placeholder>,
}

impl Seal {
    fn to_json(&self) -> Json {
        json!({"$sealed": {
            "source": match self.source {
                Source::Literal => "literal",
                Source::Env => "env",
                Source::Reference => "reference",
            },
            "resolved": self.resolved,
            "variable": self.variable,
            "length": self.length,
            "fingerprint": self.fingerprint,
            "placeholder": self.placeholder.map(|placeholder| match placeholder {
                Placeholder::Blank => "blank",
                Placeholder::Undefined => "undefined",
                Placeholder::NullWord => "null-word",
                Placeholder::Published => "published",
            }),
        }})
    }
}

/// White space as OpenClaw's `trim` sees it.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}')
}

/// Makes seals, and blanks out what was sealed wherever else it turns up.
pub struct Sealer {
    key: [u8; 32],
    /// Values that stand somewhere as a secret, longest first.
    known: Vec<String>,
}

impl Sealer {
    /// A sealer with a fresh key.
    pub fn new() -> Result<Self, NoRandomness> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|error| NoRandomness(error.to_string()))?;
        Ok(Self { key, known: Vec::new() })
    }

    /// Notes values that are secret wherever they turn up.
    pub fn learn(&mut self, values: impl IntoIterator<Item = String>) {
        let mut known: BTreeSet<String> = self.known.drain(..).collect();
        known.extend(
            values
                .into_iter()
                .map(|value| trim(&value).to_owned())
                .filter(|value| value.len() >= MIN_KNOWN && !secrets::PUBLISHED.contains(&value.as_str())),
        );
        self.known = known.into_iter().collect();
        self.known.sort_by_key(|value| std::cmp::Reverse(value.len()));
    }

    /// Seals a value that is known.
    pub fn seal(&self, source: Source, value: &str) -> Seal {
        let value = trim(value);
        Seal {
            source,
            resolved: true,
            variable: None,
            length: u32::try_from(value.encode_utf16().count()).unwrap_or(u32::MAX),
            fingerprint: self.fingerprint(value),
            placeholder: match value {
                "" => Some(Placeholder::Blank),
                "undefined" => Some(Placeholder::Undefined),
                "null" => Some(Placeholder::NullWord),
                _ if secrets::PUBLISHED.contains(&value) => Some(Placeholder::Published),
                _ => None,
            },
        }
    }

    fn unresolved(source: Source) -> Seal {
        Seal {
            source,
            resolved: false,
            variable: None,
            length: 0,
            fingerprint: String::new(),
            placeholder: None,
        }
    }

    fn fingerprint(&self, value: &str) -> String {
        if value.is_empty() {
            return String::new();
        }
        // A key of any length is fine for this construction.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else { return String::new() };
        mac.update(value.as_bytes());
        mac.finalize().into_bytes().iter().take(16).fold(String::new(), |mut text, byte| {
            use std::fmt::Write as _;
            let _infallible = write!(text, "{byte:02x}");
            text
        })
    }

    /// Blanks out known secrets and everything with a secret's shape.
    pub fn blank(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for known in &self.known {
            if out.contains(known.as_str()) {
                out = out.replace(known.as_str(), BLANK);
            }
        }
        for (start, end) in secrets::shapes(&out).into_iter().rev() {
            if &out[start..end] != BLANK {
                out.replace_range(start..end, BLANK);
            }
        }
        out
    }

    /// Blanks out known secrets only; for texts of our own that may quote a name.
    pub fn blank_known(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for known in &self.known {
            if out.contains(known.as_str()) {
                out = out.replace(known.as_str(), BLANK);
            }
        }
        out
    }

    /// Seals a document that is no config: a file of the state directory.
    pub fn seal_json(&self, value: &Json) -> Json {
        let mut keys = Keys::default();
        self.json(value, Standing::Plain, &mut keys)
    }

    fn json(&self, value: &Json, standing: Standing, keys: &mut Keys) -> Json {
        match value {
            Json::String(text) if standing != Standing::Plain => {
                self.seal(Source::Literal, text).to_json()
            }
            Json::String(text) => self.plain_text(text, text),
            Json::Array(items) => {
                let mut previous_is_flag = false;
                let sealed = items.iter().map(|item| {
                    let flagged = std::mem::replace(
                        &mut previous_is_flag,
                        item.as_str().is_some_and(secrets::is_secret_flag),
                    );
                    self.json(item, if flagged { Standing::Secret } else { standing }, keys)
                });
                Json::Array(sealed.collect())
            }
            Json::Object(members) => Json::Object(
                members
                    .iter()
                    .map(|(key, value)| {
                        let below = standing.below(key, matches!(value, Json::String(_)));
                        (keys.sealed(self, key), self.json(value, below, keys))
                    })
                    .collect(),
            ),
            other => other.clone(),
        }
    }

    /// A text that stands where no secret is expected.
    fn plain_text(&self, text: &str, shown: &str) -> Json {
        let trimmed = trim(text);
        let whole = secrets::shapes(trimmed);
        if self.known.iter().any(|known| known == trimmed)
            || whole.first().is_some_and(|(start, end)| *start == 0 && *end == trimmed.len())
        {
            return self.seal(Source::Literal, text).to_json();
        }
        Json::String(self.blank(shown))
    }
}

/// Whether a value stands in a secret's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Plain,
    /// By the name of its own key.
    Secret,
    /// Below a key under which everything is secret.
    Tree,
}

impl Standing {
    fn below(self, key: &str, is_text: bool) -> Self {
        let is_secret = if is_text {
            secrets::is_secret_key(key) || secrets::is_short_secret_key(key)
        } else {
            secrets::is_secret_section(key)
        };
        if self == Self::Tree || secrets::is_secret_tree(key) {
            Self::Tree
        } else if is_secret || self == Self::Secret {
            Self::Secret
        } else {
            Self::Plain
        }
    }
}

/// Keys that are secrets themselves, and what they are called in the sealed form.
#[derive(Debug, Default)]
struct Keys {
    real: BTreeMap<String, String>,
}

impl Keys {
    fn sealed(&mut self, sealer: &Sealer, key: &str) -> String {
        if key == "$sealed" {
            // A config must not be able to write a seal itself.
            return "$$sealed".to_owned();
        }
        let shapes = secrets::shapes(key);
        let is_secret = shapes.first().is_some_and(|(start, end)| *start == 0 && *end == key.len())
            || sealer.known.iter().any(|known| key.contains(known.as_str()));
        if !is_secret {
            return key.to_owned();
        }
        let name = format!("sealed-{}", self.real.len() + 1);
        self.real.insert(name.clone(), key.to_owned());
        name
    }
}

/// The sealed config, in both forms.
#[derive(Debug, Default)]
pub struct SealedConfig {
    pub effective: Json,
    pub authored: Json,
    keys: Keys,
}

impl SealedConfig {
    /// Seals a config. The sealer must have learned the config's secrets before.
    pub fn new(sealer: &Sealer, document: &Value) -> Self {
        let mut keys = Keys::default();
        let effective = sealer.config(document, Standing::Plain, Form::Effective, &mut keys);
        // The same walk gives the same names to the same keys.
        let mut same = Keys::default();
        let authored = sealer.config(document, Standing::Plain, Form::Authored, &mut same);
        Self { effective, authored, keys }
    }

    /// A pointer into the sealed form as a pointer into the config.
    pub fn real_pointer(&self, pointer: &str) -> String {
        if self.keys.real.is_empty() && !pointer.contains("$$sealed") {
            return pointer.to_owned();
        }
        let real = |part: &str| match part {
            "$$sealed" => "$sealed".to_owned(),
            part => self
                .keys
                .real
                .get(part)
                .map_or_else(|| part.to_owned(), |key| key.replace('~', "~0").replace('/', "~1")),
        };
        pointer.split('/').map(real).collect::<Vec<_>>().join("/")
    }
}

/// Which text of a string is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Effective,
    Authored,
}

impl Sealer {
    fn config(&self, value: &Value, standing: Standing, form: Form, keys: &mut Keys) -> Json {
        match &value.shape {
            Shape::Null => Json::Null,
            Shape::Bool(value) => Json::Bool(*value),
            Shape::Number(number) => Json::Number(number.clone()),
            Shape::Text(text) => self.text(text, standing, form),
            Shape::Reference(reference) => self.reference(reference).to_json(),
            Shape::List(items) => {
                let mut previous_is_flag = false;
                let sealed = items.iter().map(|item| {
                    let is_flag = matches!(&item.shape, Shape::Text(text) if secrets::is_secret_flag(&text.effective));
                    let flagged = std::mem::replace(&mut previous_is_flag, is_flag);
                    self.config(item, if flagged { Standing::Secret } else { standing }, form, keys)
                });
                Json::Array(sealed.collect())
            }
            Shape::Map(members) => {
                let sealed = members.iter().map(|(key, value)| {
                    let below = standing.below(key, matches!(value.shape, Shape::Text(_)));
                    (keys.sealed(self, key), self.config(value, below, form, keys))
                });
                Json::Object(sealed.collect::<Map<_, _>>())
            }
        }
    }

    fn text(&self, text: &Text, standing: Standing, form: Form) -> Json {
        let from_secret_variable =
            text.variables.iter().any(|name| secrets::is_secret_variable(name));
        if standing == Standing::Plain && !from_secret_variable {
            return match form {
                Form::Effective => self.plain_text(&text.effective, &text.effective),
                Form::Authored => self.plain_text(&text.authored, &text.authored),
            };
        }
        let source = if text.variables.is_empty() { Source::Literal } else { Source::Env };
        let mut seal = if text.missing.is_empty() {
            self.seal(source, &text.effective)
        } else {
            Self::unresolved(source)
        };
        seal.variable = whole_reference(text);
        seal.to_json()
    }

    fn reference(&self, reference: &SecretRef) -> Seal {
        let mut seal = match &reference.resolved {
            Some(value) => self.seal(Source::Reference, value),
            None => Self::unresolved(Source::Reference),
        };
        seal.variable = (reference.source == "env").then(|| reference.id.clone());
        seal
    }
}

/// The variable, when the whole trimmed text is one reference to it.
fn whole_reference(text: &Text) -> Option<String> {
    let [name] = text.variables.as_slice() else { return None };
    let authored = trim(&text.authored);
    (authored == format!("${{{name}}}") || authored == format!("${name}")).then(|| name.clone())
}

/// The values that stand in a secret's place in a config, for [`Sealer::learn`].
pub fn secret_values(document: &Value) -> Vec<String> {
    fn walk(value: &Value, standing: Standing, found: &mut Vec<String>) {
        match &value.shape {
            Shape::Text(text) => {
                // Most of what stands in an environment or a header is an ordinary word.
                if standing == Standing::Secret
                    || text.variables.iter().any(|name| secrets::is_secret_variable(name))
                {
                    found.push(text.effective.clone());
                }
            }
            Shape::Reference(reference) => found.extend(reference.resolved.clone()),
            Shape::List(items) => {
                let mut flagged = false;
                for item in items {
                    let below = if flagged { Standing::Secret } else { standing };
                    flagged = matches!(&item.shape, Shape::Text(text) if secrets::is_secret_flag(&text.effective));
                    walk(item, below, found);
                }
            }
            Shape::Map(members) => {
                for (key, value) in members {
                    let is_text = matches!(value.shape, Shape::Text(_));
                    let below = match standing.below(key, is_text) {
                        Standing::Tree if is_text && secrets::is_secret_variable(key) => {
                            Standing::Secret
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
    walk(document, Standing::Plain, &mut found);
    found
}
