//! Offsets as lines and columns.

/// Line and column from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The first line is 1.
    pub line: usize,
    /// The first character of a line is 1.
    pub column: usize,
}

/// Where the lines of a text begin. A line ends with `\n`, `\r\n` or `\r`, as in an editor.
#[derive(Clone, Debug)]
pub(super) struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |at: usize| match bytes.get(at) {
            Some(b'\n') => true,
            Some(b'\r') => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let after_ends = (0..bytes.len()).filter(|at| ends_line(*at)).map(|at| at + 1);
        Self { starts: std::iter::once(0).chain(after_ends).collect() }
    }

    /// The line and column of a byte offset in the same text.
    pub(super) fn position(&self, text: &str, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|at| self.starts.get(at)).copied().unwrap_or(0);
        let before = text.get(start..offset).unwrap_or_default();
        Position { line, column: before.chars().count() + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_characters() {
        let text = "a\r\n\u{1f600}b\rc\nd";
        let lines = LineIndex::of(text);
        let at = |needle: char| {
            let position = lines.position(text, text.find(needle).unwrap());
            (position.line, position.column)
        };
        assert_eq!(at('a'), (1, 1));
        assert_eq!(at('b'), (2, 2));
        assert_eq!(at('c'), (3, 1));
        assert_eq!(at('d'), (4, 1));
        assert_eq!(lines.position(text, text.len()), Position { line: 4, column: 2 });
        assert_eq!(LineIndex::of("").position("", 0), Position { line: 1, column: 1 });
    }
}
