//! Looking and writing through handles: every name on the way is opened without following links, and what is changed is
//! the very thing that was looked at.

use std::io;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

#[cfg(not(unix))]
#[path = "disk/unsupported.rs"]
mod system;
#[cfg(unix)]
#[path = "disk/unix.rs"]
mod system;

pub(super) use system::{clean_up, list, look, read, replace, set_mode};

/// No config that is edited is larger.
#[cfg_attr(not(unix), allow(dead_code))]
const MAX_BYTES: u64 = 16 << 20;
/// No directory with more entries is worked on.
const MAX_ENTRIES: usize = 20_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    File,
    Directory,
    Link,
    Other,
}

/// What is at a spot, and which thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) sort: Sort,
    /// The lowest twelve bits.
    pub(super) mode: u32,
    pub(super) links: u64,
    pub(super) device: u64,
    pub(super) inode: u64,
}

#[cfg(unix)]
impl Seen {
    fn is_same(&self, other: &Self) -> bool {
        (self.sort, self.device, self.inode) == (other.sort, other.device, other.inode)
    }
}

#[derive(Debug, Error)]
#[cfg_attr(not(unix), allow(dead_code))] // Where nothing is edited, less can go wrong.
pub(super) enum DiskError {
    #[error("it does not exist")]
    Missing,
    #[error("a directory on the way to it is a link")]
    LinkOnTheWay,
    #[error("it is a link")]
    Link,
    #[error("it is not a regular file")]
    NotRegular,
    #[error("it has more than one hard link")]
    HardLinked,
    #[error("it was changed meanwhile")]
    Changed,
    #[error("it is not valid UTF-8, or larger than {MAX_BYTES} bytes")]
    Unfit,
    #[error("it has more than {MAX_ENTRIES} entries")]
    TooMany,
    #[cfg_attr(unix, allow(dead_code))]
    #[error("this is not supported on this system")]
    Unsupported,
    #[error("{}", .0.kind())]
    Failed(#[from] io::Error),
}

/// The hash of a file's bytes, in hexadecimal.
pub(super) fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}
