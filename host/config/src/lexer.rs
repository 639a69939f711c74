//! Cuts JSON5 text into tokens, without judging it. Used for what must be known before or besides parsing: how deep the
//! text nests, and where its values are.
//!
//! The text need not be valid. Up to its first error it is cut as the parser cuts it, and no parser gets further.

use super::ecma::is_space;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    OpenMap,
    OpenList,
    Close,
    Comma,
    Colon,
    /// A string with its quotes.
    Text,
    /// A number, a literal or a key without quotes.
    Word,
}

/// A token and the bytes that it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches(is_space);
            self.at += rest.len() - trimmed.len();
            self.at += if trimmed.starts_with("//") {
                trimmed.find(['\n', '\r', '\u{2028}', '\u{2029}']).unwrap_or(trimmed.len())
            } else if let Some(inside) = trimmed.strip_prefix("/*") {
                inside.find("*/").map_or(trimmed.len(), |end| end + 4)
            } else {
                return;
            };
        }
    }

    /// The length of a string, up to its closing quote or the end of the text.
    fn text_length(rest: &str, quote: char) -> usize {
        let mut characters = rest.char_indices().skip(1);
        while let Some((at, c)) = characters.next() {
            if c == quote {
                return at + 1;
            }
            if c == '\\' {
                characters.next();
            }
        }
        rest.len()
    }

    /// The length of a word; never zero, so every text comes to its end.
    fn word_length(rest: &str) -> usize {
        let ends = |c: char| {
            is_space(c) || matches!(c, '{' | '}' | '[' | ']' | ',' | ':' | '"' | '\'' | '/')
        };
        rest.char_indices().skip(1).find(|(_, c)| ends(*c)).map_or(rest.len(), |(at, _)| at)
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.skip_blanks();
        let rest = self.rest();
        let (kind, length) = match rest.chars().next()? {
            '{' => (TokenKind::OpenMap, 1),
            '[' => (TokenKind::OpenList, 1),
            '}' | ']' => (TokenKind::Close, 1),
            ',' => (TokenKind::Comma, 1),
            ':' => (TokenKind::Colon, 1),
            quote @ ('"' | '\'') => (TokenKind::Text, Self::text_length(rest, quote)),
            _ => (TokenKind::Word, Self::word_length(rest)),
        };
        let start = self.at;
        self.at += length;
        Some(Token { kind, start, end: self.at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        Lexer::new(text).map(|token| &text[token.start..token.end]).collect()
    }

    #[test]
    fn cuts_at_punctuation_and_blanks() {
        let text = "\u{feff}{a:1,\u{a0}'b]':[+.5,/*{*/ null//[\u{2028}],}";
        let expected =
            ["{", "a", ":", "1", ",", "'b]'", ":", "[", "+.5", ",", "null", "]", ",", "}"];
        assert_eq!(cut(text), expected);
    }

    #[test]
    fn strings_hide_quotes_and_comments() {
        assert_eq!(
            cut(r#"["a\"//", 'it\\', "/*" ]"#),
            ["[", r#""a\"//""#, ",", r"'it\\'", ",", r#""/*""#, "]"]
        );
        assert_eq!(cut("'a\\\r\nb'"), ["'a\\\r\nb'"]);
    }

    #[test]
    fn ends_on_any_text() {
        for text in ["\"", "'\\", "/", "/*", "//", "/ *", "/**", "é/", "\\", "\u{2028}", ""] {
            assert!(Lexer::new(text).count() <= text.len(), "{text}");
        }
    }
}
