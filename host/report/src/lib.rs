//! Prints a finished audit. One file per format, each with its own wire structs, so that no change inside changes an
//! output by accident. Nothing here decides what is a finding.

pub mod fix;
pub mod json;
pub mod module;
pub mod rules;
pub mod scan;
mod style;
pub mod text;
