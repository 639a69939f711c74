//! Where the front matter of a Markdown text is.

use std::error::Error;
use std::fmt;

use crate::Dialect;

/// The text between the two delimiter lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrontMatter<'t> {
    pub text: &'t str,
    /// The byte offset of `text` in the file.
    pub at: usize,
}

/// Why a text has no front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrontMatterError {
    /// The first line is not `---`.
    Missing,
    /// No later line ends it.
    Unclosed,
}

impl fmt::Display for FrontMatterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "there is no front matter",
            Self::Unclosed => "its front matter has no end",
        })
    }
}

impl Error for FrontMatterError {}

impl<'t> FrontMatter<'t> {
    /// Finds the front matter of a text. Lines end at `\n`; a byte order mark before the first line is skipped.
    pub fn of(text: &'t str, dialect: Dialect) -> Result<Self, FrontMatterError> {
        let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = rest.split_inclusive('\n');
        let first = lines.next().filter(|line| dialect.starts(line));
        let first = first.ok_or(FrontMatterError::Missing)?;
        let at = text.len() - rest.len() + first.len();
        let mut end = at;
        for line in lines {
            if dialect.ends(line) {
                return Ok(Self { text: text.get(at..end).unwrap_or_default(), at });
            }
            end += line.len();
        }
        Err(FrontMatterError::Unclosed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lenient(text: &str) -> Result<(&str, usize), FrontMatterError> {
        FrontMatter::of(text, Dialect::Lenient).map(|matter| (matter.text, matter.at))
    }

    #[test]
    fn front_matter_is_found() {
        assert_eq!(lenient("---\na: 1\n---\nx"), Ok(("a: 1\n", 4)));
        assert_eq!(lenient("\u{feff}---\r\na: 1\r\n---\r\n"), Ok(("a: 1\r\n", 8)));
        assert_eq!(lenient("---\na: 1\n"), Err(FrontMatterError::Unclosed));
        assert_eq!(lenient("x\n---\n"), Err(FrontMatterError::Missing));
        assert_eq!(lenient(""), Err(FrontMatterError::Missing));
    }
}
