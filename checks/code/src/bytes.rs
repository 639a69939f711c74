//! Matching on bytes: words, white space, and search that ignores ASCII case. All of it is linear in the text's length.

/// A letter, a digit or `_`: the `\w` of a regular expression.
pub(crate) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A letter, a digit, `_` or `$`: a byte of an ASCII identifier in JavaScript.
#[inline]
pub(crate) fn is_identifier_byte(byte: u8) -> bool {
    IDENTIFIER[usize::from(byte)]
}

/// A table, because nearly every byte is tested.
const IDENTIFIER: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$';
        byte += 1;
    }
    table
};

pub(crate) fn is_base64_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// The byte before an offset.
pub(crate) fn byte_before(text: &[u8], at: usize) -> Option<u8> {
    at.checked_sub(1).and_then(|previous| text.get(previous)).copied()
}

/// Whether a word starts or ends at an offset: the `\b` of a regular expression.
pub(crate) fn is_word_boundary(text: &[u8], at: usize) -> bool {
    byte_before(text, at).is_some_and(is_word_byte)
        != text.get(at).copied().is_some_and(is_word_byte)
}

/// The offset of the first byte at or after `at` that is not white space.
pub(crate) fn skip_whitespace(text: &[u8], at: usize) -> usize {
    at + text
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count()
}

/// How many bytes in a row, from an offset on, satisfy a condition.
pub(crate) fn run_length(text: &[u8], at: usize, condition: impl Fn(u8) -> bool) -> usize {
    text.get(at..).unwrap_or_default().iter().take_while(|byte| condition(**byte)).count()
}

pub(crate) fn starts_with_ignore_case(text: &[u8], at: usize, word: &str) -> bool {
    text.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// The offsets of a string in any case, also inside longer words.
pub(crate) fn find_all_ignore_case<'t>(
    text: &'t [u8],
    word: &'static str,
) -> impl Iterator<Item = usize> + 't {
    let first = word.as_bytes().first().copied().unwrap_or_default().to_ascii_lowercase();
    (0..text.len().saturating_sub(word.len().saturating_sub(1))).filter(move |at| {
        text[*at].to_ascii_lowercase() == first && starts_with_ignore_case(text, *at, word)
    })
}

/// At most `most` bytes from an offset on, cut at a character boundary.
pub(crate) fn window_after(text: &str, at: usize, most: usize) -> &str {
    let mut end = text.len().min(at.saturating_add(most));
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(at..end).unwrap_or_default()
}

/// At most `most` bytes before an offset, cut at a character boundary.
pub(crate) fn window_before(text: &str, at: usize, most: usize) -> &str {
    let mut start = at.saturating_sub(most);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text.get(start..at).unwrap_or_default()
}

pub(crate) fn contains_ignore_case(text: &str, word: &'static str) -> bool {
    find_all_ignore_case(text.as_bytes(), word).next().is_some()
}

/// The offsets of a whole word, in any case.
pub(crate) fn find_words_ignore_case<'t>(
    text: &'t [u8],
    word: &'static str,
) -> impl Iterator<Item = usize> + 't {
    find_all_ignore_case(text, word)
        .filter(move |at| is_word_boundary(text, *at) && is_word_boundary(text, at + word.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_are_found() {
        assert_eq!(find_words_ignore_case(b"env ENV venv env_", "env").collect::<Vec<_>>(), [0, 4]);
        assert_eq!(find_words_ignore_case(b"", "env").count(), 0);
        assert_eq!(find_all_ignore_case(b"xenv", "env").collect::<Vec<_>>(), [1]);
    }
}
