//! The text of one file: lines, positions and the evidence of a line. Evidence never contains a recognized credential.

use std::cell::OnceCell;

use chitin_secret_vocabulary::credentials;

/// Evidence is cut after this many UTF-16 code units.
const EVIDENCE_UNITS: usize = 120;
/// Replaces a line that contains a credential.
pub(crate) const REDACTED: &str = "[REDACTED CREDENTIAL]";

/// A text with its line starts. Lines end at `\n` only.
pub(crate) struct Source<'t> {
    pub(crate) text: &'t str,
    /// Computed on first use: most files have no findings.
    starts: OnceCell<Vec<usize>>,
}

impl<'t> Source<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, starts: OnceCell::new() }
    }

    fn starts(&self) -> &[usize] {
        self.starts.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect()
        })
    }

    /// The line of a byte offset, from 0.
    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.starts().partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The text of a line, without its end.
    pub(crate) fn line(&self, line: usize) -> &'t str {
        let start = self.starts().get(line).copied().unwrap_or(self.text.len());
        let end = self.starts().get(line + 1).map_or(self.text.len(), |next| next - 1);
        self.text.get(start..end).unwrap_or_default()
    }

    /// The offset at which a line starts.
    pub(crate) fn start_of(&self, line: usize) -> usize {
        self.starts().get(line).copied().unwrap_or(self.text.len())
    }

    /// Each line with the offset of its start.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &'t str)> + '_ {
        (0..self.starts().len()).map(|line| (self.start_of(line), self.line(line)))
    }

    /// Line and column from 1, the column in UTF-16 code units.
    pub(crate) fn position(&self, offset: usize) -> (u32, u32) {
        let line = self.line_of(offset);
        let before = self.text.get(self.start_of(line)..offset).unwrap_or_default();
        (number(line + 1), number(before.encode_utf16().count() + 1))
    }

    /// The evidence of a line.
    pub(crate) fn evidence(&self, line: usize) -> String {
        let line = self.line(line).trim();
        if credentials::contains(line) { REDACTED.to_owned() } else { cut(line) }
    }
}

/// The start of a text, never cut inside a surrogate pair.
fn cut(text: &str) -> String {
    let mut units = 0;
    for (at, character) in text.char_indices() {
        units += character.len_utf16();
        if units > EVIDENCE_UNITS {
            return format!("{}…", &text[..at]);
        }
    }
    text.to_owned()
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_line_feeds_only() {
        let source = Source::new("a\r\nb\n");
        assert_eq!(source.lines().map(|(_, line)| line).collect::<Vec<_>>(), ["a\r", "b", ""]);
        assert_eq!(source.position(3), (2, 1));
    }

    #[test]
    fn columns_count_utf16_units() {
        assert_eq!(Source::new("😀x").position(4), (1, 3));
    }

    #[test]
    fn evidence_is_trimmed_and_cut_between_characters() {
        let long = format!("  {}😀 tail", "x".repeat(119));
        assert_eq!(Source::new(&long).evidence(0), format!("{}…", "x".repeat(119)));
        let exact = "y".repeat(120);
        assert_eq!(Source::new(&exact).evidence(0), exact);
    }

    #[test]
    fn a_line_with_a_credential_is_redacted() {
        let text = format!("eval(\"sk-proj-{}\")", "a".repeat(32));
        assert_eq!(Source::new(&text).evidence(0), REDACTED);
    }
}
