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

/// `1 thing`, `2 things`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// The first `shown` items on a line each, and how many are left.
pub fn bullets<T: AsRef<str>>(items: &[T], shown: usize) -> String {
    let mut lines: Vec<String> =
        items.iter().take(shown).map(|item| format!("- {}", item.as_ref())).collect();
    if items.len() > shown {
        lines.push(format!("- …{} more", items.len() - shown));
    }
    lines.join("\n")
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
