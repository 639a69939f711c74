//! The interface of a tree, which everything that holds files has in common.

use std::ops::ControlFlow;

use super::error::{EntryError, TreeError};
use crate::files::Listing;

/// What is known of a regular file before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// In bytes.
    pub size: u64,
    /// Whether anyone may run it.
    pub executable: bool,
}

/// What is at a path that someone gave.
#[derive(Debug, PartialEq, Eq)]
pub enum Lookup {
    /// A regular file in the tree.
    File(Stat),
    /// A regular file outside of the tree, with its own name.
    Outside(Stat, String),
    /// Nothing, or nothing that is a regular file.
    Missing,
    /// A file that may not be read, with the reason.
    Refused(TreeError),
}

/// A file that is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Relative to the tree.
    pub path: String,
    /// Its size in bytes when it was found; no more than this is read.
    pub size: u64,
    /// How far links may lead to it.
    pub links: LinkPolicy,
}

/// How far links may lead to a file that is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPolicy {
    /// Only below the root.
    StayInside,
    /// Anywhere, as in OpenClaw.
    FollowAnywhere,
}

/// A file or directory that was found, with what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// As the archive writes it; empty for the archive itself.
    pub path: String,
    /// What is wrong.
    pub error: EntryError,
}

/// Takes the bytes of the nth wanted file, or why they cannot be read. It breaks when no more files are needed.
pub type Visitor<'v> = dyn FnMut(usize, Result<Vec<u8>, TreeError>) -> ControlFlow<()> + 'v;

/// How many bytes at the beginning of a file show what it is.
pub const HEAD: usize = 4;

/// Files in directories. Paths are relative to the tree, separated by `/`; the empty one is the tree itself.
pub trait Tree: Send + Sync {
    /// The tree's own name.
    fn name(&self) -> &str;

    /// A path as it is shown in reports.
    fn shown(&self, path: &str) -> String {
        path.to_owned()
    }

    /// What is in a directory; nothing when it does not exist.
    fn list(&self, directory: &str) -> Result<Listing, TreeError>;

    /// Of a regular file that a listing has shown. None when it is gone or is something else now.
    fn stat(&self, path: &str) -> Result<Option<Stat>, TreeError>;

    /// Of a file that someone named, through links.
    fn lookup(&self, path: &str, links: LinkPolicy) -> Result<Lookup, TreeError>;

    /// Whether a link may lead to a directory, which would be full of files that are not looked at. Where a link of an
    /// archive leads cannot be known.
    fn may_be_directory(&self, _link: &str) -> bool {
        true
    }

    /// The path below the tree that an absolute path stands for.
    fn relative(&self, _absolute: &str) -> Option<String> {
        None
    }

    /// The first [`HEAD`] bytes of a file, or as many as there are.
    fn head(&self, path: &str) -> Result<Vec<u8>, TreeError>;

    /// A whole small file. None when it does not exist, is not a regular file or is larger than `max` bytes.
    fn small(&self, path: &str, max: u64) -> Option<Vec<u8>>;

    /// What is wrong with the tree as a whole, or with entries that no listing shows.
    fn issues(&self) -> &[Issue] {
        &[]
    }

    /// Gives the wanted files to the visitor one after the other, each once, in whatever order is best.
    fn read(&self, wanted: &[Wanted], visitor: &mut Visitor<'_>);
}
