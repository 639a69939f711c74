//! Where in a file a JSON pointer leads.

use super::document::Position;
use super::line_index::Lines;
use super::spans::Outline;

/// What must be known of a text to find positions in it quickly.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    lines: Lines,
    outline: Option<Outline>,
}

impl Layout {
    /// The layout of a text; without positions, if it is one that was not read or nests deeper than this.
    pub(super) fn of(text: &str, nesting: usize) -> Self {
        Self { lines: Lines::of(text), outline: Outline::of(text, nesting) }
    }

    /// The position of what a pointer names, or of its nearest ancestor that is there.
    pub(super) fn locate(&self, text: &str, pointer: &str) -> Option<Position> {
        let offset = self.outline.as_ref()?.nearest(pointer);
        Some(self.lines.position(text, offset))
    }
}
