//! The files that a plugin's `package.json` gives to OpenClaw to load.

use serde_json::Value;

use super::NamedFile;
use chitin_fs::tree::{LinkPolicy, Tree};

const MAX_SIZE: u64 = 1 << 20;

/// More entries than this no plugin has.
const MAX_ENTRIES: usize = 1000;

/// The entries of `openclaw.extensions`. They are read wherever they lie, but never outside of the tree: whoever wrote
/// the file may be a stranger.
pub(super) fn entries(tree: &dyn Tree) -> Vec<NamedFile> {
    let document: Option<Value> =
        tree.small("package.json", MAX_SIZE).and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let extensions =
        document.as_ref().and_then(|document| document.pointer("/openclaw/extensions"));
    let entries = extensions.and_then(Value::as_array).into_iter().flatten();
    entries
        .filter_map(Value::as_str)
        .take(MAX_ENTRIES)
        .map(|path| NamedFile { path: path.to_owned(), links: LinkPolicy::StayInside })
        .collect()
}
