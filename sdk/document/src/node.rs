//! Reading JSON by OpenClaw's rules for wrong types: what is not of the expected type is absent.
//!
//! A [`Node`] knows its JSON pointer, so a finding can say where its value is without spelling it twice.
//!
//! Two objects of the contract are not objects to a check: a seal, in the place of a secret, and `{"$redacted":
//! "text"}`, a text of which some parts were secret and have been replaced. The second reads like the plain string.

use std::rc::Rc;

use serde_json::Value;

use crate::{Seal, text};

static ABSENT: Value = Value::Null;

/// A JSON document, or the part of one below a pointer. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Tree {
    pointer: Rc<str>,
    value: Rc<Option<Value>>,
}

impl Tree {
    pub fn new(pointer: &str, value: Option<Value>) -> Self {
        Self { pointer: pointer.into(), value: Rc::new(value) }
    }

    pub fn root(&self) -> Node<'_> {
        Node { value: (*self.value).as_ref(), pointer: self.pointer.to_string() }
    }

    /// Shorthand for `root().at(..)`.
    pub fn at<'t, 'k>(&'t self, keys: impl IntoIterator<Item = &'k str>) -> Node<'t> {
        self.root().at(keys)
    }
}

/// The pointer of a member.
fn below(pointer: &str, key: &str) -> String {
    let mut below = String::with_capacity(pointer.len() + 1 + key.len());
    below.push_str(pointer);
    below.push('/');
    for c in key.chars() {
        match c {
            '~' => below.push_str("~0"),
            '/' => below.push_str("~1"),
            c => below.push(c),
        }
    }
    below
}

/// The text of a string, also of one with replaced parts.
fn string(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| redacted(value))
}

/// The text of `{"$redacted": "text"}`.
fn redacted(value: &Value) -> Option<&str> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    object.get("$redacted")?.as_str()
}

/// A place in a [`Tree`]; also one where nothing is.
#[derive(Debug, Clone)]
pub struct Node<'t> {
    value: Option<&'t Value>,
    pointer: String,
}

impl<'t> Node<'t> {
    /// The JSON pointer of this place.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The place under a key; absent when this is not an object, or has no such key.
    #[must_use]
    pub fn get(&self, key: &str) -> Self {
        Self {
            value: self.object().and_then(|object| object.get(key)),
            pointer: below(&self.pointer, key),
        }
    }

    /// The place under a path of keys.
    #[must_use]
    pub fn at<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> Self {
        keys.into_iter().fold(self.clone(), |node, key| node.get(key))
    }

    /// The members of an object in config order; nothing for anything else.
    pub fn members(&self) -> Vec<(&'t str, Self)> {
        let member = |(key, value): (&'t String, &'t Value)| {
            (key.as_str(), Self { value: Some(value), pointer: below(&self.pointer, key) })
        };
        self.object().map_or_else(Vec::new, |object| object.iter().map(member).collect())
    }

    /// Whether it is an object with anything in it.
    pub fn has_members(&self) -> bool {
        self.object().is_some_and(|object| !object.is_empty())
    }

    /// The elements of an array; nothing for anything else.
    pub fn items(&self) -> Vec<Self> {
        self.value.and_then(Value::as_array).map_or_else(Vec::new, |items| {
            items
                .iter()
                .enumerate()
                .map(|(index, value)| Self {
                    value: Some(value),
                    pointer: format!("{}/{index}", self.pointer),
                })
                .collect()
        })
    }

    fn object(&self) -> Option<&'t serde_json::Map<String, Value>> {
        let is_secret = || self.seal().is_some() || self.is_redacted();
        self.value.and_then(Value::as_object).filter(|_| !is_secret())
    }

    /// The JSON value as the contract has it; null where nothing is.
    pub fn value(&self) -> &'t Value {
        self.value.unwrap_or(&ABSENT)
    }

    /// Nothing is here. A null that was written is something.
    pub fn is_absent(&self) -> bool {
        self.value.is_none()
    }

    /// Nothing or null.
    pub fn is_nullish(&self) -> bool {
        self.value().is_null()
    }

    /// Exactly the boolean true.
    pub fn is_true(&self) -> bool {
        self.value() == &Value::Bool(true)
    }

    /// Exactly the boolean false.
    pub fn is_false(&self) -> bool {
        self.value() == &Value::Bool(false)
    }

    pub fn is_object(&self) -> bool {
        self.object().is_some()
    }

    pub fn is_array(&self) -> bool {
        self.value().is_array()
    }

    /// ECMAScript truthiness; a seal is truthy when it has a value or stands for a reference.
    pub fn is_truthy(&self) -> bool {
        if let Some(seal) = self.seal() {
            return seal.length > 0 || !seal.resolved;
        }
        match self.value() {
            Value::Null => false,
            Value::Bool(value) => *value,
            Value::Number(number) => number.as_f64().is_some_and(|value| value != 0.0),
            Value::String(text) => !text.is_empty(),
            Value::Array(_) => true,
            Value::Object(_) => redacted(self.value()) != Some(""),
        }
    }

    /// The text of a string that is not sealed.
    pub fn as_str(&self) -> Option<&'t str> {
        string(self.value())
    }

    /// Whether parts of this string are secret and have been replaced.
    pub fn is_redacted(&self) -> bool {
        redacted(self.value()).is_some()
    }

    /// The text after an ECMAScript trim, if something is left of it.
    pub fn trimmed(&self) -> Option<&'t str> {
        self.as_str().map(text::trim).filter(|text| !text.is_empty())
    }

    /// Whether this is exactly the given string.
    pub fn is(&self, expected: &str) -> bool {
        self.as_str() == Some(expected)
    }

    /// The seal, when this is a secret.
    pub fn seal(&self) -> Option<Seal> {
        self.value.and_then(Seal::from_json)
    }

    /// A non-blank string, or a secret that has a value or is a reference to one.
    ///
    /// A reference that is not resolved here may well be on the gateway, so it counts.
    pub fn is_configured(&self) -> bool {
        match self.seal() {
            Some(seal) => seal.has_value() || !seal.resolved,
            None => self.trimmed().is_some(),
        }
    }

    /// The elements of an array that are strings, trimmed, blanks dropped.
    pub fn strings(&self) -> Vec<&'t str> {
        self.value().as_array().map_or_else(Vec::new, |items| {
            items
                .iter()
                .filter_map(string)
                .map(text::trim)
                .filter(|item| !item.is_empty())
                .collect()
        })
    }

    /// The elements of an array as ECMAScript would print them, trimmed, blanks dropped.
    pub fn printed_items(&self) -> Vec<String> {
        self.items()
            .iter()
            .map(|item| text::trim(&item.printed()).to_owned())
            .filter(|item| !item.is_empty())
            .collect()
    }

    /// The value as ECMAScript's `String()` would print it, near enough for comparison.
    pub fn printed(&self) -> String {
        match self.value() {
            Value::String(text) => text.clone(),
            Value::Number(number) => number
                .as_f64()
                .filter(|value| value.fract() == 0.0 && value.abs() < 1e15)
                .map_or_else(|| number.to_string(), |value| format!("{value:.0}")),
            Value::Bool(value) => value.to_string(),
            Value::Null => "null".to_owned(),
            Value::Array(_) => self.items().iter().map(Node::printed).collect::<Vec<_>>().join(","),
            Value::Object(_) => redacted(self.value()).unwrap_or("[object Object]").to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tree(value: Value) -> Tree {
        Tree::new("", Some(value))
    }

    #[test]
    fn a_wrong_type_is_absent() {
        let tree = tree(json!({"gateway": "lan", "list": {"0": "x"}}));
        assert!(tree.at(["gateway", "bind"]).is_absent());
        assert!(tree.at(["list"]).items().is_empty());
        assert!(tree.at(["gateway"]).members().is_empty());
    }

    #[test]
    fn a_pointer_is_escaped() {
        let tree = tree(json!({"a/b": {"c~d": 1}}));
        assert_eq!(tree.at(["a/b", "c~d"]).pointer(), "/a~1b/c~0d");
    }

    #[test]
    fn a_seal_is_not_an_object() {
        let tree = tree(json!({"token": {"$sealed": {
            "source": "literal", "resolved": true, "length": 5, "fingerprint": "f", "placeholder": null
        }}}));
        let token = tree.at(["token"]);
        assert!(!token.is_object());
        assert!(token.get("$sealed").is_absent());
        assert!(token.is_configured() && token.is_truthy());
        assert_eq!(token.seal().map(|seal| seal.length), Some(5));
    }

    #[test]
    fn a_redacted_text_reads_like_the_string() {
        let tree = tree(json!({"command": {"$redacted": " curl -H [sealed] "}}));
        let command = tree.at(["command"]);
        assert!(command.is_redacted());
        assert_eq!(command.as_str(), Some(" curl -H [sealed] "));
        assert_eq!(command.trimmed(), Some("curl -H [sealed]"));
        assert_eq!(command.printed(), " curl -H [sealed] ");
        assert!(command.is(" curl -H [sealed] "));
        assert!(command.is_truthy() && command.is_configured());
    }

    #[test]
    fn a_redacted_text_is_not_an_object_and_not_a_seal() {
        let tree = tree(json!({"$redacted": "[sealed]"}));
        let root = tree.root();
        assert!(!root.is_object() && !root.has_members() && root.members().is_empty());
        assert!(root.get("$redacted").is_absent());
        assert!(root.seal().is_none() && !root.is_nullish() && !root.is_absent());
    }

    #[test]
    fn redacted_texts_are_strings_of_a_list() {
        let tree = tree(json!(["a", {"$redacted": " b [sealed]"}, {"$redacted": ""}, {"c": 1}]));
        let root = tree.root();
        assert_eq!(root.strings(), ["a", "b [sealed]"]);
        assert_eq!(root.printed_items(), ["a", "b [sealed]", "[object Object]"]);
        assert!(!root.items()[2].is_truthy());
    }

    #[test]
    fn only_the_single_key_with_a_string_is_a_redacted_text() {
        for value in [
            json!({"$redacted": 1}),
            json!({"$redacted": "x", "more": 1}),
            json!({"redacted": "x"}),
            json!("[sealed]"),
        ] {
            let is_object = value.is_object();
            let tree = tree(value);
            assert!(!tree.root().is_redacted());
            assert_eq!(tree.root().is_object(), is_object);
        }
    }

    #[test]
    fn numbers_print_as_in_ecmascript() {
        let tree = tree(json!([1.0, 1.5, -100_123, "x", true]));
        assert_eq!(tree.root().printed_items(), ["1", "1.5", "-100123", "x", "true"]);
    }
}
