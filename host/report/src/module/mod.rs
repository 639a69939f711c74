//! What `chitin module inspect` shows: what a module is, what it may see, and which rules it has. One file per format.

mod json;
mod text;

pub use json::render as json;
pub use text::render as text;

/// Whether a module's signature is valid here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub valid: bool,
    /// Who signed it, or why the signature is not valid.
    pub details: String,
}
