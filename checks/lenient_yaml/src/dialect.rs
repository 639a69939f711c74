//! Where the two readings of front matter differ, and why. Nothing else in this crate may depend on who asks.

/// Whose idea of front matter counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// OpenClaw 2026.9.6, which is written in JavaScript: only `---` ends front matter, white space is ECMAScript's, and
    /// a key ends in a colon with a blank or the end of the line behind it.
    OpenClaw,
    /// Anything that some reader could take for front matter, so hostile input does not hide behind a difference:
    /// `...` ends it too, white space is Unicode's, tabs may indent, and a quoted key needs no blank after its colon.
    Lenient,
}

impl Dialect {
    /// Whether a line delimits front matter at its start.
    pub(crate) fn starts(self, line: &str) -> bool {
        self.trim_end(line) == "---"
    }

    /// Whether a line ends front matter.
    pub(crate) fn ends(self, line: &str) -> bool {
        match self {
            Self::OpenClaw => self.starts(line),
            Self::Lenient => matches!(self.trim_end(line), "---" | "..."),
        }
    }

    pub(crate) fn trim(self, text: &str) -> &str {
        match self {
            Self::OpenClaw => text.trim_matches(is_ecmascript_space),
            Self::Lenient => text.trim(),
        }
    }

    fn trim_end(self, text: &str) -> &str {
        match self {
            Self::OpenClaw => text.trim_end_matches(is_ecmascript_space),
            Self::Lenient => text.trim_end(),
        }
    }

    /// A key and the rest of its line behind the colon, if the line has a key.
    pub(crate) fn key(self, line: &str) -> Option<(&str, &str)> {
        if let Some(quote @ ('"' | '\'')) = line.chars().next() {
            let (key, rest) = line.get(1..)?.split_once(quote)?;
            let value = match self {
                Self::OpenClaw => {
                    let value = rest.trim_start_matches([' ', '\t']).strip_prefix(':')?;
                    ends_key(value).then_some(value)?
                }
                Self::Lenient => rest.trim_start().strip_prefix(':')?,
            };
            return Some((key, value));
        }
        let (at, _) = line.match_indices(':').find(|(at, _)| ends_key(&line[at + 1..]))?;
        let key = match self {
            Self::OpenClaw => line[..at].trim_end_matches([' ', '\t']),
            Self::Lenient => line[..at].trim(),
        };
        Some((key, &line[at + 1..]))
    }
}

/// Whether a colon before this text separates a key from its value.
fn ends_key(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with([' ', '\t'])
}

/// ECMAScript's white space is Unicode's without U+0085 and with U+FEFF.
fn is_ecmascript_space(character: char) -> bool {
    (character.is_whitespace() && character != '\u{85}') || character == '\u{feff}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_read_ordinary_keys() {
        for dialect in [Dialect::OpenClaw, Dialect::Lenient] {
            assert_eq!(dialect.key("a: b"), Some(("a", " b")));
            assert_eq!(dialect.key("a:"), Some(("a", "")));
            assert_eq!(dialect.key("\"a: b\": c"), Some(("a: b", " c")));
            assert_eq!(dialect.key("a:b: c"), Some(("a:b", " c")));
            assert_eq!(dialect.key("a:b"), None);
            assert_eq!(dialect.key("\"a"), None);
        }
    }

    #[test]
    fn they_differ_on_purpose() {
        assert_eq!(Dialect::OpenClaw.key("\"a\":b"), None);
        assert_eq!(Dialect::Lenient.key("\"a\":b"), Some(("a", "b")));
        assert_eq!(Dialect::OpenClaw.key("a\u{a0}: b"), Some(("a\u{a0}", " b")));
        assert_eq!(Dialect::Lenient.key("a\u{a0}: b"), Some(("a", " b")));
        assert!(Dialect::Lenient.ends("...") && !Dialect::OpenClaw.ends("..."));
        assert!(Dialect::Lenient.ends("---\u{85}") && !Dialect::OpenClaw.ends("---\u{85}"));
        assert!(Dialect::OpenClaw.ends("---\u{feff}") && !Dialect::Lenient.ends("---\u{feff}"));
    }
}
