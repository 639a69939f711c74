//! Names that can be mistaken for another name.
//!
//! Module ids, publishers and rule ids are ASCII, so what is left are letters that look alike in ASCII, and typing
//! mistakes.

/// The first of the known names that this one can be mistaken for. A name is not confusable with itself.
pub(super) fn confusable_with<'k>(
    name: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let own = skeleton(name);
    known.into_iter().filter(|known| *known != name).find(|known| {
        let theirs = skeleton(known);
        let max_distance = match own.len().min(theirs.len()) {
            0..=3 => 0,
            4..=8 => 1,
            _ => 2,
        };
        strsim::damerau_levenshtein(&own, &theirs) <= max_distance
    })
}

/// The name with separators removed and one letter in place of those that look alike.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lookalike_is_recognized() {
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
            assert_eq!(confusable_with(name, [known]), Some(known), "{name}");
        }
        for (name, known) in [
            ("acme", "acme"),
            ("acme", "chitin"),
            ("acme", "acme-labs"),
            ("ab", "ac"),
            ("kite", "chitin"),
        ] {
            assert_eq!(confusable_with(name, [known]), None, "{name}");
        }
    }
}
