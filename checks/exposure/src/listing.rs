//! Lists in a finding, kept short however large the config is.

use chitin_sdk::{Finding, Node, text};

/// How many items a finding names, and how many places it points at.
const SHOWN: usize = 40;

/// One line for each item, and the number of those left out.
pub(crate) fn lines<T: AsRef<str>>(items: &[T]) -> String {
    text::bullets(items, SHOWN)
}

/// The finding with the places of some values.
pub(crate) fn at_all<'a, 't: 'a>(
    finding: Finding,
    nodes: impl IntoIterator<Item = &'a Node<'t>>,
) -> Finding {
    nodes.into_iter().take(SHOWN).fold(finding, Finding::at)
}
