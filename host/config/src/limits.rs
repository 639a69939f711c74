//! How much of a config is read. What is beyond a limit is reported as a problem, never passed over.

use thiserror::Error;

/// Limits on the config and what it includes. Those on includes are OpenClaw's own, but for the number of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigLimits {
    /// Bytes of the main file.
    pub main_bytes: u64,
    /// Bytes of an included file.
    pub include_bytes: u64,
    /// How many files deep `$include` may nest.
    pub include_depth: usize,
    /// How often `$include` may read a file, in total.
    pub include_files: usize,
    /// Levels of lists and objects, in a file and in the merged tree.
    pub nesting: usize,
    /// Keys and values, all files together.
    pub values: usize,
    /// Bytes of the strings in the tree and of the pointers to them, and again of what substitution makes of strings.
    pub derived_bytes: usize,
}

impl Default for ConfigLimits {
    fn default() -> Self {
        Self {
            main_bytes: 16 << 20,
            include_bytes: 2 << 20,
            include_depth: 10,
            include_files: 256,
            nesting: 512,
            values: 1_000_000,
            derived_bytes: 64 << 20,
        }
    }
}

/// A config that is too large as a whole, although each of its parts is within the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ConfigSizeError {
    #[error("the config and what it includes hold too many keys and values to be audited")]
    Values,
    #[error("the config grows too large to be audited when its includes and variables are put in")]
    Derived,
}
