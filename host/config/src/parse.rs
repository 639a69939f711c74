//! Text to values: JSON5 as npm's `json5` reads it, within limits on depth and size.
//!
//! The parser recurses, so the text is measured first. An error says what is wrong and where, in our own words: a piece of
//! the text could be a piece of a secret.

use std::borrow::Cow;

use json5::ErrorCode;
use serde_json::Value as Json;
use thiserror::Error;

use super::lexer::{Lexer, Token, TokenKind};
use super::limits::ConfigLimits;
use super::line_index::{LineIndex, Position};

/// Why a text was not read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{kind} (line {}, column {})", position.line, position.column)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: SyntaxErrorKind,
    /// Where it is.
    pub position: Position,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SyntaxErrorKind {
    #[error("lists and objects nest more than {0} levels deep")]
    TooDeep(usize),
    #[error("there are more than {0} keys and values")]
    TooMany(usize),
    #[error("{0}")]
    Grammar(&'static str),
}

/// A text that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The value.
    pub json: Json,
    /// How large it is.
    pub size: Size,
}

/// How much there is of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Levels of lists and objects.
    pub depth: usize,
    /// Keys and values.
    pub values: usize,
}

/// Reads a text. Of equal keys the last counts; numbers that JSON cannot hold become null.
pub fn parse(text: &str, limits: &ConfigLimits) -> Result<Parsed, SyntaxError> {
    let size = measure(text, limits)?;
    let json =
        json5::from_str(&replace_lone_surrogates(text)).map_err(|error| described(text, &error))?;
    Ok(Parsed { json, size })
}

fn measure(text: &str, limits: &ConfigLimits) -> Result<Size, SyntaxError> {
    let mut size = Size::default();
    let mut depth = 0_usize;
    let refuse = |kind, token: Token| {
        Err(SyntaxError { kind, position: LineIndex::of(text).position(text, token.start) })
    };
    for token in Lexer::new(text) {
        match token.kind {
            TokenKind::OpenMap | TokenKind::OpenList => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            TokenKind::Comma | TokenKind::Colon | TokenKind::Text | TokenKind::Word => {}
        }
        if !matches!(token.kind, TokenKind::Close | TokenKind::Comma | TokenKind::Colon) {
            size.values += 1;
        }
        size.depth = size.depth.max(depth);
        if size.depth > limits.nesting {
            return refuse(SyntaxErrorKind::TooDeep(limits.nesting), token);
        }
        if size.values > limits.values {
            return refuse(SyntaxErrorKind::TooMany(limits.values), token);
        }
    }
    Ok(size)
}

/// The text with U+FFFD in place of every escape of half a surrogate pair, which is legal in a string but is not a
/// character.
pub(super) fn replace_lone_surrogates(text: &str) -> Cow<'_, str> {
    let mut halves = Lexer::new(text)
        .filter(|token| token.kind == TokenKind::Text)
        .flat_map(|token| lone_halves(text, token))
        .peekable();
    if halves.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for half in halves {
        out.push_str(text.get(copied..half).unwrap_or_default());
        out.push_str("\\uFFFD");
        copied = half + 6;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// Where escapes of half a pair are.
fn lone_halves(text: &str, token: Token) -> Vec<usize> {
    let string = text.get(token.start..token.end).unwrap_or_default();
    let unit = |at: usize| {
        let hex = string.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(hex, 16).ok().filter(|_| hex.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = string.get(at..).and_then(|rest| rest.find('\\')) {
        at += next;
        match (unit(at), unit(at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => at += 12,
            (Some(0xd800..=0xdfff), _) => {
                found.push(token.start + at);
                at += 6;
            }
            // The escaped character may be a backslash, or one of several bytes.
            _ => {
                let escaped = string.get(at + 1..).and_then(|rest| rest.chars().next());
                at += 1 + escaped.map_or(0, char::len_utf8);
            }
        }
    }
    found
}

fn described(text: &str, error: &json5::Error) -> SyntaxError {
    let words = match error.code() {
        Some(code) if ends_early(code) => match error.position() {
            // This is where the list or object around begins.
            Some(_) => "the text ends before what begins here is complete",
            None => "the text ends too early",
        },
        Some(
            ErrorCode::ExpectedClosingBrace
            | ErrorCode::ExpectedClosingBracket
            | ErrorCode::ExpectedComma,
        ) => "a comma or a closing bracket is missing",
        Some(ErrorCode::ExpectedColon) => "a key is not followed by a colon",
        Some(ErrorCode::ExpectedComment) => "a slash does not begin a comment",
        Some(ErrorCode::ExpectedIdentifier) => "a key is malformed",
        Some(ErrorCode::InvalidEscapeSequence) => "an escape is malformed",
        Some(ErrorCode::LineTerminatorInString) => "a string is not closed on its line",
        Some(ErrorCode::ExpectedNumber | ErrorCode::LeadingZero) => "a number is malformed",
        Some(ErrorCode::OverflowParsingNumber) => "a number is too large",
        Some(ErrorCode::TrailingCharacters) => "there is text after the end of the document",
        Some(_) => "a value is malformed",
        // Conversions of numbers and characters carry no code.
        None => "a number or a character is malformed",
    };
    let position = error.position().map_or_else(
        || LineIndex::of(text).position(text, text.len()),
        |at| Position { line: at.line + 1, column: at.column + 1 },
    );
    SyntaxError { kind: SyntaxErrorKind::Grammar(words), position }
}

fn ends_early(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::EofParsingArray
            | ErrorCode::EofParsingBool
            | ErrorCode::EofParsingComment
            | ErrorCode::EofParsingEscapeSequence
            | ErrorCode::EofParsingIdentifier
            | ErrorCode::EofParsingNull
            | ErrorCode::EofParsingNumber
            | ErrorCode::EofParsingObject
            | ErrorCode::EofParsingString
            | ErrorCode::EofParsingValue
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Json, SyntaxError> {
        parse(text, &ConfigLimits::default()).map(|parsed| parsed.json)
    }

    #[test]
    fn accepts_what_json5_accepts() {
        let cases = [
            (
                "{a:0xDEAD, b:+1, c:.5, d:-.5, e:5., f:1e3, g:-0x10, h:1E-2}",
                json!({"a": 0xDEAD, "b": 1, "c": 0.5, "d": -0.5, "e": 5.0, "f": 1000.0, "g": -16, "h": 0.01}),
            ),
            (
                "[Infinity, -Infinity, +Infinity, NaN, -NaN, 1e999]",
                json!([null, null, null, null, null, null]),
            ),
            ("{'a\\\nb': \"c\\\r\nd\\\u{2028}e\"}", json!({"ab": "cde"})),
            (r#"['\x41\u0042\v\0\'\"\q\/']"#, json!(["AB\u{b}\0'\"q/"])),
            (
                "{ключ: 1, $a_1: 2, \\u0061b: 3, a\u{200d}: 4, ünï: 5}",
                json!({"ключ": 1, "$a_1": 2, "ab": 3, "a\u{200d}": 4, "ünï": 5}),
            ),
            ("[1,[2,],{a:3,},]//end", json!([1, [2], {"a": 3}])),
            ("\u{feff}/*x*/{\u{a0}\u{b}\u{c}\u{3000}}", json!({})),
            ("{a:1,b:2,a:3}", json!({"a": 3, "b": 2})),
            (
                r#"{"__proto__": 1, constructor: 2, null: 3, Infinity: 4}"#,
                json!({"__proto__": 1, "constructor": 2, "null": 3, "Infinity": 4}),
            ),
            ("'\u{2028}\t\u{1}'", json!("\u{2028}\t\u{1}")),
            (
                r#"["\ud83d\ude00", "\uD83D", "\ude00\ud83d", "\\ud800", "\é\udfff"]"#,
                json!(["\u{1f600}", "\u{fffd}", "\u{fffd}\u{fffd}", "\\ud800", "é\u{fffd}"]),
            ),
            (
                "{\"$serde_json::private::Number\": \"1\"}",
                json!({"$serde_json::private::Number": "1"}),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn refuses_what_json5_refuses() {
        let cases = [
            "",
            " ",
            "//",
            "{",
            "[",
            "[,]",
            "{,}",
            "[1,,2]",
            "[1 2]",
            "{a:1 b:2}",
            "{a}",
            "{a:}",
            "{1:2}",
            "{a-b:1}",
            "{\"a\":1}}",
            "01",
            "-01",
            "00",
            "0x",
            "0xg",
            "1e",
            "1e+",
            ".",
            "+",
            "- 1",
            "+-1",
            "1_0",
            "1.2.3",
            "tru",
            "nulll",
            "undefined",
            "infinity",
            "\"a\nb\"",
            "'\\1'",
            "'\\01'",
            "'\\x4'",
            "'\\u{41}'",
            "'\\u12'",
            "'a",
            "/",
            "/*",
            "/* *",
            "{a:/1}",
            "`a`",
            "{\\u0030a:1}",
            "{\u{85}}",
            "{\"a\":1}\u{0}",
        ];
        for text in cases {
            assert!(read(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn says_what_and_where_without_the_text() {
        let error = read("{\n  token: 'hush-hush\n}").unwrap_err();
        assert_eq!(error.to_string(), "a string is not closed on its line (line 2, column 20)");
        let error = read("{token: 1e5e5}").unwrap_err();
        assert_eq!(error.to_string(), "a number or a character is malformed (line 1, column 9)");
        let error = read("{\r\n[").unwrap_err();
        assert_eq!(error.position, Position { line: 2, column: 1 });
        let error = read("{\na: [1,").unwrap_err();
        let expected = "the text ends before what begins here is complete (line 2, column 4)";
        assert_eq!(error.to_string(), expected);
        assert_eq!(read("\n").unwrap_err().position, Position { line: 2, column: 1 });
    }

    #[test]
    fn reads_up_to_the_depth_limit_and_refuses_more() {
        for (open, close) in [("[", "]"), ("{a:", "}"), ("[{a:", "}]")] {
            let levels = 512 / open.chars().filter(|c| matches!(c, '[' | '{')).count();
            let nested =
                |levels: usize| format!("{}1{}", open.repeat(levels), close.repeat(levels));
            let parsed = parse(&nested(levels), &ConfigLimits::default()).unwrap();
            assert_eq!(parsed.size.depth, 512);
            let error = parse(&nested(levels + 1), &ConfigLimits::default()).unwrap_err();
            assert_eq!(error.kind, SyntaxErrorKind::TooDeep(512));
        }
        let error = read(&"[".repeat(100_000)).unwrap_err();
        assert_eq!(error.position, Position { line: 1, column: 513 });
        assert!(read(&format!("['{}']", "[".repeat(100_000))).is_ok());
        assert!(read(&format!("/*{}*/1", "[".repeat(100_000))).is_ok());
    }

    #[test]
    fn refuses_more_values_than_the_limit() {
        let limits = ConfigLimits { values: 5, ..ConfigLimits::default() };
        assert_eq!(parse("{a: [1, 2], }", &limits).unwrap().size.values, 5);
        assert_eq!(
            parse("[1, 2, 3, 4, 5]", &limits).unwrap_err().kind,
            SyntaxErrorKind::TooMany(5)
        );
    }
}
