//! What is known about a file without opening it.

use std::path::Path;

use cap_std::fs;
use serde::{Deserialize, Serialize};

use crate::windows::{self, AclEntry};

/// What something in a directory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symlink, whatever it leads to.
    Symlink,
    /// A fifo, socket or device.
    Special,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Link {
    /// As stored in the link.
    pub target: String,
    /// The real path, if everything on the way exists.
    pub resolved: Option<String>,
    /// Whether the real path is below the root's real path.
    pub inside: bool,
    /// Of what the link leads to; none for a dangling link.
    pub target_kind: Option<FileKind>,
    /// Its lowest twelve POSIX permission bits.
    pub target_mode: Option<u32>,
}

/// What is known of a file or directory; of a link, what is known of the link itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Metadata {
    /// What it is.
    pub kind: FileKind,
    /// The lowest twelve POSIX permission bits.
    pub mode: Option<u32>,
    /// The owner, on POSIX systems.
    pub uid: Option<u32>,
    /// The group, on POSIX systems.
    pub gid: Option<u32>,
    /// In bytes.
    pub size: u64,
    /// How many names it has; 1 where that is not known.
    pub hard_links: u64,
    /// Where it leads, if it is a link.
    pub link: Option<Link>,
    /// None where access lists are not used or could not be read.
    pub acl: Option<Vec<AclEntry>>,
}

impl Metadata {
    pub(super) fn new(path: &Path, metadata: &fs::Metadata, link: Option<Link>) -> Self {
        let posix = Posix::of(metadata);
        Self {
            kind: FileKind::of(metadata.file_type()),
            mode: posix.mode,
            uid: posix.uid,
            gid: posix.gid,
            size: metadata.len(),
            hard_links: posix.hard_links,
            link,
            acl: windows::access_list(path),
        }
    }
}

impl FileKind {
    pub(super) fn of(file_type: fs::FileType) -> Self {
        if file_type.is_symlink() {
            Self::Symlink
        } else if file_type.is_dir() {
            Self::Directory
        } else if file_type.is_file() {
            Self::File
        } else {
            Self::Special
        }
    }
}

/// What only POSIX systems have, or say without opening the file.
pub(super) struct Posix {
    pub(super) mode: Option<u32>,
    uid: Option<u32>,
    gid: Option<u32>,
    hard_links: u64,
}

impl Posix {
    #[cfg(unix)]
    pub(super) fn of(metadata: &fs::Metadata) -> Self {
        use cap_std::fs::MetadataExt;
        Self {
            mode: Some(metadata.mode() & 0o7777),
            uid: Some(metadata.uid()),
            gid: Some(metadata.gid()),
            hard_links: metadata.nlink(),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn of(_metadata: &fs::Metadata) -> Self {
        Self { mode: None, uid: None, gid: None, hard_links: 1 }
    }
}
