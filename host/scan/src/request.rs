//! What a scan of one tree is asked for, and what it gives.

use std::time::Instant;

use chitin_fs::tree::LinkPolicy;
use chitin_view::{CodeScan, FileNote};
use glob::Pattern;

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

/// What becomes of what OpenClaw skips: hidden entries, `node_modules`, languages that no rule reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Skipped {
    /// They were not scanned, so the scan is not complete.
    NotScanned,
    /// They are noted, since OpenClaw does the same.
    Noted,
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
    pub skipped: Skipped,
    /// Patterns of paths or names that the operator does not want to be scanned.
    pub exclude: &'r [Pattern],
    /// What is known from the start not to be scanned: a path with its reason.
    pub left_out: Vec<(String, String)>,
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
