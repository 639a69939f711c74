//! The words all of chitin speaks in: what a finding, a rule, a grant and a manifest are, and how text from outside is
//! shown. Data and its validation only.
//!
//! What must not enter: reading files, running modules, any knowledge of OpenClaw.

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
