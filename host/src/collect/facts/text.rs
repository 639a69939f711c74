//! Text as OpenClaw's ECMAScript sees it.

use serde_json::Value;

/// `String.prototype.trim`: white space and U+FEFF, but not U+0085.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}'))
}

/// The trimmed text, unless it is blank or no text at all.
pub(super) fn non_blank(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_str).map(trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims_as_ecmascript_does() {
        assert_eq!(trim("\u{feff}\u{a0} a \n\u{2003}"), "a");
        assert_eq!(trim("\u{85}a"), "\u{85}a");
    }
}
