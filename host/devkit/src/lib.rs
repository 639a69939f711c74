//! Tools for authors of modules: a new module's directory, components, examples, records.
//!
//! They read and write the author's own directory and the files that the author names. What must not enter: reading an
//! audited gateway other than through `chitin_collect`, and deciding what a module may see.

pub mod component;
mod error;
pub mod examples;
mod files;
pub mod inspection;
pub mod record;
pub mod run;
pub mod scaffold;

pub use error::DevkitError;
