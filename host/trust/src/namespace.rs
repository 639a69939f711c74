//! Which names a publisher may use: namespaces, and the names reserved for chitin.

use serde_json::Value;

use super::error::VerifyError;
use chitin_model::manifest::Manifest;
use chitin_model::rule_pattern::RulePattern;

/// The publisher of the built-in modules.
pub(super) const OWN: &str = "chitin";
/// Every rule id that begins with it, also those that no rule has yet.
const OWN_RULES: &str = "chitin.*";

/// Whether an id, or every id that a pattern matches, is in a namespace: it continues with a dot and at least one more
/// word.
pub(super) fn in_namespace(id: &str, namespace: &str) -> bool {
    id.strip_prefix(namespace)
        .and_then(|rest| rest.strip_prefix('.'))
        .is_some_and(|rest| !rest.is_empty())
}

/// Whether some id that a pattern matches is in a namespace.
pub(super) fn reaches_namespace(pattern: &str, namespace: &str) -> bool {
    RulePattern::new(namespace).is_family_of(RulePattern::new(pattern))
}

/// Whether some id matches both patterns.
pub(super) fn patterns_overlap(one: &str, other: &str) -> bool {
    RulePattern::new(one).overlaps(RulePattern::new(other))
}

/// Refuses names with characters outside of ASCII, before a name is shown anywhere as it is.
pub(super) fn check_ascii(manifest: &Value) -> Result<(), VerifyError> {
    let rules = manifest.get("rule").and_then(Value::as_array).into_iter().flatten();
    let ids = rules.filter_map(|rule| Some(("rule", rule.get("id")?)));
    let names = [("publisher", manifest.get("publisher")), ("id", manifest.get("id"))];
    let names = names.into_iter().filter_map(|(what, value)| Some((what, value?)));
    for (what, value) in names.chain(ids) {
        let text = value.as_str().unwrap_or_default();
        if !text.is_ascii() {
            return Err(VerifyError::NonAscii { what, shown: escaped(text) });
        }
    }
    Ok(())
}

/// The text with an escape for everything that is not a visible ASCII character.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_graphic() { out.push(c) } else { out.extend(c.escape_unicode()) }
    }
    out
}

/// Refuses names that are reserved for chitin, and rules that can produce ids of chitin's own rules.
pub(super) fn check_reserved(manifest: &Manifest, own_rules: &[String]) -> Result<(), VerifyError> {
    let (id, publisher) = (&manifest.id, &manifest.publisher);
    for name in [publisher, id] {
        if name == OWN || in_namespace(name, OWN) {
            return Err(VerifyError::ReservedName(name.clone()));
        }
    }
    if !in_namespace(id, publisher) {
        let (id, publisher) = (id.clone(), publisher.clone());
        return Err(VerifyError::IdOutsideNamespace { id, publisher });
    }
    for rule in &manifest.rules {
        if rule.id == OWN || in_namespace(&rule.id, OWN) {
            return Err(VerifyError::ReservedName(rule.id.clone()));
        }
        let mut reserved = own_rules.iter().map(String::as_str).chain([OWN_RULES]);
        if let Some(own) = reserved.find(|own| patterns_overlap(&rule.id, own)) {
            return Err(VerifyError::ReservedRule { rule: rule.id.clone(), own: own.to_owned() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_ends_at_a_dot() {
        assert!(in_namespace("acme.x", "acme") && in_namespace("acme.*", "acme"));
        for outside in ["acme", "acme.", "acmex.y", "*.acme", "x.acme.y"] {
            assert!(!in_namespace(outside, "acme"), "{outside}");
        }
    }

    #[test]
    fn a_pattern_reaches_a_namespace_in_which_it_has_an_id() {
        for pattern in ["acme.x", "acme.*", "*.x", "*.*", "*.acme"] {
            assert!(reaches_namespace(pattern, "acme"), "{pattern}");
        }
        for pattern in ["acmex.y", "other.*", "x.acme.*", "acme", "acme."] {
            assert!(!reaches_namespace(pattern, "acme"), "{pattern}");
        }
    }

    #[test]
    fn letters_of_other_scripts_are_shown_and_refused() {
        let cyrillic = serde_json::json!({"id": "a.b", "publisher": "\u{441}hitin"});
        let error = check_ascii(&cyrillic).unwrap_err();
        assert!(error.to_string().contains(r"publisher `\u{441}hitin`"), "{error}");
        let fullwidth = serde_json::json!({"id": "a\u{ff0e}b", "publisher": "a"});
        assert!(check_ascii(&fullwidth).is_err());
        let rule =
            serde_json::json!({"id": "a.b", "publisher": "a", "rule": [{"id": "g\u{430}teway.x"}]});
        assert!(check_ascii(&rule).unwrap_err().to_string().contains("rule `g"));
        assert!(check_ascii(&serde_json::json!({"id": "a.b", "publisher": "a"})).is_ok());
    }
}
