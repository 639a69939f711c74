//! One root: a path that the operator named, and what is below it.
//!
//! This is all the ambient authority that roots have: opening the path itself (through its own link, if it is one), and
//! asking for the real path and the metadata of what a link leads to. Content below the root is reached only through
//! the handle of the open directory, with links kept inside by `cap-std`.

use std::fs::{self as ambient, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;

use cap_std::fs::{Dir, Metadata as RawMetadata, ReadDir};

use super::error::io_reason;
use super::metadata::{FileKind, Link, Metadata, Posix};
use super::path::RelativePath;
use crate::bounded;

#[derive(Debug)]
pub(super) struct Root {
    path: PathBuf,
    state: RootState,
    real: OnceLock<Option<PathBuf>>,
}

/// What was at the path when the root was added.
#[derive(Debug)]
enum RootState {
    Directory(Dir),
    /// Something other than a directory.
    File,
    Absent,
    /// It could not be opened, for this reason.
    Closed(String),
}

/// Why an operation below a root failed.
pub(super) enum RootError {
    Outside,
    Io(io::Error),
    Closed(String),
}

impl RootError {
    /// None for `Outside`, which says nothing of the file itself.
    pub(super) fn reason(&self) -> Option<String> {
        match self {
            Self::Outside => None,
            Self::Io(error) => Some(io_reason(error)),
            Self::Closed(reason) => Some(reason.clone()),
        }
    }
}

/// None when nothing of the wanted kind is at the path.
pub(super) type Outcome<T> = Result<Option<T>, RootError>;

/// What is at a path that should be a regular file.
pub(super) enum Opened {
    Regular(File),
    NotAFile,
}

impl Root {
    pub(super) fn open(path: &Path) -> Self {
        // Only the text is made absolute. Links in it are left alone.
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let state = match Dir::open_ambient_dir(&path, cap_std::ambient_authority()) {
            Ok(dir) => RootState::Directory(dir),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => RootState::File,
            Err(error) if error.kind() == io::ErrorKind::NotFound => RootState::Absent,
            Err(error) => RootState::Closed(io_reason(&error)),
        };
        Self { path, state, real: OnceLock::new() }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The path with all links resolved, if it exists.
    pub(super) fn real(&self) -> Option<&Path> {
        self.real.get_or_init(|| ambient::canonicalize(&self.path).ok()).as_deref()
    }

    /// Of the thing itself, also when it is a link.
    pub(super) fn metadata(&self, path: RelativePath<'_>) -> Outcome<Metadata> {
        if path.is_root() {
            return some_if_present(self.root_metadata());
        }
        self.below(path, Last::Itself, |dir, path| {
            let metadata = dir.symlink_metadata(path)?;
            let link = metadata.is_symlink().then(|| dir.read_link_contents(path)).transpose()?;
            Ok((metadata, link))
        })
        .map(|found| {
            found.map(|(metadata, target)| {
                let full = self.path.join(path.as_path());
                let link = target.map(|target| self.link(&target, &full));
                Metadata::new(&full, &metadata, link)
            })
        })
    }

    fn root_metadata(&self) -> io::Result<Metadata> {
        let metadata = RawMetadata::from_just_metadata(ambient::symlink_metadata(&self.path)?);
        let target = metadata.is_symlink().then(|| ambient::read_link(&self.path)).transpose()?;
        let link = target.map(|target| self.link(&target, &self.path));
        Ok(Metadata::new(&self.path, &metadata, link))
    }

    fn link(&self, target: &Path, path: &Path) -> Link {
        let resolved = ambient::canonicalize(path).ok();
        let inside = resolved
            .as_deref()
            .zip(self.real())
            .is_some_and(|(resolved, real)| resolved.starts_with(real));
        let metadata = resolved
            .as_ref()
            .and_then(|resolved| ambient::symlink_metadata(resolved).ok())
            .map(RawMetadata::from_just_metadata);
        Link {
            target: display(target),
            resolved: resolved.as_deref().map(display),
            inside,
            target_kind: metadata.as_ref().map(|metadata| FileKind::of(metadata.file_type())),
            target_mode: metadata.as_ref().and_then(|metadata| Posix::of(metadata).mode),
        }
    }

    /// None when there is no directory at the path.
    pub(super) fn entries(&self, path: RelativePath<'_>) -> Outcome<ReadDir> {
        self.below(path, Last::Target, |dir, path| dir.read_dir(path))
    }

    /// When what is at the path, or what it leads to, was last changed.
    pub(super) fn modified(&self, path: RelativePath<'_>) -> Option<SystemTime> {
        let time =
            self.below(path, Last::Target, |dir, path| dir.metadata(path)?.modified()).ok()??;
        Some(time.into_std())
    }

    /// Opens a regular file for reading. Nothing else is ever opened: a fifo could block, a device could act.
    pub(super) fn open_file(&self, path: RelativePath<'_>) -> Outcome<Opened> {
        if path.is_root() {
            return match self.state {
                RootState::Directory(_) => Ok(Some(Opened::NotAFile)),
                _ => some_if_present(open_regular(&self.path)),
            };
        }
        self.below(path, Last::Target, |dir, path| {
            if !dir.metadata(path)?.is_file() {
                return Ok(Opened::NotAFile);
            }
            // It may have become a pipe since it was looked at.
            if_regular(bounded::open_below(dir, path)?)
        })
    }

    /// Opens the regular file that a path leads to, wherever that is.
    pub(super) fn open_beyond(&self, path: RelativePath<'_>) -> Outcome<Opened> {
        let Some(real) = some_if_present(ambient::canonicalize(self.path.join(path.as_path())))?
        else {
            return Ok(None);
        };
        some_if_present(open_regular(&real))
    }

    /// Runs an operation beneath the directory of this root.
    ///
    /// `cap-std` refuses a link with an absolute target even where that is inside. Such a path is resolved here and then
    /// used beneath the same directory, so a wrong answer cannot lead out either.
    fn below<T>(
        &self,
        path: RelativePath<'_>,
        last: Last,
        run: impl Fn(&Dir, &Path) -> io::Result<T>,
    ) -> Outcome<T> {
        let dir = match &self.state {
            RootState::Directory(dir) => dir,
            RootState::File | RootState::Absent => return Ok(None),
            RootState::Closed(reason) => return Err(RootError::Closed(reason.clone())),
        };
        match run(dir, or_dot(path.as_path())) {
            Err(error) if is_escape(&error) => match self.resolve(path.as_path(), last)? {
                Some(real) => some_if_present(run(dir, or_dot(&real))),
                None => Ok(None),
            },
            result => some_if_present(result),
        }
    }

    /// The path, free of links but for its last segment as `last` says, relative to this root.
    fn resolve(&self, path: &Path, last: Last) -> Outcome<PathBuf> {
        let (follow, name) = match last {
            Last::Target => (path, None),
            Last::Itself => (path.parent().unwrap_or(Path::new("")), path.file_name()),
        };
        let Some(real) = some_if_present(ambient::canonicalize(self.path.join(follow)))? else {
            return Ok(None);
        };
        let below =
            self.real().and_then(|root| real.strip_prefix(root).ok()).ok_or(RootError::Outside)?;
        Ok(Some(name.map_or_else(|| below.to_path_buf(), |name| below.join(name))))
    }
}

/// What the last segment of a path stands for when it is a link.
#[derive(Clone, Copy)]
enum Last {
    Itself,
    Target,
}

fn open_regular(path: &Path) -> io::Result<Opened> {
    if !ambient::metadata(path)?.is_file() {
        return Ok(Opened::NotAFile);
    }
    if_regular(bounded::open(path)?)
}

fn if_regular(file: File) -> io::Result<Opened> {
    Ok(if file.metadata()?.is_file() { Opened::Regular(file) } else { Opened::NotAFile })
}

fn or_dot(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

/// `cap-std` reports an escape as a refusal that did not come from the system.
fn is_escape(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied && error.raw_os_error().is_none()
}

fn some_if_present<T>(result: io::Result<T>) -> Outcome<T> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_escape(&error) => Err(RootError::Outside),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(None),
            _ => Err(RootError::Io(error)),
        },
    }
}

pub(super) fn display(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
