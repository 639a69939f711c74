//! Text that is encoded to hide it from readers: runs of escapes, large encoded literals.

use crate::bytes::is_base64_byte;

/// The fewest escapes in a row that are reported.
const MIN_ESCAPES: usize = 6;
/// A run of fewer escapes may be the signature of a binary file.
const MAX_SIGNATURE: usize = 16;
/// The fewest base64 characters of a large literal.
const MIN_ENCODED: usize = 200;
/// How images, fonts and sounds start in base64. Code cannot hide behind that: running it is a finding of its own.
const MEDIA: &[&str] = &[
    "iVBORw0KGgo",
    "R0lGOD",
    "/9j/",
    "UklGR",
    "d09GMg",
    "d09GRg",
    "AAEAAAA",
    "T1RUTw",
    "SUQz",
    "T2dnUw",
    "AAABAA",
    "Qk0",
];

/// The first run of escapes that encodes readable text, or that is too long to be a file's signature.
pub(crate) fn readable_escapes(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        let mut end = at;
        let (mut count, mut readable) = (0, 0);
        while let Some((character, length)) = escape(text, end) {
            count += 1;
            readable += usize::from((0x20..0x7f).contains(&character));
            end += length;
        }
        let hexadecimal = text.get(at..at + 2) == Some(b"\\x");
        let signature = count < MAX_SIGNATURE && readable * 3 < count * 2;
        let hidden = if hexadecimal { !signature } else { readable == count };
        if count >= MIN_ESCAPES && hidden {
            return Some(at);
        }
        // An escaped backslash does not start an escape.
        let escaped = text.get(at) == Some(&b'\\') && count == 0;
        at = end.max(at + if escaped { 2 } else { 1 });
    }
    None
}

/// The character that an escape encodes, and the escape's length.
fn escape(text: &[u8], at: usize) -> Option<(u32, usize)> {
    let digits = match text.get(at..at + 2)? {
        b"\\x" => text.get(at + 2..at + 4)?,
        b"\\u" if text.get(at + 2) == Some(&b'{') => {
            let length = crate::bytes::run_length(text, at + 3, |byte| byte.is_ascii_hexdigit());
            text.get(at + 3 + length).filter(|byte| **byte == b'}')?;
            let digits = text.get(at + 3..at + 3 + length)?;
            return Some((value(digits)?, length + 4));
        }
        b"\\u" => text.get(at + 2..at + 6)?,
        _ => return None,
    };
    Some((value(digits)?, digits.len() + 2))
}

fn value(digits: &[u8]) -> Option<u32> {
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Whether a text is a large base64 literal and not an image, font or sound.
pub(crate) fn is_encoded_payload(text: &str) -> bool {
    let long = text.len() >= MIN_ENCODED && text.bytes().all(is_base64_byte);
    long && !MEDIA.iter().any(|media| text.starts_with(media))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_escapes() {
        assert_eq!(readable_escapes(br"x \x72\x65\x71\x75\x69\x72"), Some(2));
        assert_eq!(readable_escapes(br"\u0072\u0065\u0071\u0075\u0069\u0072"), Some(0));
        assert_eq!(readable_escapes(br"\u{72}\u{65}\u{71}\u{75}\u{69}\u{72}"), Some(0));
        assert!(readable_escapes(&br"\x8f".repeat(40)).is_some());
        assert_eq!(readable_escapes(br"\x72\x65\x71\x75\x69"), None);
        assert_eq!(readable_escapes(br"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a"), None);
        assert_eq!(readable_escapes(r"\u4e2d\u6587\u4e2d\u6587\u4e2d\u6587".as_bytes()), None);
        assert_eq!(readable_escapes(br"\\x72\\x65\\x71\\x75\\x69\\x72"), None);
    }

    #[test]
    fn large_literals() {
        assert!(is_encoded_payload(&"A".repeat(200)));
        assert!(!is_encoded_payload(&"A".repeat(199)));
        assert!(!is_encoded_payload(&format!("iVBORw0KGgo{}", "A".repeat(300))));
        assert!(!is_encoded_payload(&"A b".repeat(100)));
    }
}
