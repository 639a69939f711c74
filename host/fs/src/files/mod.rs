//! Files below named roots, as the host reads them: within limits, never following a link out of a root, never opening
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
use std::io;
use std::path::Path;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

pub use crate::windows::AclEntry;
pub use error::FilesError;
pub use error::io_reason;
pub use metadata::{FileKind, Link, Metadata};

use crate::bounded::{self, BoundedReadError};
use crate::path_normalize::normalize;
pub use path::PathRuleError;
use path::RelativePath;
use root::{Opened, Root, RootError};

/// A listing ends here, in the order of the file system, and says that it is not complete.
const MAX_ENTRIES: usize = 20_000;

/// The roots of a run.
#[derive(Debug, Default)]
pub struct Roots {
    roots: BTreeMap<String, Root>,
    /// Why there are none.
    absent: Option<&'static str>,
}

/// Collects the roots of a run.
#[derive(Debug, Default)]
pub struct RootsBuilder {
    roots: BTreeMap<String, Root>,
}

/// One name in a directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Entry {
    /// With replacement characters where the name is not UTF-8; such an entry cannot be opened by this name.
    pub name: String,
    /// Whether the name is the real one.
    pub is_utf8: bool,
    /// Of the entry itself, also when it is a link.
    pub kind: FileKind,
}

/// What is in a directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Listing {
    /// In the byte order of their names.
    pub entries: Vec<Entry>,
    /// False when a limit cut the list.
    pub complete: bool,
}

/// What reading a file gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Nothing is at the path.
    Missing,
    /// Something other than a regular file is there.
    NotAFile,
    /// It is larger than was asked for.
    TooLarge,
    /// It could not be read, for this reason.
    Unreadable(String),
    /// The whole file.
    Bytes(Vec<u8>),
}

impl RootsBuilder {
    /// Opens the path through its own link, if it is one. It need not exist. A root of the same name is replaced.
    #[must_use]
    pub fn add(mut self, name: impl Into<String>, path: impl AsRef<Path>) -> Self {
        self.roots.insert(name.into(), Root::open(path.as_ref()));
        self
    }

    /// The roots as they are now.
    pub fn build(self) -> Roots {
        Roots { roots: self.roots, absent: None }
    }
}

impl Roots {
    /// No roots yet.
    pub fn builder() -> RootsBuilder {
        RootsBuilder::default()
    }

    /// No roots, for a reason that every question is answered with.
    pub fn absent(reason: &'static str) -> Self {
        Self { roots: BTreeMap::new(), absent: Some(reason) }
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

    /// The metadata of what is at a path. None when nothing is there.
    pub fn stat(&self, root: &str, path: &str) -> Result<Option<Metadata>, FilesError> {
        let (found, relative) = self.find(root, path)?;
        found.metadata(relative).map_err(|error| error_at(root, path, &error))
    }

    /// What is in a directory. None when no directory is at the path.
    pub fn list(&self, root: &str, path: &str) -> Result<Option<Listing>, FilesError> {
        let (found, relative) = self.find(root, path)?;
        let Some(mut found) =
            found.entries(relative).map_err(|error| error_at(root, path, &error))?
        else {
            return Ok(None);
        };
        let failed = |error| error_at(root, path, &RootError::Io(error));
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
            Err(error) => match error.reason() {
                Some(reason) => return Ok(Content::Unreadable(reason)),
                None => return Err(error_at(root, path, &error)),
            },
        };
        Ok(match bounded::read_file(file, max) {
            Ok(bytes) => Content::Bytes(bytes),
            Err(BoundedReadError::NotRegular) => Content::NotAFile,
            Err(BoundedReadError::TooLarge(_)) => Content::TooLarge,
            Err(BoundedReadError::Failed(error)) => Content::Unreadable(io_reason(&error)),
        })
    }

    /// Opens a regular file, for a reader that does not hold it in memory. None when no regular file is at the path.
    pub fn open(&self, root: &str, path: &str) -> Result<Option<File>, FilesError> {
        let (found, relative) = self.find(root, path)?;
        match found.open_file(relative).map_err(|error| error_at(root, path, &error))? {
            Some(Opened::Regular(file)) => Ok(Some(file)),
            Some(Opened::NotAFile) | None => Ok(None),
        }
    }

    /// The same, also through links that lead out of the root. Only for files that the operator or the operator's own
    /// gateway names: anyone else could name any file of this machine.
    pub fn open_anywhere(&self, root: &str, path: &str) -> Result<Option<File>, FilesError> {
        match self.open(root, path) {
            Err(FilesError::Outside { .. }) => {}
            answer => return answer,
        }
        let (found, relative) = self.find(root, path)?;
        match found.open_beyond(relative).map_err(|error| error_at(root, path, &error))? {
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

    /// The path below a root that an absolute path stands for, by the text of both. None when it is elsewhere.
    pub fn relative(&self, root: &str, absolute: &Path) -> Option<String> {
        let root = self.roots.get(root)?;
        let absolute = absolute.is_absolute().then(|| normalize(absolute))?;
        let below = [Some(root.path()), root.real()]
            .into_iter()
            .flatten()
            .find_map(|base| absolute.strip_prefix(base).ok())?;
        let segments: Option<Vec<_>> = below.iter().map(std::ffi::OsStr::to_str).collect();
        Some(segments?.join("/"))
    }

    fn find<'a>(&self, root: &str, path: &'a str) -> Result<(&Root, RelativePath<'a>), FilesError> {
        if let Some(reason) = self.absent {
            return Err(FilesError::Absent(reason));
        }
        let found =
            self.roots.get(root).ok_or_else(|| FilesError::UnknownRoot { name: shown(root) })?;
        let path = RelativePath::parse(path)
            .map_err(|reason| FilesError::InvalidPath { path: shown(path), reason })?;
        Ok((found, path))
    }
}

/// None when the entry has been removed meanwhile.
fn kind_of(entry: &cap_std::fs::DirEntry) -> io::Result<Option<FileKind>> {
    let kind = match FileKind::of(entry.file_type()?) {
        // Some file systems have no kinds in a listing.
        FileKind::Special => entry.metadata().map(|metadata| FileKind::of(metadata.file_type())),
        other => Ok(other),
    };
    match kind {
        Ok(kind) => Ok(Some(kind)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn error_at(root: &str, path: &str, error: &RootError) -> FilesError {
    let place = format!("{root}:{path}");
    match error.reason() {
        Some(reason) => FilesError::Unavailable { place, reason },
        None => FilesError::Outside { place },
    }
}

/// What was asked for, shortened for a message.
fn shown(text: &str) -> String {
    const MOST: usize = 100;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
