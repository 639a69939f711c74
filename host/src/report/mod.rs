//! Prints a finished audit. One file per format, each with its own wire structs, so that no change inside changes an
//! output by accident. Nothing here decides what is a finding.

pub mod fix;
pub mod json;
pub mod module;
mod neutral;
pub mod rules;
pub mod scan;
mod style;
pub mod text;

pub(crate) use neutral::escaped_json;
pub use neutral::{visible, visible_lines};
