//! The files that a plugin's `package.json` has OpenClaw load.

use serde_json::Value;

use super::request::NamedFile;
use chitin_fs::tree::{LinkPolicy, Tree};

const MAX_SIZE: u64 = 1 << 20;

/// No plugin has more entries than this.
const MAX_ENTRIES: usize = 1000;

/// The entries of `openclaw.extensions`. They are read wherever they are below the tree, but never outside of it: anyone
/// may have written the file.
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
