//! Finds, reads and resolves the config of a gateway as OpenClaw does: the file, what it includes, its environment, its
//! references to secrets.
//!
//! Nothing here fails. What cannot be read is reported in [`Config::problems`], and the rest is kept. Values of wrong
//! types and unknown keys stay as they are.
//!
//! What must not enter: judging a setting and filling in its default, which checks do; access to the disk other than
//! through chitin-fs.
#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types))] // Tests make the files that they are about.

pub mod discover;
pub mod document;
pub mod ecma;
pub mod environment;
pub mod limits;
pub mod parse;
pub mod spans;
pub mod target;

mod env_section;
mod error;
mod include;
mod include_dirs;
mod lexer;
mod line_index;
mod load;
mod merge;
mod pointer;
mod secret_refs;
#[cfg(unix)]
#[cfg(test)]
mod testing;
mod variables;

pub use document::{
    Config, MissingVariable, Problem, ProblemKind, SecretRef, Shape, SourceFile, SourceLocation,
    Text, Value,
};
pub use include_dirs::include_directories;
pub use limits::ConfigLimits;
pub use line_index::Position;
pub use load::load;
