//! Invisible characters, and where they are an ordinary part of writing.

/// Whether a character has no width or changes the direction of the text.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(
        u32::from(character),
        0x200b..=0x200f
            | 0x202a..=0x202e
            | 0x2028
            | 0x2029
            | 0x2060..=0x2064
            | 0x2066..=0x206f
            | 0xfeff
            | 0xfff9..=0xfffb
            | 0xe0000..=0xe007f
    )
}

/// The first invisible character that is not part of an emoji or of a script that needs it.
pub(crate) fn find(text: &str) -> Option<usize> {
    let mut before = None;
    let mut flag = false;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let after = characters.peek().map(|(_, next)| *next);
        let tag = matches!(u32::from(character), 0xe0000..=0xe007f);
        flag = u32::from(character) == 0x1f3f4 || (flag && tag);
        if is_invisible(character)
            && !(tag && flag)
            && !is_part_of_writing(character, at, before, after)
        {
            return Some(at);
        }
        before = Some(character);
    }
    None
}

fn is_part_of_writing(
    character: char,
    at: usize,
    before: Option<char>,
    after: Option<char>,
) -> bool {
    let joins =
        |condition: fn(char) -> bool| before.is_some_and(condition) && after.is_some_and(condition);
    match u32::from(character) {
        // The byte order mark at the start of a file.
        0xfeff => at == 0,
        // Joiners within an emoji, or in a word of a script that uses them.
        0x200d => joins(is_pictograph) || before.is_some_and(is_joining_script),
        0x200c => joins(is_joining_script),
        // Direction marks next to letters that are written from right to left.
        0x200e | 0x200f => before.into_iter().chain(after).any(is_right_to_left),
        _ => false,
    }
}

fn is_pictograph(character: char) -> bool {
    matches!(u32::from(character), 0x2190..=0x2bff | 0xfe0f | 0x1f000..=0x1faff)
}

fn is_joining_script(character: char) -> bool {
    is_right_to_left(character) || matches!(u32::from(character), 0x0900..=0x0dff | 0x1800..=0x18af)
}

fn is_right_to_left(character: char) -> bool {
    matches!(u32::from(character), 0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters() {
        for text in [
            "a\u{200b}b",
            "x\u{202e}y",
            "a\u{feff}",
            "\u{2066}",
            "a\u{200d}b",
            "\u{e0041}",
            "\u{2028}",
        ] {
            assert!(find(text).is_some(), "{text:?}");
        }
        for text in [
            "plain",
            "\u{feff}start",
            "👨\u{200d}👩\u{200d}👧",
            "می\u{200c}خواهم",
            "क\u{94d}\u{200d}ष",
            "שלום\u{200f}!",
            "🏴\u{e0067}\u{e0062}\u{e007f}",
        ] {
            assert!(find(text).is_none(), "{text:?}");
        }
    }
}
