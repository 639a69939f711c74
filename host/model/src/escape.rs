//! Text from configs, file names and modules may be hostile: terminal escapes, text direction overrides, invisible
//! characters. Every format shows such characters as escapes.

/// Whether a character could change how the text around it is shown, or is not seen at all.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A text on one line, unsafe characters as `\u{..}`.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    out
}

/// The same, with line ends kept.
pub fn visible_lines(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// JSON text in which unsafe characters stand as `\u` escapes.
///
/// Outside of strings JSON has none of them but line ends, which stay.
pub fn escaped_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_unsafe(c) && c != '\n' {
            for unit in c.encode_utf16(&mut [0; 2]) {
                use std::fmt::Write as _;
                let _infallible = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\x1b[31m\u{202e}b\u{e0041}\r\nc";

    #[test]
    fn terminal_escapes_and_direction_overrides_are_shown() {
        assert_eq!(visible(HOSTILE), r"a\u{1b}[31m\u{202e}b\u{e0041}\u{d}\u{a}c");
        assert_eq!(visible_lines("a\nb\t"), "a\nb\\u{9}");
    }

    #[test]
    fn json_stays_the_same_value() {
        let json = serde_json::to_string(HOSTILE).unwrap();
        let escaped = escaped_json(&json);
        assert!(escaped.is_ascii());
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), HOSTILE);
    }
}
