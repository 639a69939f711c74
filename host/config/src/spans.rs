//! Where the values of a text are. Made from its tokens, so it knows every text that the parser accepts.

use std::collections::BTreeMap;
use std::ops::Range;

use super::lexer::{Lexer, Token, TokenKind};
use super::line_index::{LineIndex, Position};
use super::parse::replace_lone_surrogates;

/// Where a value is written, and the values in it.
#[derive(Clone, Debug)]
pub struct Outline {
    /// The first byte of its key, or of the value itself where it has none.
    start: usize,
    /// The bytes of the value itself.
    value: Range<usize>,
    below: BTreeMap<String, Outline>,
}

impl Outline {
    /// The outline of a text that the parser accepts; none for one that nests deeper than this or is cut off.
    pub fn of(text: &str, nesting: usize) -> Option<Self> {
        let mut tokens = Lexer::new(text);
        let root = tokens.next()?;
        Self::value(text, &mut tokens, root, root.start, nesting)
    }

    fn value(
        text: &str,
        tokens: &mut Lexer<'_>,
        first: Token,
        start: usize,
        nesting: usize,
    ) -> Option<Self> {
        let mut below = BTreeMap::new();
        if matches!(first.kind, TokenKind::Text | TokenKind::Word) {
            return Some(Self { start, value: first.start..first.end, below });
        }
        let nesting = nesting.checked_sub(1)?;
        let mut items = 0_usize;
        loop {
            let token = tokens.next()?;
            match (token.kind, first.kind) {
                (TokenKind::Close, _) => {
                    return Some(Self { start, value: first.start..token.end, below });
                }
                (TokenKind::Comma, _) => {}
                (_, TokenKind::OpenMap) => {
                    let key = key_of(text.get(token.start..token.end)?)?;
                    let first = tokens.nth(1)?;
                    // Of equal keys the last counts, here as well.
                    below.insert(key, Self::value(text, tokens, first, token.start, nesting)?);
                }
                _ => {
                    let item = Self::value(text, tokens, token, token.start, nesting)?;
                    below.insert(items.to_string(), item);
                    items += 1;
                }
            }
        }
    }

    /// The offset of what a JSON pointer names, or of its nearest ancestor that exists.
    pub(super) fn nearest(&self, pointer: &str) -> usize {
        let mut at = self;
        for segment in segments(pointer) {
            match at.below.get(&segment) {
                Some(below) => at = below,
                None => break,
            }
        }
        at.start
    }

    /// The value at a pointer: the first byte of its key, or of the value itself where it has none, and the bytes of the
    /// value. None when nothing is there.
    pub fn find(&self, pointer: &str) -> Option<(usize, Range<usize>)> {
        let found = segments(pointer).try_fold(self, |at, segment| at.below.get(&segment))?;
        Some((found.start, found.value.clone()))
    }
}

/// Finds positions in a text by JSON pointers.
#[derive(Clone, Debug)]
pub(super) struct Locator {
    lines: LineIndex,
    outline: Option<Outline>,
}

impl Locator {
    /// For a text; without positions, if it is one that was not read or nests deeper than this.
    pub(super) fn of(text: &str, nesting: usize) -> Self {
        Self { lines: LineIndex::of(text), outline: Outline::of(text, nesting) }
    }

    /// The position of what a pointer names in the same text, or of its nearest ancestor that exists.
    pub(super) fn locate(&self, text: &str, pointer: &str) -> Option<Position> {
        let offset = self.outline.as_ref()?.nearest(pointer);
        Some(self.lines.position(text, offset))
    }
}

/// What takes the place of hidden text.
const SEALED: &str = "[sealed]";

/// The text with the same lines, but without its comments and without those strings, keys included, that are to be
/// hidden.
pub fn blanked(text: &str, is_hidden: impl Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for token in Lexer::new(text) {
        let Some(written) = text.get(token.start..token.end) else { continue };
        out.push_str(&without_comments(text.get(copied..token.start).unwrap_or_default()));
        let is_string = matches!(token.kind, TokenKind::Text | TokenKind::Word);
        if is_string && key_of(written).is_some_and(|string| is_hidden(&string)) {
            out.push_str(SEALED);
            out.extend(written.matches('\n'));
        } else {
            out.push_str(written);
        }
        copied = token.end;
    }
    out.push_str(&without_comments(text.get(copied..).unwrap_or_default()));
    out
}

/// The text between two tokens, with a mark in place of each comment.
fn without_comments(between: &str) -> String {
    let mut out = String::new();
    let mut rest = between;
    while let Some(start) = rest.find('/') {
        let (blanks, comment) = rest.split_at(start);
        out.push_str(blanks);
        let end = if let Some(inside) = comment.strip_prefix("/*") {
            out.push_str("/* … */");
            inside.find("*/").map(|end| end + 4)
        } else {
            out.push_str("// …");
            comment.find(['\n', '\r', '\u{2028}', '\u{2029}'])
        };
        let (comment, after) = comment.split_at(end.unwrap_or(comment.len()));
        out.extend(comment.matches('\n'));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The unescaped segments of a JSON pointer.
pub fn segments(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~"))
}

/// A JSON pointer to a member of what a pointer names.
pub fn below(pointer: &str, segment: &str) -> String {
    format!("{pointer}/{}", segment.replace('~', "~0").replace('/', "~1"))
}

/// The key that a token stands for.
fn key_of(token: &str) -> Option<String> {
    if token.contains('\\') {
        let member = format!("{{{token}:0}}");
        let parsed: serde_json::Map<_, _> =
            json5::from_str(&replace_lone_surrogates(&member)).ok()?;
        return parsed.into_iter().next().map(|(key, _)| key);
    }
    let inside =
        ['"', '\''].iter().find_map(|quote| token.strip_prefix(*quote)?.strip_suffix(*quote));
    Some(inside.unwrap_or(token).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, pointer: &str) -> String {
        let outline = Outline::of(text, 512).unwrap();
        text[outline.nearest(pointer)..].chars().take(5).collect()
    }

    #[test]
    fn finds_keys_items_and_nearest_ancestors() {
        let text =
            "/*x*/{gateway: {'bind':\"lan\", /*:*/ auth/*:*/:{}}, \"list\":[1,.5,[{k:0}],],}";
        assert_eq!(found(text, ""), "{gate");
        assert_eq!(found(text, "/gateway"), "gatew");
        assert_eq!(found(text, "/gateway/bind"), "'bind");
        assert_eq!(found(text, "/gateway/auth"), "auth/");
        assert_eq!(found(text, "/gateway/auth/token"), "auth/");
        assert_eq!(found(text, "/list/1"), ".5,[{");
        assert_eq!(found(text, "/list/2/0/k"), "k:0}]");
        assert_eq!(found(text, "/list/9"), "\"list");
        assert_eq!(found(text, "/none/at/all"), "{gate");
    }

    #[test]
    fn reads_keys_as_the_parser_does() {
        let text = r#"{"a\"'b":1, "'q'":2, '"':3, \u0061/**/:4, "\ud800":5, 'a/b~':6, "":7}"#;
        assert_eq!(found(text, "/a\"'b"), "\"a\\\"'");
        assert_eq!(found(text, "/'q'"), "\"'q'\"");
        assert_eq!(found(text, "/\""), "'\"':3");
        assert_eq!(found(text, "/a"), "\\u006");
        assert_eq!(found(text, "/\u{fffd}"), "\"\\ud8");
        assert_eq!(found(text, "/a~1b~0"), "'a/b~");
        assert_eq!(found(text, "/"), "\"\":7}");
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        assert_eq!(found("{a:1,b:2, a :3}", "/a"), "a :3}");
        assert_eq!(found("{a:{x:1},a:{y:2}}", "/a/x"), "a:{y:");
    }

    #[test]
    fn finds_the_bytes_of_a_value() {
        let text = "{a: /*x*/ 'v' , b: [1, {c: 2}], a: \"w\"}";
        let value = |pointer| Outline::of(text, 9).unwrap().find(pointer).map(|(_, at)| &text[at]);
        assert_eq!(value("/a"), Some("\"w\""));
        assert_eq!(value("/b"), Some("[1, {c: 2}]"));
        assert_eq!(value("/b/1/c"), Some("2"));
        assert_eq!(value("/c"), None);
        assert_eq!(value(""), Some(text));
    }

    #[test]
    fn hides_comments_and_secrets_and_keeps_lines() {
        let hide = |string: &str| string == "x";
        assert_eq!(
            blanked("{a: \"x\", 'x': \"\\u0078\", /* x */ b: \"xx\"} // y", hide),
            "{a: [sealed], [sealed]: [sealed], /* … */ b: \"xx\"} // …"
        );
        assert_eq!(
            blanked("// a\r\n{/**/ /* b\n c */ d: 'x\\\n', //\n\n e: '//x'}", |s| s
                .starts_with('x')),
            "// …\r\n{/* … */ /* … */\n d: [sealed]\n, // …\n\n e: '//x'}"
        );
        assert_eq!(blanked("{ /* never ends", hide), "{ /* … */");
        assert_eq!(blanked(&"//\n".repeat(100_000), hide).matches('\n').count(), 100_000);
    }

    #[test]
    fn gives_up_on_texts_that_were_not_read() {
        for text in ["", "{", "[1,", "{a", "{a:"] {
            assert!(Outline::of(text, 512).is_none(), "{text}");
        }
        assert!(Outline::of(&"[".repeat(100_000), 512).is_none());
        assert!(Outline::of("[[]]", 1).is_none());
    }
}
