//! Prints what the other rooms found out: an audit, a fix, a scan, the rules, a module. Each in a module of its own with one
//! file per format, and each JSON with its own wire structs, so no change inside changes an output by accident.
//!
//! What must not enter: what is a finding, the texts of rules (the manifests have them), and writing to any file or stream.

pub mod fix;
pub mod json;
pub mod module;
pub mod rules;
pub mod scan;
mod style;
pub mod text;
