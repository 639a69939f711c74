//! Matching on bytes: words, blanks, and search without regard to ASCII case. All of it takes time in proportion to the
//! text.

/// A letter, a digit or `_`, as the `\w` of a regular expression has it.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A letter, a digit, `_` or `$`: what an ASCII identifier of JavaScript consists of.
#[inline]
pub(crate) fn is_identifier(byte: u8) -> bool {
    IDENTIFIER[usize::from(byte)]
}

/// Looked up and not compared, since this is asked of nearly every byte.
const IDENTIFIER: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$';
        byte += 1;
    }
    table
};

pub(crate) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// The byte before an offset.
pub(crate) fn before(text: &[u8], at: usize) -> Option<u8> {
    at.checked_sub(1).and_then(|previous| text.get(previous)).copied()
}

/// Whether no word goes on across an offset: the `\b` of a regular expression.
pub(crate) fn boundary(text: &[u8], at: usize) -> bool {
    before(text, at).is_some_and(is_word) != text.get(at).copied().is_some_and(is_word)
}

/// The offset of the first byte at or after `at` that is no white space.
pub(crate) fn skip_blanks(text: &[u8], at: usize) -> usize {
    at + text
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count()
}

/// How many bytes from an offset on satisfy a condition.
pub(crate) fn run(text: &[u8], at: usize, condition: impl Fn(u8) -> bool) -> usize {
    text.get(at..).unwrap_or_default().iter().take_while(|byte| condition(**byte)).count()
}

pub(crate) fn starts_with_ignoring_case(text: &[u8], at: usize, word: &str) -> bool {
    text.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// The places where a word stands, by itself or not, in any case.
pub(crate) fn find_all_ignoring_case<'t>(
    text: &'t [u8],
    word: &'static str,
) -> impl Iterator<Item = usize> + 't {
    let first = word.as_bytes().first().copied().unwrap_or_default().to_ascii_lowercase();
    (0..text.len().saturating_sub(word.len().saturating_sub(1))).filter(move |at| {
        text[*at].to_ascii_lowercase() == first && starts_with_ignoring_case(text, *at, word)
    })
}

/// At most this many bytes from an offset on, cut between characters.
pub(crate) fn ahead(text: &str, at: usize, most: usize) -> &str {
    let mut end = text.len().min(at.saturating_add(most));
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(at..end).unwrap_or_default()
}

/// At most this many bytes before an offset, cut between characters.
pub(crate) fn behind(text: &str, at: usize, most: usize) -> &str {
    let mut start = at.saturating_sub(most);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text.get(start..at).unwrap_or_default()
}

pub(crate) fn contains_ignoring_case(text: &str, word: &'static str) -> bool {
    find_all_ignoring_case(text.as_bytes(), word).next().is_some()
}

/// The places where a word stands by itself, in any case.
pub(crate) fn words_ignoring_case<'t>(
    text: &'t [u8],
    word: &'static str,
) -> impl Iterator<Item = usize> + 't {
    find_all_ignoring_case(text, word)
        .filter(move |at| boundary(text, *at) && boundary(text, at + word.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_by_themselves() {
        assert_eq!(words_ignoring_case(b"env ENV venv env_", "env").collect::<Vec<_>>(), [0, 4]);
        assert_eq!(words_ignoring_case(b"", "env").count(), 0);
        assert_eq!(find_all_ignoring_case(b"xenv", "env").collect::<Vec<_>>(), [1]);
    }
}
