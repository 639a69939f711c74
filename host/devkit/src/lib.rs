//! The workshop of those who write modules: a new module's directory, components, examples, records.
//!
//! It reads and writes what its user names, an author's own directory, and nothing of an audited gateway; that goes
//! through `collect` here as everywhere. Nothing here decides what a module may see.

pub mod component;
mod error;
pub mod examples;
mod files;
pub mod inspection;
pub mod record;
pub mod run;
pub mod scaffold;

pub use error::AuthorError;
