//! What `*` means in a rule id. Everything that compares rule ids asks here: manifests, the trust policy, `--only`.
//!
//! Suppressions do not: OpenClaw compares `checkId` with a finding's id for equality, and so does chitin.

/// A rule id in which each `*` stands for one or more characters, dots included: `channels.*.open` matches
/// `channels.telegram.open` and `channels.a.b.open`, and does not match `channels..open`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RulePattern<'p>(&'p str);

impl<'p> RulePattern<'p> {
    /// Any text is a pattern; whether it is a well-formed rule id is [`is_well_formed`](Self::is_well_formed).
    pub const fn new(text: &'p str) -> Self {
        Self(text)
    }

    /// Whether it is at least two words of letters, digits, `-` and `_`, or `*` in place of a word, separated by dots.
    pub fn is_well_formed(self) -> bool {
        let Self(text) = self;
        let is_word = |word: &str| {
            word == "*"
                || !word.is_empty()
                    && word
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        text.contains('.') && text.split('.').all(is_word)
    }

    /// Whether the id of a finding is an id of this rule. A `*` in the id is an ordinary character.
    pub fn matches(self, id: &str) -> bool {
        let (pattern, id) = (self.0.as_bytes(), id.as_bytes());
        let (mut p, mut i) = (0, 0);
        // The last star, and where its text ends so far: if the rest does not fit, the star takes one more byte. A
        // hostile module chooses pattern and id, so this must not take exponential time.
        let mut star = None;
        loop {
            match (pattern.get(p), id.get(i)) {
                (None, None) => return true,
                (Some(b'*'), Some(_)) => {
                    star = Some((p, i + 1));
                    (p, i) = (p + 1, i + 1);
                }
                (Some(one), Some(other)) if one == other => (p, i) = (p + 1, i + 1),
                _ => match star {
                    Some((at, end)) if end < id.len() => {
                        star = Some((at, end + 1));
                        (p, i) = (at + 1, end + 1);
                    }
                    _ => return false,
                },
            }
        }
    }

    /// Whether some id matches both patterns.
    pub fn overlaps(self, other: RulePattern<'_>) -> bool {
        fn literal_start(pattern: &str) -> &str {
            pattern.split('*').next().unwrap_or(pattern)
        }
        let (one, two) = (literal_start(self.0), literal_start(other.0));
        // Most rules already differ before their first star.
        (one.starts_with(two) || two.starts_with(one))
            && have_common_text(self.0.as_bytes(), other.0.as_bytes())
    }

    /// Whether some id of the other pattern begins with an id of this one and a dot: `channels.telegram` begins
    /// `channels.telegram.dm.open`.
    pub fn is_family_of(self, other: RulePattern<'_>) -> bool {
        RulePattern(&format!("{}.*", self.0)).overlaps(other)
    }

    /// Whether the patterns overlap, or one of them is the family of the other.
    pub fn is_related_to(self, other: RulePattern<'_>) -> bool {
        self.overlaps(other) || self.is_family_of(other) || other.is_family_of(self)
    }
}

/// Whether some text fits both patterns.
fn have_common_text(one: &[u8], two: &[u8]) -> bool {
    // fits[i][j]: whether the rest of `one` from `i` and the rest of `two` from `j` have a text in common. Filled in from
    // the ends.
    let width = two.len() + 1;
    let mut fits = vec![false; (one.len() + 1) * width];
    let at = |i: usize, j: usize| i * width + j;
    let get = |fits: &[bool], i: usize, j: usize| fits.get(at(i, j)).copied().unwrap_or(false);
    for i in (0..=one.len()).rev() {
        for j in (0..=two.len()).rev() {
            let fit = match (one.get(i), two.get(j)) {
                (None, None) => true,
                (None, _) | (_, None) => false,
                // A star takes one character of the other side, and may take the next one too.
                (Some(b'*'), Some(_)) | (Some(_), Some(b'*')) => {
                    get(&fits, i + 1, j + 1)
                        || one.get(i) == Some(&b'*') && get(&fits, i, j + 1)
                        || two.get(j) == Some(&b'*') && get(&fits, i + 1, j)
                }
                (Some(a), Some(b)) => a == b && get(&fits, i + 1, j + 1),
            };
            if let Some(slot) = fits.get_mut(at(i, j)) {
                *slot = fit;
            }
        }
    }
    get(&fits, 0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, id: &str) -> bool {
        RulePattern::new(pattern).matches(id)
    }

    fn overlaps(one: &str, other: &str) -> bool {
        let (one, other) = (RulePattern::new(one), RulePattern::new(other));
        assert_eq!(one.overlaps(other), other.overlaps(one), "{one:?} {other:?}");
        one.overlaps(other)
    }

    #[test]
    fn a_star_matches_one_or_more_characters() {
        assert!(matches("channels.*.dm.open", "channels.telegram.dm.open"));
        assert!(matches("channels.*.dm.open", "channels.a.b.dm.open"));
        assert!(!matches("channels.*.dm.open", "channels..dm.open"));
        assert!(!matches("channels.*.dm.open", "channels.telegram.dm.open_invalid"));
        assert!(matches("a.*", "a.b") && matches("a.*", "a.é") && !matches("a.*", "a."));
        assert!(matches("a.b", "a.b") && !matches("a.b", "a.bc") && !matches("a.bc", "a.b"));
        assert!(matches("*.x.*", "a.x.x.b") && !matches("*.x.*", "x.x"));
        assert!(matches("", "") && !matches("", "a") && !matches("a", ""));
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        let pattern = ["*"; 64].join(".") + ".end";
        assert!(!matches(&pattern, &"a.".repeat(10_000)));
    }

    #[test]
    fn patterns_overlap_when_some_id_matches_both() {
        for (one, other) in [
            ("a.b", "a.b"),
            ("a.*", "a.b"),
            ("*.*", "gateway.bind"),
            ("channels.*.dm.open", "channels.acme.dm.open"),
            ("channels.*.dm.open", "channels.acme.*"),
            ("*.open", "channels.*"),
            ("a.*.c", "a.b.*"),
            ("a.*", "a.*.c"),
            ("*.x.*", "a.*.b"),
            ("*", "a.b.c"),
        ] {
            assert!(overlaps(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("a.b", "a.c"),
            ("a.b", "a.bc"),
            ("a.*", "b.*"),
            ("acme.*", "gateway.*"),
            ("plugins.*.security_audit_failed", "plugins.acme.check"),
            ("a.*.c", "a.*.d"),
            ("a.*.c", "a.b"),
            ("", "a"),
        ] {
            assert!(!overlaps(one, other), "{one} {other}");
        }
    }

    /// Manifests took a star for one or more characters, the trust policy for none or more.
    #[test]
    fn a_star_means_the_same_in_both_questions() {
        for (pattern, id) in [("a.*", "a."), ("x.*.y", "x..y"), ("x*y", "xy"), ("*", "")] {
            assert!(!matches(pattern, id) && !overlaps(pattern, id), "{pattern} {id}");
        }
        let words = ["a", "b", "*", "a.b", ""];
        let texts = words.iter().flat_map(|one| {
            let pairs = words.iter().map(move |two| format!("{one}.{two}"));
            pairs.flat_map(|pair| words.iter().map(move |three| format!("{pair}.{three}")))
        });
        let texts: Vec<String> = texts.collect();
        for pattern in &texts {
            for id in texts.iter().filter(|id| !id.contains('*')) {
                assert_eq!(matches(pattern, id), overlaps(pattern, id), "{pattern} {id}");
            }
        }
    }

    #[test]
    fn an_id_is_related_to_everything_below_it() {
        let related = |one: &str, other: &str| {
            let (one, other) = (RulePattern::new(one), RulePattern::new(other));
            assert_eq!(one.is_related_to(other), other.is_related_to(one));
            one.is_related_to(other)
        };
        assert!(related("channels.telegram", "channels.telegram.dm.open"));
        assert!(related("channels", "channels.telegram") && related("a.b", "a.b"));
        assert!(!related("channels.tele", "channels.telegram") && !related("a.b", "a.c"));
        assert!(!related("channels.", "channels.telegram"));
        // A rule as `chitin list` shows it is related to a change for one channel.
        assert!(related("channels.*.dm.open", "channels.telegram"));
        assert!(!related("plugins.*.failed", "channels.telegram"));
    }

    #[test]
    fn a_well_formed_id_is_words_separated_by_dots() {
        for id in ["a.b", "channels.*.dm.open", "*.x", "A-1.b_2"] {
            assert!(RulePattern::new(id).is_well_formed(), "{id}");
        }
        for id in ["", "a", "*", "a.", ".a", "a..b", "a.b*", "a.é", "a b.c"] {
            assert!(!RulePattern::new(id).is_well_formed(), "{id}");
        }
    }
}
