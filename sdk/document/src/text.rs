//! Text by ECMAScript's rules, since OpenClaw is written in it.

/// White space by ECMAScript: Unicode white space and U+FEFF, without U+0085.
pub fn is_space(c: char) -> bool {
    (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}'
}

/// `String.prototype.trim`.
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// `String.prototype.length`: UTF-16 code units.
pub fn utf16_len(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims_what_ecmascript_trims() {
        assert_eq!(trim("\u{feff} \u{a0}x\u{2003}\n"), "x");
        assert_eq!(trim("\u{85}x"), "\u{85}x");
    }

    #[test]
    fn counts_code_units() {
        assert_eq!(utf16_len("a😀"), 3);
    }
}
