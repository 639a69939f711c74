//! Turns a check crate into a component: compiles it to `wasm32-unknown-unknown`, wraps the core module as a component
//! and embeds the module manifest in a custom section.
//!
//! Used by the host's build script, by the tests and by `chitin module build`, so there is one way to make a
//! component. Nothing here judges a component; that is the host's work when it loads one.

mod compile;
mod toolchain;
mod types;
mod wrap;

pub use compile::{Built, build};
pub use toolchain::Toolchain;
pub use types::Strings;
pub use wrap::{MANIFEST_SECTION, add_manifest, wrap, wrap_untyped};
