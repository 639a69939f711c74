//! What is read: a tree of texts that knows where each text starts.

/// A value. Every scalar is a text; numbers and booleans are not told apart from strings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tree {
    /// A scalar and the byte offset at which it starts, its quote included.
    Text {
        text: String,
        at: usize,
    },
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// The value of a key, the last one if there are several.
    pub fn get(&self, key: &str) -> Option<&Tree> {
        match self {
            Tree::Map(entries) => {
                entries.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Every text below, with its offset.
    pub fn texts(&self) -> Vec<(&str, usize)> {
        match self {
            Tree::Text { text, at } => vec![(text, *at)],
            Tree::List(items) => items.iter().flat_map(Tree::texts).collect(),
            Tree::Map(entries) => entries.iter().flat_map(|(_, value)| value.texts()).collect(),
        }
    }
}
