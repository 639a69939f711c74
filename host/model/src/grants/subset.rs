//! Whether grants are a subset of others: of the most that a publisher may ask for, or of what was agreed to before.

use super::{FileGrant, Grants, Pattern};

impl Grants {
    /// The part of these grants that others do not cover. A grant must be covered by a single other one; two that cover it
    /// only together do not count, so the answer errs on the safe side.
    #[must_use]
    pub fn beyond(&self, others: &Self) -> Self {
        Self {
            config: left(&self.config, &others.config, pointer_covers),
            files: left(&self.files, &others.files, file_covers),
            facts: left(&self.facts, &others.facts, PartialEq::eq),
            fix_config: left(&self.fix_config, &others.fix_config, covers),
            fix_mode: left(&self.fix_mode, &others.fix_mode, file_covers),
        }
    }

    /// Whether nothing was granted.
    pub fn is_empty(&self) -> bool {
        self.config.is_empty()
            && self.files.is_empty()
            && self.facts.is_empty()
            && self.fix_config.is_empty()
            && self.fix_mode.is_empty()
    }
}

fn left<T: Clone>(asked: &[T], given: &[T], covers: impl Fn(&T, &T) -> bool) -> Vec<T> {
    asked.iter().filter(|asked| !given.iter().any(|given| covers(given, asked))).cloned().collect()
}

/// A pointer covers everything below it.
fn pointer_covers(given: &Pattern, asked: &Pattern) -> bool {
    asked.0.len() >= given.0.len()
        && given.0.iter().zip(&asked.0).all(|(given, asked)| part_covers(given, asked))
}

/// Whether every path of one pattern is of the other.
fn covers(given: &Pattern, asked: &Pattern) -> bool {
    let mut asked_parts = asked.0.iter();
    for given in &given.0 {
        if given == "**" {
            return true;
        }
        match asked_parts.next() {
            Some(asked) if part_covers(given, asked) => {}
            _ => return false,
        }
    }
    asked_parts.next().is_none()
}

/// `**` is more than `*`.
fn part_covers(given: &str, asked: &str) -> bool {
    given == asked || given == "*" && asked != "**"
}

fn file_covers(given: &FileGrant, asked: &FileGrant) -> bool {
    given.root == asked.root && given.level >= asked.level && covers(&given.pattern, &asked.pattern)
}

#[cfg(test)]
mod tests {
    use super::super::RawGrants;
    use super::*;

    fn config(pointers: &[&str]) -> Grants {
        let config = pointers.iter().map(|text| (*text).to_owned()).collect();
        RawGrants { config, ..RawGrants::default() }.parse().unwrap()
    }

    fn files(texts: &[&str]) -> Grants {
        let files = texts.iter().map(|text| (*text).to_owned()).collect();
        RawGrants { files, ..RawGrants::default() }.parse().unwrap()
    }

    #[test]
    fn a_pointer_covers_what_is_below_it() {
        for (given, asked) in [
            ("", "/anything"),
            ("", ""),
            ("/a", "/a/b"),
            ("/a/*", "/a/b/c"),
            ("/*/b", "/a/b"),
            ("/a/*", "/a/*"),
        ] {
            assert!(config(&[asked]).beyond(&config(&[given])).is_empty(), "{given} {asked}");
        }
        for (given, asked) in
            [("/a", ""), ("/a/b", "/a"), ("/a/b", "/a/*"), ("/a", "/ab"), ("/a", "/b")]
        {
            assert!(!config(&[asked]).beyond(&config(&[given])).is_empty(), "{given} {asked}");
        }
    }

    #[test]
    fn a_file_grant_covers_no_more_than_its_paths_and_its_level() {
        for (given, asked) in [
            ("state:** content", "state:a/b metadata"),
            ("state:** metadata", "state: metadata"),
            ("state:a/** content", "state:a/** content"),
            ("state:a/* content", "state:a/b content"),
            ("state:*/b metadata", "state:a/b metadata"),
            ("workspace:*:** content", "workspace:*:skills/** content"),
        ] {
            assert!(files(&[asked]).beyond(&files(&[given])).is_empty(), "{given} {asked}");
        }
        for (given, asked) in [
            ("state:** metadata", "state:a content"),
            ("state:a/* metadata", "state:a/** metadata"),
            ("state:a/* metadata", "state:a/b/c metadata"),
            ("state:a/* metadata", "state:a metadata"),
            ("state:a/b metadata", "state:a/* metadata"),
            ("state:a/** metadata", "state:** metadata"),
            ("state:** content", "config: metadata"),
        ] {
            assert!(!files(&[asked]).beyond(&files(&[given])).is_empty(), "{given} {asked}");
        }
    }

    #[test]
    fn what_is_beyond_is_named() {
        let asked = config(&["/a", "/b"]);
        assert_eq!(asked.beyond(&config(&["/a"])).to_raw().config, ["/b"]);
        assert!(asked.beyond(&asked).is_empty());
        assert_eq!(asked.beyond(&Grants::default()).to_raw(), asked.to_raw());
    }

    #[test]
    fn facts_and_fixes_are_covered_one_by_one() {
        let grants = |facts: &[&str], fix_config: &[&str], fix_mode: &[&str]| {
            let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
            let (facts, fix_config, fix_mode) = (own(facts), own(fix_config), own(fix_mode));
            RawGrants { facts, fix_config, fix_mode, ..RawGrants::default() }.parse().unwrap()
        };
        let given = grants(&["platform", "environment:A"], &["/a/*"], &["state:a/**"]);
        assert!(grants(&["environment:A"], &["/a/b"], &["state:a/b"]).beyond(&given).is_empty());
        for wider in [
            grants(&["environment:B"], &[], &[]),
            grants(&["homes"], &[], &[]),
            // A fix is of the place itself, so what is below it is another place.
            grants(&[], &["/a/b/c"], &[]),
            grants(&[], &[], &["state:b"]),
        ] {
            assert!(!wider.beyond(&given).is_empty(), "{wider:?}");
        }
    }
}
