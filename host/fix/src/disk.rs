//! Files are read and changed through handles: every name on the path is opened without following symlinks, and a change
//! is made to the very file that was checked.

use std::io;

use thiserror::Error;

#[cfg(not(unix))]
#[path = "disk/unsupported.rs"]
mod system;
#[cfg(unix)]
#[path = "disk/unix.rs"]
mod system;

pub(super) use system::{clean_up, list, read, replace, set_mode, stat};

/// A larger config is not edited.
#[cfg_attr(not(unix), allow(dead_code))]
const MAX_BYTES: u64 = 16 << 20;
/// A directory with more entries is left alone.
const MAX_ENTRIES: usize = 20_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileType {
    File,
    Directory,
    Symlink,
    Other,
}

/// What is at a path, not following a symlink there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileStat {
    pub(super) file_type: FileType,
    /// The lowest twelve bits.
    pub(super) mode: u32,
    pub(super) links: u64,
    pub(super) device: u64,
    pub(super) inode: u64,
}

#[cfg(unix)]
impl FileStat {
    fn is_same_file(&self, other: &Self) -> bool {
        (self.file_type, self.device, self.inode) == (other.file_type, other.device, other.inode)
    }
}

#[derive(Debug, Error)]
#[cfg_attr(not(unix), allow(dead_code))] // Files are not edited there.
pub(super) enum FileError {
    #[error("it does not exist")]
    Missing,
    #[error("a directory on the path to it is a symlink")]
    SymlinkInPath,
    #[error("it is a symlink")]
    Symlink,
    #[error("it is not a regular file")]
    NotRegular,
    #[error("it has more than one hard link")]
    HardLinked,
    #[error("it was changed in the meantime")]
    Changed,
    #[error("it is not valid UTF-8, or larger than {MAX_BYTES} bytes")]
    NotText,
    #[error("it has more than {MAX_ENTRIES} entries")]
    TooManyEntries,
    #[cfg_attr(unix, allow(dead_code))]
    #[error("this is not supported on this system")]
    Unsupported,
    #[error("{}", .0.kind())]
    Failed(#[from] io::Error),
}
