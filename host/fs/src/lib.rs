//! Safe access to the disk, once for all of chitin: directory handles instead of paths, reads within a limit, metadata
//! without following links, archives as trees, private directories, atomic replacement, hashes.
//!
//! What must not enter: what is read and why. That is for the callers to know.

pub mod bounded;
pub mod files;
pub mod fsync;
pub mod guarded;
pub mod hash;
pub mod path_normalize;
pub mod paths;
pub mod private_dir;
pub mod read;
pub mod replace;
pub mod tree;
pub mod windows;

pub use cap_std::fs::Dir;
