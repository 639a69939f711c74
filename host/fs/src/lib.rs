//! Safe ways to the disk, once for all of chitin: handles of directories instead of paths, reads with a bound, metadata
//! without following links, archives as trees, private directories, replacing a file as a whole.
//!
//! What must not enter: what is read and why. Callers decide that.

pub mod files;
pub mod fsync;
pub mod guarded;
pub mod path_normalize;
pub mod paths;
pub mod private_dir;
pub mod read;
pub mod tree;
pub mod windows;
