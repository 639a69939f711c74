//! What can go wrong with a tree of files. None of the texts names the file: the caller knows which one it was.

use thiserror::Error;

use crate::bounded::BoundedReadError;
use crate::files::{FilesError, io_reason};

/// Bytes that the names of an archive may have together.
pub(super) const MAX_NAMES: usize = 16 << 20;

/// Entries that an archive may have.
pub(super) const MAX_ENTRIES: usize = 100_000;

/// Bytes that may come out of an archive.
pub(super) const MAX_UNPACKED: u64 = 2 << 30;

/// How many times larger than its packed form an archive, or a file in it, may be.
pub(super) const MAX_RATIO: u64 = 200;

/// Why a file or directory of a tree cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TreeError {
    /// The system's reason.
    #[error("{0}")]
    Unavailable(String),
    #[error("it leads out through a link")]
    Outside,
    #[error("it changed while it was scanned")]
    Changed,
    #[error("it is not in the archive")]
    NotInArchive,
    #[error("the archive has two names for it")]
    TwoNames,
    #[error("it is packed in a way that chitin does not read")]
    Method,
    #[error("it cannot be unpacked: it is larger than the archive says")]
    LargerThanStated,
    #[error("it cannot be unpacked: {0}")]
    Damaged(String),
    #[error("the archive ends in it")]
    CutShort,
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

impl From<FilesError> for TreeError {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::Unavailable { reason, .. } => Self::Unavailable(reason),
            FilesError::Outside { .. } => Self::Outside,
            other => Self::Unavailable(other.to_string()),
        }
    }
}

impl From<std::io::Error> for TreeError {
    fn from(error: std::io::Error) -> Self {
        Self::Unavailable(io_reason(&error))
    }
}

impl From<BoundedReadError> for TreeError {
    fn from(error: BoundedReadError) -> Self {
        match error {
            // It was a regular file of a known size when it was found.
            BoundedReadError::NotRegular | BoundedReadError::TooLarge(_) => Self::Changed,
            BoundedReadError::Failed(error) => error.into(),
        }
    }
}

/// Why an archive cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ArchiveError {
    /// The system's reason.
    #[error("{0}")]
    Unreadable(String),
    #[error("there is no such file")]
    Missing,
    #[error("the archive is malformed: {0}")]
    Malformed(String),
    #[error("the archive is malformed: {0}")]
    Limit(#[from] UnpackLimitError),
    #[error(
        "the archive has more than {MAX_ENTRIES} entries, or names of more than {MAX_NAMES} bytes"
    )]
    TooMany,
    #[error("entries of the archive overlap, as in a decompression bomb")]
    Overlap,
}

impl From<FilesError> for ArchiveError {
    fn from(error: FilesError) -> Self {
        Self::Unreadable(match error {
            FilesError::Unavailable { reason, .. } => reason,
            other => other.to_string(),
        })
    }
}

impl From<std::io::Error> for ArchiveError {
    fn from(error: std::io::Error) -> Self {
        // An error of our own, or of a decoder, has a text; one of the system has a kind.
        match error.get_ref() {
            Some(inner) => match inner.downcast_ref::<UnpackLimitError>() {
                Some(limit) => Self::Limit(*limit),
                None => Self::Malformed(inner.to_string()),
            },
            None => Self::Malformed(io_reason(&error)),
        }
    }
}

impl From<rawzip::Error> for ArchiveError {
    fn from(error: rawzip::Error) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// Why unpacking was stopped. It travels inside of an [`std::io::Error`], through the decoders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UnpackLimitError {
    #[error("interrupted")]
    Interrupted,
    #[error("a header of the archive is too large")]
    Header,
    /// Holds the limit, in bytes.
    #[error("the archive unpacks to more than {} MiB", .0 >> 20)]
    Size(u64),
    #[error("the archive unpacks to more than {MAX_RATIO} times its size")]
    Ratio,
}

impl From<UnpackLimitError> for std::io::Error {
    fn from(error: UnpackLimitError) -> Self {
        Self::other(error)
    }
}

/// What is wrong with one entry of an archive, or with its end.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EntryError {
    #[error("its name is not UTF-8")]
    NotUtf8,
    #[error("its name is longer than 4096 bytes")]
    LongName,
    #[error("its name contains a NUL byte")]
    Nul,
    #[error("its name contains a backslash")]
    Backslash,
    #[error("its name is absolute and leads out of the archive")]
    Absolute,
    #[error("its name begins with a drive and leads out of the archive")]
    Drive,
    #[error("its name contains `..` and leads out of the archive")]
    ParentDirectory,
    #[error("its name is deeper than 64 segments")]
    TooDeep,
    #[error("it has no name")]
    NoName,
    #[error("it is inside something that is not a directory")]
    NotInDirectory,
    #[error("the archive has more than one entry of this name")]
    Duplicate,
    #[error("it is encrypted")]
    Encrypted,
    #[error("it unpacks to more than {MAX_RATIO} times its packed size")]
    Ratio,
    #[error("the archive cannot be read to its end: {0}")]
    ArchiveCutShort(String),
}
