//! Files below named roots, as the host reads them: bounded, never following a link out of a root, never opening
//! anything but directories and regular files.
//!
//! A root is a path that the operator named, a directory or a single file. This module knows nothing of what the
//! files mean, of grants or of secrets.

mod error;
mod metadata;
mod path;
mod root;
#[cfg(test)]
#[cfg(unix)]
mod tests;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

pub use error::FilesError;
pub use error::io_reason;
pub use metadata::{AclEntry, Kind, Link, Metadata};

use path::RelativePath;
use root::{Failure, Opened, Root};

/// A listing ends here, in the order of the file system, and says that it is not complete.
const MAX_ENTRIES: usize = 20_000;

/// The roots of a run.
#[derive(Debug, Default)]
pub struct Roots {
    roots: BTreeMap<String, Root>,
}

/// Collects the roots of a run.
#[derive(Debug, Default)]
pub struct RootsBuilder {
    roots: BTreeMap<String, Root>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Entry {
    /// With replacement characters where the name is not UTF-8; such an entry cannot be asked for.
    pub name: String,
    pub is_utf8: bool,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Listing {
    /// In the byte order of their names.
    pub entries: Vec<Entry>,
    /// False when a limit cut the list.
    pub complete: bool,
}

/// What came of reading a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    Missing,
    NotAFile,
    TooLarge,
    Unreadable(String),
    Bytes(Vec<u8>),
}

impl RootsBuilder {
    /// Opens the path through its own link, if it is one. It need not exist. A root of the same name is replaced.
    #[must_use]
    pub fn add(mut self, name: impl Into<String>, path: impl AsRef<Path>) -> Self {
        self.roots.insert(name.into(), Root::open(path.as_ref()));
        self
    }

    pub fn build(self) -> Roots {
        Roots { roots: self.roots }
    }
}

impl Roots {
    pub fn builder() -> RootsBuilder {
        RootsBuilder::default()
    }

    /// Name and path of every root, in name order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Path)> {
        self.roots.iter().map(|(name, root)| (name.as_str(), root.path()))
    }

    /// The full path, for a report.
    pub fn describe(&self, root: &str, path: &str) -> Result<String, FilesError> {
        let (found, path) = self.find(root, path)?;
        Ok(if path.is_root() {
            root::display(found.path())
        } else {
            root::display(&found.path().join(path.as_path()))
        })
    }

    /// None when there is nothing at the path.
    pub fn stat(&self, root: &str, path: &str) -> Result<Option<Metadata>, FilesError> {
        let (found, relative) = self.find(root, path)?;
        found.metadata(relative).map_err(|failure| refuse(root, path, &failure))
    }

    /// None when there is no directory at the path.
    pub fn list(&self, root: &str, path: &str) -> Result<Option<Listing>, FilesError> {
        let (found, relative) = self.find(root, path)?;
        let Some(mut found) =
            found.entries(relative).map_err(|failure| refuse(root, path, &failure))?
        else {
            return Ok(None);
        };
        let failed = |error| refuse(root, path, &Failure::Io(error));
        let mut entries = Vec::new();
        for entry in found.by_ref().take(MAX_ENTRIES) {
            let entry = entry.map_err(failed)?;
            if let Some(kind) = kind_of(&entry).map_err(failed)? {
                entries.push((entry.file_name(), kind));
            }
        }
        entries.sort_unstable_by(|(left, _), (right, _)| {
            left.as_encoded_bytes().cmp(right.as_encoded_bytes())
        });
        let entries = entries
            .into_iter()
            .map(|(name, kind)| Entry {
                is_utf8: name.to_str().is_some(),
                name: name.to_string_lossy().into(),
                kind,
            })
            .collect();
        Ok(Some(Listing { entries, complete: found.next().is_none() }))
    }

    /// The whole file, if it has at most `max` bytes.
    pub fn read(&self, root: &str, path: &str, max: u64) -> Result<Content, FilesError> {
        let (found, relative) = self.find(root, path)?;
        let file = match found.open_file(relative) {
            Ok(Some(Opened::Regular(file))) => file,
            Ok(Some(Opened::NotAFile)) => return Ok(Content::NotAFile),
            Ok(None) => return Ok(Content::Missing),
            Err(failure) => match failure.reason() {
                Some(reason) => return Ok(Content::Unreadable(reason)),
                None => return Err(refuse(root, path, &failure)),
            },
        };
        Ok(read_bounded(file, max).unwrap_or_else(|error| Content::Unreadable(io_reason(&error))))
    }

    /// For a reader that copies instead of holding a file in memory. None when there is no regular file.
    pub fn open(&self, root: &str, path: &str) -> Result<Option<File>, FilesError> {
        let (found, relative) = self.find(root, path)?;
        match found.open_file(relative).map_err(|failure| refuse(root, path, &failure))? {
            Some(Opened::Regular(file)) => Ok(Some(file)),
            Some(Opened::NotAFile) | None => Ok(None),
        }
    }

    /// The same, also through links that lead out of the root. Only for a file that the operator's own gateway, or the
    /// operator, names: whoever else names a file could name any.
    pub fn open_anywhere(&self, root: &str, path: &str) -> Result<Option<File>, FilesError> {
        match self.open(root, path) {
            Err(FilesError::Outside { .. }) => {}
            answer => return answer,
        }
        let (found, relative) = self.find(root, path)?;
        match found.open_beyond(relative).map_err(|failure| refuse(root, path, &failure))? {
            Some(Opened::Regular(file)) => Ok(Some(file)),
            Some(Opened::NotAFile) | None => Ok(None),
        }
    }

    /// The name of what a path leads to through links.
    pub fn real_name(&self, root: &str, path: &str) -> Option<String> {
        let (found, relative) = self.find(root, path).ok()?;
        let real = found.path().join(relative.as_path()).canonicalize().ok()?;
        Some(real.file_name()?.to_string_lossy().into_owned())
    }

    /// The root's path with all links resolved, if it exists.
    pub fn real(&self, root: &str) -> Option<&Path> {
        self.roots.get(root)?.real()
    }

    /// When a file or directory was last changed.
    pub fn modified(&self, root: &str, path: &str) -> Option<SystemTime> {
        let (found, relative) = self.find(root, path).ok()?;
        found.modified(relative)
    }

    /// The path below a root that an absolute path stands for, by the text of both. None when it lies elsewhere.
    pub fn relative(&self, root: &str, absolute: &Path) -> Option<String> {
        let root = self.roots.get(root)?;
        let absolute = without_dots(absolute)?;
        let below = [Some(root.path()), root.real()]
            .into_iter()
            .flatten()
            .find_map(|base| absolute.strip_prefix(base).ok())?;
        let segments: Option<Vec<_>> = below.iter().map(std::ffi::OsStr::to_str).collect();
        Some(segments?.join("/"))
    }

    fn find<'a>(&self, root: &str, path: &'a str) -> Result<(&Root, RelativePath<'a>), FilesError> {
        let found =
            self.roots.get(root).ok_or_else(|| FilesError::UnknownRoot { name: shown(root) })?;
        let path = RelativePath::parse(path)
            .map_err(|reason| FilesError::InvalidPath { path: shown(path), reason })?;
        Ok((found, path))
    }
}

/// None when the entry is gone meanwhile.
fn kind_of(entry: &cap_std::fs::DirEntry) -> io::Result<Option<Kind>> {
    let kind = match Kind::of(entry.file_type()?) {
        // Some file systems do not tell kinds in a listing.
        Kind::Special => entry.metadata().map(|metadata| Kind::of(metadata.file_type())),
        other => Ok(other),
    };
    match kind {
        Ok(kind) => Ok(Some(kind)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn refuse(root: &str, path: &str, failure: &Failure) -> FilesError {
    let place = format!("{root}:{path}");
    match failure.reason() {
        Some(reason) => FilesError::Unavailable { place, reason },
        None => FilesError::Outside { place },
    }
}

/// The whole of an open file, if it has at most `max` bytes.
pub fn read_bounded(file: File, max: u64) -> io::Result<Content> {
    let size = file.metadata()?.len();
    if size > max {
        return Ok(Content::TooLarge);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    // One byte more than allowed tells whether the file has grown since.
    file.take(max.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(if bytes.len() as u64 > max { Content::TooLarge } else { Content::Bytes(bytes) })
}

/// The path with `.` and `..` worked out as text. None when it is not absolute.
fn without_dots(path: &Path) -> Option<PathBuf> {
    if !path.is_absolute() {
        return None;
    }
    let mut result = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            other => result.push(other),
        }
    }
    Some(result)
}

/// What was asked for, as much of it as belongs into a message.
fn shown(text: &str) -> String {
    const MOST: usize = 100;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
