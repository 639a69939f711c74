//! Names that may be taken, and names that only look like one that is.
//!
//! Module ids, publishers and rule ids are plain ASCII, so what is left of look-alikes are letters that look alike in
//! ASCII and names that differ by a slip of the finger.

use serde_json::Value;

use super::error::Refusal;
use chitin_model::manifest::Manifest;

/// The publisher of the built-in modules.
pub(super) const OWN: &str = "chitin";

/// Whether an id lies in a namespace: it is longer by at least one word.
pub(super) fn lies_in(id: &str, namespace: &str) -> bool {
    id.strip_prefix(namespace)
        .and_then(|rest| rest.strip_prefix('.'))
        .is_some_and(|rest| !rest.is_empty())
}

/// Whether some id could be of both patterns, where `*` stands for any text.
pub(super) fn overlap(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    // reach[j]: whether the part of `one` that was read and the first j of `other` have a text in common.
    let mut reach = vec![false; other.len() + 1];
    for i in 0..=one.len() {
        let before = reach.clone();
        for j in 0..=other.len() {
            let from_one = i > 0 && one.get(i - 1) == Some(&b'*');
            let from_other = j > 0 && other.get(j - 1) == Some(&b'*');
            let get = |row: &[bool], at: usize| row.get(at).copied().unwrap_or(false);
            let met = if i == 0 && j == 0 {
                true
            } else {
                from_one && get(&before, j)
                    || from_other && j > 0 && get(&reach, j - 1)
                    // A star takes up whatever the other side has.
                    || from_one && j > 0 && get(&reach, j - 1)
                    || from_other && i > 0 && get(&before, j)
                    || i > 0 && j > 0 && one.get(i - 1) == other.get(j - 1) && get(&before, j - 1)
            };
            if let Some(place) = reach.get_mut(j) {
                *place = met;
            }
        }
    }
    reach.last().copied().unwrap_or(false)
}

/// What a name looks like: letters that are easily taken for each other are one.
fn skeleton(name: &str) -> String {
    let name: String = name.chars().filter(|c| !matches!(c, '-' | '.' | '_')).collect();
    let pairs = [("rn", "m"), ("nn", "m"), ("vv", "w"), ("cl", "d")];
    let single = pairs.iter().fold(name, |name, (two, one)| name.replace(two, one));
    single
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | 'i' | 'j' => 'l',
            '2' => 'z',
            '5' => 's',
            '8' => 'b',
            'q' | '9' => 'g',
            'u' => 'v',
            other => other,
        })
        .collect()
}

/// The name among those known that this one could be taken for. A name does not look like itself.
pub(super) fn taken_for<'k>(
    name: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let own = skeleton(name);
    known.into_iter().filter(|known| *known != name).find(|known| {
        let theirs = skeleton(known);
        let slips = match own.len().min(theirs.len()) {
            0..=3 => 0,
            4..=8 => 1,
            _ => 2,
        };
        strsim::damerau_levenshtein(&own, &theirs) <= slips
    })
}

/// A text with everything outside of ASCII written out.
fn shown(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_graphic() { out.push(c) } else { out.extend(c.escape_unicode()) }
    }
    out
}

/// Refuses names that are not plain, before anything else is said about them.
pub(super) fn check_letters(manifest: &Value) -> Result<(), Refusal> {
    let rules = manifest.get("rule").and_then(Value::as_array).into_iter().flatten();
    let ids = rules.filter_map(|rule| Some(("rule", rule.get("id")?)));
    let names = [("publisher", manifest.get("publisher")), ("id", manifest.get("id"))];
    let names = names.into_iter().filter_map(|(what, value)| Some((what, value?)));
    for (what, value) in names.chain(ids) {
        let text = value.as_str().unwrap_or_default();
        if !text.is_ascii() {
            return Err(Refusal::ForeignLetters { what, shown: shown(text) });
        }
    }
    Ok(())
}

/// Refuses names that are chitin's own, and rule ids that could be taken for one of them.
pub(super) fn check_reserved(manifest: &Manifest, own_rules: &[String]) -> Result<(), Refusal> {
    let (id, publisher) = (&manifest.id, &manifest.publisher);
    for name in [publisher, id] {
        if name == OWN || lies_in(name, OWN) {
            return Err(Refusal::ReservedName(name.clone()));
        }
    }
    if !lies_in(id, publisher) {
        return Err(Refusal::IdOfAnother { id: id.clone(), publisher: publisher.clone() });
    }
    for rule in &manifest.rules {
        if rule.id == OWN || lies_in(&rule.id, OWN) {
            return Err(Refusal::ReservedName(rule.id.clone()));
        }
        if let Some(own) = own_rules.iter().find(|own| overlap(&rule.id, own)) {
            return Err(Refusal::ReservedRule { rule: rule.id.clone(), own: own.clone() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_ends_at_a_dot() {
        assert!(lies_in("acme.x", "acme") && lies_in("acme.*", "acme"));
        for outside in ["acme", "acme.", "acmex.y", "*.acme", "x.acme.y"] {
            assert!(!lies_in(outside, "acme"), "{outside}");
        }
    }

    #[test]
    fn patterns_overlap_when_some_id_is_of_both() {
        for (one, other) in [
            ("a.b", "a.b"),
            ("a.*", "a.b"),
            ("channels.*.dm.open", "channels.acme.dm.open"),
            ("channels.*.dm.open", "channels.acme.*"),
            ("*.open", "channels.*"),
            ("a.*.c", "a.b.*"),
            ("*", "a.b.c"),
        ] {
            assert!(overlap(one, other) && overlap(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("a.b", "a.c"),
            ("a.b", "a.bc"),
            ("acme.*", "gateway.*"),
            ("plugins.*.security_audit_failed", "plugins.acme.check"),
            ("a.*.c", "a.*.d"),
            ("", "a"),
        ] {
            assert!(!overlap(one, other) && !overlap(other, one), "{one} {other}");
        }
    }

    #[test]
    fn a_look_alike_is_noticed() {
        for (name, known) in [
            ("chltin", "chitin"),
            ("ch1tin", "chitin"),
            ("chitln", "chitin"),
            ("chitn", "chitin"),
            ("chittin", "chitin"),
            ("hcitin", "chitin"),
            ("chi-tin", "chitin"),
            ("acrne", "acme"),
            ("acme-1abs", "acme-labs"),
            ("acme.labs", "acme-labs"),
            ("securlty-too1s", "security-tools"),
        ] {
            assert_eq!(taken_for(name, [known]), Some(known), "{name}");
        }
        for (name, known) in [
            ("acme", "acme"),
            ("acme", "chitin"),
            ("acme", "acme-labs"),
            ("ab", "ac"),
            ("kite", "chitin"),
        ] {
            assert_eq!(taken_for(name, [known]), None, "{name}");
        }
    }

    #[test]
    fn letters_of_other_scripts_are_shown_and_refused() {
        let cyrillic = serde_json::json!({"id": "a.b", "publisher": "\u{441}hitin"});
        let refusal = check_letters(&cyrillic).unwrap_err();
        assert!(refusal.to_string().contains(r"publisher `\u{441}hitin`"), "{refusal}");
        let fullwidth = serde_json::json!({"id": "a\u{ff0e}b", "publisher": "a"});
        assert!(check_letters(&fullwidth).is_err());
        let rule =
            serde_json::json!({"id": "a.b", "publisher": "a", "rule": [{"id": "g\u{430}teway.x"}]});
        assert!(check_letters(&rule).unwrap_err().to_string().contains("rule `g"));
        assert!(check_letters(&serde_json::json!({"id": "a.b", "publisher": "a"})).is_ok());
    }
}
