//! Reads front matter and manifests: the part of YAML that people write there, and JSON with the liberties of JSON5.
//!
//! It never fails and never panics: what cannot be read is left out. Depth is bounded and time is linear. It is not a
//! YAML parser, and it may not grow into one: anchors, tags, merge keys and documents are skipped, not resolved.
//!
//! There are two ways to read front matter, by [`Dialect`]: as [a tree](block) for rules that look for anything
//! suspicious, and as [`Fields`] for the question whether OpenClaw loads a file.

mod block;
mod dialect;
mod fields;
mod flow;
mod front_matter;
mod tree;

pub use block::block;
pub use dialect::Dialect;
pub use fields::{Field, Fields};
pub use flow::flow;
pub use front_matter::{FrontMatter, FrontMatterError};
pub use tree::Tree;

/// How deep values may be nested. Deeper ones are left out.
const MAX_DEPTH: usize = 32;
