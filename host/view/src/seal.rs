//! Sealing: the step between the config as it is and the config as a check sees it. A secret is replaced by what may
//! be known of it, before any check runs, and no permission takes the seal off again.

mod config;

use std::collections::{BTreeMap, BTreeSet};

use chitin_contract::types::{Placeholder, Seal, SecretSource};
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value as Json, json};
use sha2::Sha256;
use thiserror::Error;

use super::secret_patterns as secrets;
use chitin_config::ecma::trim;

pub(super) use config::{SealedConfig, UnsetVariable, secret_values};

/// Whether a secret can be told from an ordinary word, so it may be looked for everywhere else. A config whose
/// token is the word `loopback` must not hide where the gateway listens.
fn is_distinctive(value: &str) -> bool {
    let has_mark = value.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    (value.len() >= 8 && has_mark || value.len() >= 20) && !secrets::is_placeholder(value)
}

/// What stands in the place of a secret inside a longer text.
pub(super) const BLANK: &str = "[sealed]";

#[derive(Debug, Error)]
#[error("the system gives no random numbers, so secrets cannot be sealed: {0}")]
pub struct NoRandomness(String);

/// The key of a sealed secret in the JSON that checks see.
const SEALED: &str = "$sealed";

/// The key of a longer text in which secrets are blanked out.
const REDACTED: &str = "$redacted";

fn to_json(seal: &Seal) -> Json {
    json!({SEALED: {
        "source": match seal.source {
            SecretSource::Literal => "literal",
            SecretSource::Env => "env",
            SecretSource::Reference => "reference",
        },
        "resolved": seal.resolved,
        "variable": seal.variable,
        "length": seal.length,
        "fingerprint": seal.fingerprint,
        "placeholder": seal.placeholder.map(|placeholder| match placeholder {
            Placeholder::Blank => "blank",
            Placeholder::Undefined => "undefined",
            Placeholder::NullWord => "null-word",
            Placeholder::Published => "published",
        }),
    }})
}

/// A longer text as a check sees it: an object that says so, where something in it was blanked out.
fn redacted(original: &str, blanked: String) -> Json {
    if blanked == original { Json::String(blanked) } else { json!({REDACTED: blanked}) }
}

/// Blanks out what has a secret's shape; all that can be done for a text about a gateway whose secrets are not known.
pub fn without_shapes(mut text: String) -> String {
    for (start, end) in secrets::shapes(&text).into_iter().rev() {
        if &text[start..end] != BLANK {
            text.replace_range(start..end, BLANK);
        }
    }
    text
}

/// Makes seals, and blanks out what was sealed wherever else it turns up.
pub(super) struct Sealer {
    key: [u8; 32],
    /// Values that stand somewhere as a secret, longest first.
    known: Vec<String>,
}

impl Sealer {
    /// A sealer with a fresh key.
    pub(super) fn new() -> Result<Self, NoRandomness> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|error| NoRandomness(error.to_string()))?;
        Ok(Self { key, known: Vec::new() })
    }

    /// Notes values that are secret wherever they turn up.
    pub(super) fn learn(&mut self, values: impl IntoIterator<Item = String>) {
        let mut known: BTreeSet<String> = self.known.drain(..).collect();
        known.extend(
            values
                .into_iter()
                .map(|value| trim(&value).to_owned())
                .filter(|value| is_distinctive(value)),
        );
        self.known = known.into_iter().collect();
        self.known.sort_by_key(|value| std::cmp::Reverse(value.len()));
    }

    /// Values that are secret wherever they turn up.
    pub(super) fn known(&self) -> &[String] {
        &self.known
    }

    /// Seals a value that is known.
    pub(super) fn seal(&self, source: SecretSource, value: &str) -> Seal {
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
                _ if secrets::is_placeholder(value) => Some(Placeholder::Published),
                _ => None,
            },
        }
    }

    fn unresolved(source: SecretSource) -> Seal {
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
        let code = mac.finalize().into_bytes();
        HEXLOWER.encode(code.get(..16).unwrap_or(&code))
    }

    /// Blanks out known secrets and everything with a secret's shape.
    pub(super) fn blank(&self, text: &str) -> String {
        without_shapes(self.blank_known(text))
    }

    /// The same for a file's text, where a secret's name before a colon or an equals sign counts too.
    pub(super) fn blank_document(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for (start, end) in secrets::document_values(text).into_iter().rev() {
            out.replace_range(start..end, BLANK);
        }
        self.blank(&out)
    }

    /// Blanks out known secrets only; for texts of our own that may quote a name.
    pub(super) fn blank_known(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for known in &self.known {
            if out.contains(known.as_str()) {
                out = out.replace(known.as_str(), BLANK);
            }
        }
        out
    }

    /// Seals a document that is no config: a file of the state directory.
    pub(super) fn seal_json(&self, value: &Json) -> Json {
        let mut keys = Keys::default();
        self.json(value, Sensitivity::Plain, &mut keys)
    }

    fn json(&self, value: &Json, sensitivity: Sensitivity, keys: &mut Keys) -> Json {
        match value {
            Json::String(text) if sensitivity != Sensitivity::Plain => {
                to_json(&self.seal(SecretSource::Literal, text))
            }
            Json::String(text) => self.plain_text(text),
            Json::Array(items) => {
                let mut previous_is_flag = false;
                let sealed = items.iter().map(|item| {
                    let flagged = std::mem::replace(
                        &mut previous_is_flag,
                        item.as_str().is_some_and(secrets::is_secret_flag),
                    );
                    self.json(item, if flagged { Sensitivity::Secret } else { sensitivity }, keys)
                });
                Json::Array(sealed.collect())
            }
            Json::Object(members) => Json::Object(
                members
                    .iter()
                    .map(|(key, value)| {
                        let below = sensitivity.below(key, matches!(value, Json::String(_)));
                        (keys.sealed(self, key), self.json(value, below, keys))
                    })
                    .collect(),
            ),
            other => other.clone(),
        }
    }

    /// A text that stands where no secret is expected.
    fn plain_text(&self, text: &str) -> Json {
        let trimmed = trim(text);
        let whole = secrets::shapes(trimmed);
        if self.known.iter().any(|known| known == trimmed)
            || whole.first().is_some_and(|(start, end)| *start == 0 && *end == trimmed.len())
        {
            return to_json(&self.seal(SecretSource::Literal, text));
        }
        redacted(text, self.blank(text))
    }
}

/// Whether a value stands in a secret's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sensitivity {
    Plain,
    /// By the name of its own key.
    Secret,
    /// Below a key under which everything is secret.
    Tree,
}

impl Sensitivity {
    fn below(self, key: &str, is_text: bool) -> Self {
        let is_secret = if is_text {
            secrets::is_secret_key_name(key) || secrets::is_ambiguous_secret_name(key)
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

/// Whether a key could be taken for one of the sealed form, or for what such a key becomes.
fn is_marker(key: &str) -> bool {
    let bare = key.trim_start_matches('$');
    key.starts_with('$') && (bare == "sealed" || bare == "redacted")
}

/// Keys that are secrets themselves, and what they are called in the sealed form.
#[derive(Debug, Default)]
struct Keys {
    real: BTreeMap<String, String>,
}

impl Keys {
    fn sealed(&mut self, sealer: &Sealer, key: &str) -> String {
        if is_marker(key) {
            // A config must not be able to write a seal itself.
            return format!("${key}");
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

#[cfg(test)]
mod tests {
    use super::*;
    use chitin_config::{SecretRef, Shape, SourceLocation, Text, Value};

    fn value(shape: Shape) -> Value {
        Value { shape, location: SourceLocation::default() }
    }

    fn text(authored: &str) -> Value {
        value(Shape::Text(Text {
            authored: authored.to_owned(),
            effective: authored.to_owned(),
            variables: Vec::new(),
            missing: Vec::new(),
        }))
    }

    fn substituted(authored: &str, effective: &str, variable: &str, is_set: bool) -> Value {
        value(Shape::Text(Text {
            authored: authored.to_owned(),
            effective: effective.to_owned(),
            variables: vec![variable.to_owned()],
            missing: if is_set { Vec::new() } else { vec![variable.to_owned()] },
        }))
    }

    fn map(members: Vec<(&str, Value)>) -> Value {
        value(Shape::Map(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()))
    }

    fn sealed(document: &Value) -> SealedConfig {
        let mut sealer = Sealer::new().unwrap();
        sealer.learn(secret_values(document));
        SealedConfig::new(&sealer, document, UnsetVariable::HasNoValue)
    }

    const SECRET: &str = "canary-7f3a9b";

    #[test]
    fn a_secret_is_replaced_wherever_it_stands() {
        let document = map(vec![
            ("token", text(SECRET)),
            ("name", text(&format!("the bot of {SECRET}!"))),
            ("copy", text(SECRET)),
            ("env", map(vec![("ANYTHING", text("also-a-canary-1"))])),
            (
                "args",
                value(Shape::List(vec![
                    text("--api-key"),
                    text("canary-in-args-1"),
                    text("plain"),
                ])),
            ),
            ("cdpUrl", text("http://user:canary-in-url@host:9222/?token=canary-in-query")),
        ]);
        let sealed = sealed(&document);
        let shown = format!("{} {}", sealed.effective, sealed.authored);
        assert!(!shown.contains("canary"), "{shown}");
        assert_eq!(sealed.effective["name"]["$redacted"], "the bot of [sealed]!");
        assert_eq!(sealed.effective["args"][2], "plain");
        assert_eq!(
            sealed.effective["cdpUrl"]["$redacted"],
            "http://[sealed]@host:9222/?token=[sealed]"
        );
        assert_eq!(sealed.effective["token"]["$sealed"]["length"], 13);
    }

    #[test]
    fn settings_stay_readable() {
        let document = map(vec![
            (
                "gateway",
                map(vec![
                    ("bind", text("loopback")),
                    ("auth", map(vec![("mode", text("password")), ("password", text("loopback"))])),
                ]),
            ),
            ("tokenFile", text("/run/secrets/token")),
            ("accounts", map(vec![("secret-bot", map(vec![("dmPolicy", text("open"))]))])),
        ]);
        let sealed = sealed(&document).effective;
        assert_eq!(sealed["gateway"]["bind"], "loopback");
        assert_eq!(sealed["gateway"]["auth"]["mode"], "password");
        assert!(sealed["gateway"]["auth"]["password"]["$sealed"].is_object());
        assert_eq!(sealed["tokenFile"], "/run/secrets/token");
        assert_eq!(sealed["accounts"]["secret-bot"]["dmPolicy"], "open");
    }

    #[test]
    fn equal_secrets_have_equal_fingerprints_within_a_run_only() {
        let document =
            map(vec![("token", text(SECRET)), ("password", text(&format!(" {SECRET} ")))]);
        let (one, other) = (sealed(&document).effective, sealed(&document).effective);
        let print = |sealed: &Json, key: &str| sealed[key]["$sealed"]["fingerprint"].clone();
        assert_eq!(print(&one, "token"), print(&one, "password"));
        assert_ne!(print(&one, "token"), print(&other, "token"));
    }

    #[test]
    fn placeholders_are_known() {
        let placeholder = |secret: &str| {
            sealed(&map(vec![("token", text(secret))])).effective["token"]["$sealed"]["placeholder"]
                .clone()
        };
        assert_eq!(placeholder("  "), "blank");
        assert_eq!(placeholder(" null "), "null-word");
        assert_eq!(placeholder("undefined"), "undefined");
        assert_eq!(placeholder("change-me-now"), "published");
        assert_eq!(placeholder(" <YOUR_TOKEN> "), "published");
        assert_eq!(placeholder("Undefined"), Json::Null);
    }

    #[test]
    fn a_reference_says_where_the_value_comes_from() {
        let seal = |document: Value| {
            sealed(&map(vec![("token", document)])).effective["token"]["$sealed"].clone()
        };
        let set = seal(substituted("${GW_TOKEN}", SECRET, "GW_TOKEN", true));
        assert_eq!((&set["source"], &set["resolved"]), (&json!("env"), &json!(true)));
        assert_eq!((&set["variable"], &set["length"]), (&json!("GW_TOKEN"), &json!(13)));
        let unset = seal(substituted("pre${GW_TOKEN}", "pre${GW_TOKEN}", "GW_TOKEN", false));
        assert_eq!((&unset["resolved"], &unset["variable"]), (&json!(false), &Json::Null));
        let reference = seal(value(Shape::Reference(SecretRef {
            source: "exec".to_owned(),
            provider: "p".to_owned(),
            id: "x".to_owned(),
            resolved: None,
        })));
        assert_eq!(
            (&reference["source"], &reference["resolved"]),
            (&json!("reference"), &json!(false))
        );
    }

    #[test]
    fn a_secret_variable_is_sealed_in_any_place() {
        let url = substituted("wss://h?x=${MY_API_KEY}", "wss://h?x=short", "MY_API_KEY", true);
        let whole = substituted("${MY_API_KEY}", "short", "MY_API_KEY", true);
        let bind = substituted("${BIND}", "lan", "BIND", true);
        let sealed =
            sealed(&map(vec![("cdpUrl", url), ("label", whole), ("bind", bind)])).effective;
        assert_eq!(sealed["cdpUrl"]["$redacted"], "wss://h?x=[sealed]");
        assert!(sealed["label"]["$sealed"].is_object());
        assert_eq!(sealed["bind"], "lan");
    }

    #[test]
    fn a_config_cannot_forge_a_seal() {
        let forged =
            map(vec![("token", map(vec![("$sealed", map(vec![("length", text("64"))]))]))]);
        let sealed = sealed(&forged);
        assert!(sealed.effective["token"].get("$sealed").is_none());
        assert_eq!(sealed.real_pointer("/token/$$sealed/length"), "/token/$sealed/length");
    }

    #[test]
    fn a_key_that_is_a_secret_gets_another_name() {
        let key = format!("ghp_{}", "a1".repeat(18));
        let sealed = sealed(&map(vec![(&key, text("x"))]));
        assert_eq!(sealed.effective["sealed-1"], "x");
        assert_eq!(sealed.real_pointer("/sealed-1"), format!("/{key}"));
    }
}
