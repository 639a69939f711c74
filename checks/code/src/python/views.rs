//! Tells code, strings and comments of a Python script apart.

use crate::text::run;

/// A script in two readings. Offsets are those of the script.
pub(super) struct Views {
    /// Without comments and without what strings contain.
    pub(super) code: String,
    /// Without comments.
    pub(super) uncommented: String,
}

/// The script without comments, with and without what its strings contain. Offsets stay as they are.
pub(super) fn views(text: &str) -> Views {
    let bytes = text.as_bytes();
    let (mut code, mut uncommented) = (bytes.to_vec(), bytes.to_vec());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'#' => {
                let length = run(bytes, at, |byte| byte != b'\n');
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
    Views {
        code: String::from_utf8_lossy(&code).into_owned(),
        uncommented: String::from_utf8_lossy(&uncommented).into_owned(),
    }
}

/// Where the content of a string begins and ends.
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

/// A string of three quotes at the beginning of a line explains; it is no value.
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
        // A space for each byte keeps every offset, whatever character it was a part of.
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}
