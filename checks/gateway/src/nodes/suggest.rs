//! Which known commands may have been meant by an unknown one.

use super::commands::Known;

/// At most this many suggestions.
const MOST: usize = 3;
/// The greatest number of edits between a typo and the command that was meant.
const GREATEST_DISTANCE: usize = 4;
/// Longer than any command; the effort grows with the square of the length.
const LONGEST: usize = 64;

/// Commands that begin with the entry's first two segments; else those that differ in a few characters.
pub(super) fn suggestions<'t>(entry: &str, known: &Known<'t>) -> Vec<&'t str> {
    let prefix = first_two_segments(entry);
    let same_family: Vec<&str> =
        known.iter().filter(|name| name.starts_with(prefix)).take(MOST).collect();
    if same_family.is_empty() { nearest(entry, known) } else { same_family }
}

fn first_two_segments(entry: &str) -> &str {
    entry.match_indices('.').nth(1).and_then(|(end, _)| entry.get(..end)).unwrap_or(entry)
}

fn nearest<'t>(entry: &str, known: &Known<'t>) -> Vec<&'t str> {
    let mut ranked: Vec<(usize, &str)> = known
        .iter()
        .filter_map(|name| distance(entry, name).map(|distance| (distance, name)))
        .collect();
    ranked.sort_by_key(|(distance, name)| (*distance, name.to_lowercase()));
    // OpenClaw's limit is the best distance, but no less than 2 and no more than 4.
    let limit = ranked.first().map_or(0, |(best, _)| (*best).clamp(2, GREATEST_DISTANCE));
    ranked
        .into_iter()
        .take_while(|(distance, _)| *distance <= limit)
        .take(MOST)
        .map(|(_, name)| name)
        .collect()
}

/// The Levenshtein distance in UTF-16 code units; none if it is greater than the limit.
fn distance(left: &str, right: &str) -> Option<usize> {
    let left: Vec<u16> = left.encode_utf16().take(LONGEST + 1).collect();
    let right: Vec<u16> = right.encode_utf16().take(LONGEST + 1).collect();
    if left.len().max(right.len()) > LONGEST || left.len().abs_diff(right.len()) > GREATEST_DISTANCE
    {
        return None;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (done, unit) in left.iter().enumerate() {
        let mut next = vec![done + 1];
        for (column, pair) in row.windows(2).enumerate() {
            let [diagonal, above] = *pair else { continue };
            let changed = usize::from(right.get(column) != Some(unit));
            let beside = next.last().copied().unwrap_or_default();
            next.push((diagonal + changed).min(above + 1).min(beside + 1));
        }
        row = next;
    }
    row.last().copied().filter(|distance| *distance <= GREATEST_DISTANCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suggest(entry: &str) -> Vec<&'static str> {
        suggestions(entry, &Known::new(&[], |_| true))
    }

    #[test]
    fn a_shared_beginning_goes_first_in_known_order() {
        assert_eq!(suggest("system.run.prep"), ["system.run.prepare", "system.run"]);
        assert_eq!(suggest("talk"), ["talk.ptt.start", "talk.ptt.stop", "talk.ptt.cancel"]);
    }

    #[test]
    fn a_typo_finds_what_was_meant() {
        assert_eq!(suggest("system.runn"), ["system.run"]);
        assert_eq!(suggest("camara.snap").first(), Some(&"camera.snap"));
    }

    #[test]
    fn a_distant_name_has_no_suggestion() {
        assert!(suggest("foo").is_empty());
        assert!(suggest("canvas").is_empty());
        assert!(suggest(&"x".repeat(100_000)).is_empty());
    }

    #[test]
    fn distances_are_those_of_levenshtein() {
        assert_eq!(distance("kitten", "sitting"), Some(3));
        assert_eq!(distance("", "abc"), Some(3));
        assert_eq!(distance("same", "same"), Some(0));
        assert_eq!(distance("abcdef", "uvwxyz"), None);
        assert_eq!(distance("a", "abcdef"), None);
    }
}
