//! The types that all of chitin shares: finding, rule, grant, manifest, ledger, and how text from outside is shown. Data and
//! its validation only.
//!
//! What must not enter: reading files, running modules, any knowledge of OpenClaw.

#![warn(missing_docs)]

pub mod component_info;
pub mod escape;
pub mod file_names;
pub mod finding;
pub mod grants;
pub mod inspection;
pub mod ledger;
pub mod manifest;
pub mod rule_pattern;
pub mod timestamp;
