//! Documents that were asked for once. A check's groups are written as if each were alone and ask for the same sub-trees
//! again and again; the answer cannot change during a run, so it crosses from the host and is parsed once.

use std::cell::RefCell;
use std::collections::BTreeMap;

use chitin_document::{Refusal, Tree};
use serde_json::Value;

/// Trees by pointer, of one form of the config.
#[derive(Debug, Default)]
pub struct Memo {
    trees: RefCell<BTreeMap<String, Tree>>,
}

impl Memo {
    /// The tree at a pointer, made of JSON text when it is asked for the first time.
    pub fn tree(
        &self,
        pointer: &str,
        ask: impl FnOnce() -> Result<Option<String>, Refusal>,
    ) -> Result<Tree, Refusal> {
        if let Some(tree) = self.trees.borrow().get(pointer) {
            return Ok(tree.clone());
        }
        let tree = parse(pointer, ask()?)?;
        self.trees.borrow_mut().insert(pointer.to_owned(), tree.clone());
        Ok(tree)
    }
}

/// A tree of the host's JSON text.
pub fn parse(pointer: &str, text: Option<String>) -> Result<Tree, Refusal> {
    let value = text
        .map(|text| serde_json::from_str::<Value>(&text))
        .transpose()
        .map_err(|_| Refusal::Unavailable("the host gave a malformed document".to_owned()))?;
    Ok(Tree::new(pointer, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_once_for_each_pointer() {
        let memo = Memo::default();
        let first = memo.tree("/a", || Ok(Some("{\"b\": 1}".to_owned()))).unwrap();
        let again = memo.tree("/a", || panic!("asked again")).unwrap();
        assert_eq!(first.at(["b"]).value(), again.at(["b"]).value());
        assert!(memo.tree("/x", || Ok(None)).unwrap().root().is_absent());
    }

    #[test]
    fn a_refusal_is_not_kept() {
        let memo = Memo::default();
        assert!(memo.tree("/a", || Err(Refusal::Unavailable("no".to_owned()))).is_err());
        assert!(memo.tree("/a", || Ok(None)).is_ok());
    }
}
