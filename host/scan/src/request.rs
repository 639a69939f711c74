//! What a scan of one tree is asked for, and what it gives.

use std::time::Instant;

use chitin_fs::tree::LinkPolicy;
use chitin_view::{CodeScan, FileNote};

/// The file of a note about the whole tree.
pub const WHOLE_TREE: &str = ".";

/// A file that is read wherever it is below the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NamedFile {
    pub path: String,
    pub links: LinkPolicy,
}

/// Which files are scanned beside those that are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Search {
    #[default]
    Everywhere,
    /// Nothing but the named files, as OpenClaw does when it installs something.
    NamedOnly,
}

/// Whether test files are scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TestFiles {
    #[default]
    Scanned,
    LeftOut,
}

/// What one scan may use up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quota {
    pub files: u64,
    pub bytes: u64,
    /// Bytes of one file.
    pub file: u64,
    pub deadline: Instant,
}

/// One scan.
pub(super) struct Request<'r> {
    pub named: Vec<NamedFile>,
    pub search: Search,
    pub tests: TestFiles,
    pub quota: Quota,
    /// Whether the text file at a path below the tree is there to hold secrets.
    pub holds_secrets: &'r dyn Fn(&str) -> bool,
}

/// What came of a scan.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    pub scan: CodeScan,
    /// Directories and files that the operating system did not let us read.
    pub unreadable: Vec<FileNote>,
    /// A limit was reached, or the scan was cancelled, before everything was read.
    pub truncated: bool,
    pub files: u64,
    pub bytes: u64,
}
