//! Which format an archive has, and its tree.

use std::path::Path;

use tokio_util::sync::CancellationToken;

use super::error::ArchiveError;
use super::interface::{HEAD, Tree};
use super::tar::TarTree;
use super::zip::ZipTree;
use crate::bounded;
use crate::files::Roots;

/// The formats of archives that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveFormat {
    /// Zip.
    Zip,
    /// Tar, packed with gzip.
    TarGz,
}

impl ArchiveFormat {
    /// By the first bytes of a file; none when it is something else.
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            // The second is an empty archive, which has nothing but its end.
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Self::Zip),
            [0x1f, 0x8b, ..] => Some(Self::TarGz),
            _ => None,
        }
    }
}

/// The archive at a path, by its first bytes; none when it is something else.
pub fn open_archive(
    path: &Path,
    cancel: &CancellationToken,
) -> Result<Option<Box<dyn Tree>>, ArchiveError> {
    let roots = Roots::builder().add("archive", path).build();
    let open = || roots.open("archive", "")?.ok_or(ArchiveError::Missing);
    let head = bounded::head(open()?, HEAD)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let name = stem(&name);
    Ok(match ArchiveFormat::of(&head) {
        Some(ArchiveFormat::Zip) => Some(Box::new(ZipTree::open(open()?, name)?)),
        Some(ArchiveFormat::TarGz) => Some(Box::new(TarTree::open(open()?, name, cancel)?)),
        None => None,
    })
}

/// A file's name without the endings of archives.
fn stem(name: &str) -> &str {
    [".tar.gz", ".tgz", ".zip", ".skill"]
        .into_iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name)
}
