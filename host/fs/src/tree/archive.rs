//! Which kind of archive a file is.

use std::io::Read as _;
use std::path::Path;

use thiserror::Error;

use super::tar::TarTree;
use super::zip::ZipTree;
use super::{HEAD, Tree};
use crate::files::{FilesError, Roots, io_reason};
use tokio_util::sync::CancellationToken;

/// More entries than this are nobody's.
pub(super) const MAX_ENTRIES: usize = 100_000;

/// Bytes that all names of an archive may come to.
pub(super) const MAX_NAMES: usize = 16 << 20;

/// Why an archive cannot be read at all.
#[derive(Debug, Error)]
pub enum Unpackable {
    #[error("{0}")]
    Unreadable(String),
    #[error("the archive is malformed: {0}")]
    Malformed(String),
    #[error(
        "the archive has more than {MAX_ENTRIES} entries, or names of more than {MAX_NAMES} bytes"
    )]
    TooMany,
    #[error("entries of the archive overlap, as in a decompression bomb")]
    Overlap,
}

impl From<FilesError> for Unpackable {
    fn from(error: FilesError) -> Self {
        Self::Unreadable(match error {
            FilesError::Unavailable { reason, .. } => reason,
            other => other.to_string(),
        })
    }
}

impl From<std::io::Error> for Unpackable {
    fn from(error: std::io::Error) -> Self {
        // A reason of our own, or of a decoder, has a text; one of the system has a kind.
        Self::Malformed(match error.get_ref() {
            Some(inner) => inner.to_string(),
            None => io_reason(&error),
        })
    }
}

/// The archive at a path, by its first bytes; none when it is something else.
pub fn open_archive(
    path: &Path,
    cancel: &CancellationToken,
) -> Result<Option<Box<dyn Tree>>, Unpackable> {
    let roots = Roots::builder().add("archive", path).build();
    let open = || {
        let file = roots.open("archive", "")?;
        file.ok_or_else(|| Unpackable::Unreadable("there is no such file".to_owned()))
    };
    let mut head = Vec::with_capacity(HEAD);
    open()?.take(HEAD as u64).read_to_end(&mut head)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let name = stem(&name);
    Ok(match head.as_slice() {
        // With the empty archive, which has its end only.
        [b'P', b'K', 3, 4] | [b'P', b'K', 5, 6] => Some(Box::new(ZipTree::open(open()?, name)?)),
        [0x1f, 0x8b, ..] => Some(Box::new(TarTree::open(open()?, name, cancel)?)),
        _ => None,
    })
}

/// A file's name without the endings of archives.
fn stem(name: &str) -> &str {
    [".tar.gz", ".tgz", ".zip", ".skill"]
        .into_iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name)
}

/// The name of what an archive holds: that of its only directory, if that says something.
pub(super) fn own_name(top: Option<&str>, file: &str) -> String {
    // npm calls the directory so in every package.
    top.filter(|top| *top != "package").unwrap_or(file).to_owned()
}
