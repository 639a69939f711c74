//! What looks like a secret, in one place for the host, the checks and the scanner.
//!
//! It only knows words, shapes and file names. It never reads, stores, seals or reports a value, and it depends on nothing
//! but the standard library, so it also compiles to WebAssembly.
//!
//! Two users want opposite things of the same list. Sealing must not miss a secret, so it takes the broad function.
//! Reporting must not cry wolf, so it takes the exact one. Each list is written once, and each function says which of the
//! two it is for.

pub mod credentials;
pub mod files;
pub mod names;
pub mod placeholders;
