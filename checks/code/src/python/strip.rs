//! Blanks the comments and strings of a Python script.

use crate::bytes::run_length;

/// A script in two versions. Every offset is the same as in the script.
pub(super) struct Stripped {
    /// Without comments and the contents of strings.
    pub(super) code: String,
    /// Without comments and documentation strings.
    pub(super) uncommented: String,
}

/// Blanks comments, and for `code` also the contents of strings.
pub(super) fn strip(text: &str) -> Stripped {
    let bytes = text.as_bytes();
    let (mut code, mut uncommented) = (bytes.to_vec(), bytes.to_vec());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'#' => {
                let length = run_length(bytes, at, |byte| byte != b'\n');
                blank(&mut code, at, at + length);
                blank(&mut uncommented, at, at + length);
                at += length;
            }
            b'"' | b'\'' => {
                let (start, end) = string(bytes, at, byte);
                blank(&mut code, start, end);
                if is_documentation(bytes, at) {
                    blank(&mut uncommented, start, end);
                }
                at = end + (start - at);
            }
            _ => at += 1,
        }
    }
    Stripped {
        code: String::from_utf8_lossy(&code).into_owned(),
        uncommented: String::from_utf8_lossy(&uncommented).into_owned(),
    }
}

/// The range of a string's content.
fn string(text: &[u8], at: usize, quote: u8) -> (usize, usize) {
    let triple = text.get(at..at + 3) == Some(&[quote; 3]);
    let mark = if triple { 3 } else { 1 };
    let start = at + mark;
    let mut end = start;
    while let Some(&byte) = text.get(end) {
        let closes =
            if triple { text.get(end..end + 3) == Some(&[quote; 3]) } else { byte == quote };
        if closes || (!triple && byte == b'\n') {
            return (start, end);
        }
        end += if byte == b'\\' { 2 } else { 1 };
    }
    (start, end.min(text.len()))
}

/// Whether a string in three quotes starts its line. Then it is documentation and not a value.
fn is_documentation(text: &[u8], at: usize) -> bool {
    let line = text
        .get(..at)
        .unwrap_or_default()
        .iter()
        .rev()
        .take(256)
        .take_while(|byte| **byte != b'\n');
    let mark = text.get(at).copied().unwrap_or_default();
    text.get(at..at + 3) == Some(&[mark; 3])
        && line.into_iter().all(|byte| byte.is_ascii_whitespace() || *byte == b'r')
}

fn blank(text: &mut [u8], start: usize, end: usize) {
    let end = end.min(text.len());
    for byte in text.get_mut(start..end).into_iter().flatten() {
        // One space for each byte keeps every offset, also inside a multi-byte character.
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}
