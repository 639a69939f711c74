//! What no output may have in it, whatever an input or a module says.

/// Characters that would do something to a terminal, or to a reader's eyes.
fn is_hostile(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

pub(crate) fn assert_printable(text: &str) {
    if let Some(at) = text.find(is_hostile) {
        let around: String = text[at..].chars().take(60).collect();
        panic!("not neutral: {}", around.escape_debug());
    }
}

/// Takes out the colours that a report has of its own.
pub(crate) fn without_colour(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        let length =
            after.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
        rest = after[length..].strip_prefix('m').unwrap_or_else(|| {
            out.push_str("\u{1b}[");
            after
        });
    }
    out + rest
}
