//! A private directory of this user, in which chitin keeps something of its own: never readable or writable by others,
//! and never in what is audited. What lies in it is its owner's business.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata};
use thiserror::Error;

use crate::fsync;

/// What group and others may do.
#[cfg(unix)]
const OTHERS: u32 = 0o077;

#[derive(Debug, Error)]
pub enum PrivateDirError {
    #[error("it would lie in the audited directory {}", .0.display())]
    Inside(PathBuf),
    #[error("the directory {} may be read or written by others", .0.display())]
    Exposed(PathBuf),
    #[error("{} cannot be used: {}", .path.display(), .error.kind())]
    Failed { path: PathBuf, error: io::Error },
}

/// Where such a directory is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// The variable that says where everything of this kind lies.
    pub variable: &'static str,
    /// Where it lies otherwise, below the home directory.
    pub below_home: &'static str,
}

pub const STATE: Kind = Kind { variable: "XDG_STATE_HOME", below_home: ".local/state" };
pub const CACHE: Kind = Kind { variable: "XDG_CACHE_HOME", below_home: ".cache" };

#[derive(Debug, Clone)]
pub struct PrivateDir {
    path: PathBuf,
}

impl PrivateDir {
    /// `chitin/NAME` among this user's directories of a kind; none without a home directory.
    pub fn of_user(
        kind: Kind,
        name: &str,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Option<Self> {
        let absolute =
            |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let base = absolute(kind.variable)
            .or_else(|| if cfg!(windows) { absolute("LOCALAPPDATA") } else { None })
            .or_else(|| {
                Some(absolute("HOME").or_else(std::env::home_dir)?.join(kind.below_home))
            })?;
        Some(Self { path: base.join("chitin").join(name) })
    }

    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    pub fn failed(&self, error: impl Into<io::Error>) -> PrivateDirError {
        PrivateDirError::Failed { path: self.path.clone(), error: error.into() }
    }

    /// Opens it, if it is there and private.
    pub fn open(&self) -> Result<Dir, PrivateDirError> {
        let dir = Dir::open_ambient_dir(&self.path, ambient_authority())
            .map_err(|error| self.failed(error))?;
        self.check_private(&dir)?;
        Ok(dir)
    }

    fn check_private(&self, dir: &Dir) -> Result<(), PrivateDirError> {
        let found = dir.dir_metadata().map_err(|error| self.failed(error))?;
        if is_private(&found) { Ok(()) } else { Err(PrivateDirError::Exposed(self.path.clone())) }
    }

    /// Makes it if need be, unless it would lie in a directory that is audited.
    pub fn create(&self, audited: &[&Path]) -> Result<Dir, PrivateDirError> {
        let existing = self.path.ancestors().find_map(|path| path.canonicalize().ok());
        for directory in audited {
            let real = directory.canonicalize().unwrap_or_else(|_| directory.to_path_buf());
            let inside = existing.as_ref().is_some_and(|existing| existing.starts_with(&real));
            if inside || self.path.starts_with(directory) {
                return Err(PrivateDirError::Inside(directory.to_path_buf()));
            }
        }
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        // What is written is of no use when the directory that it lies in is not on the disk yet.
        let parents = self.path.ancestors().skip(1);
        let missing = self.path.ancestors().take_while(|path| path.symlink_metadata().is_err());
        let changed: Vec<&Path> = parents.zip(missing).map(|(parent, _)| parent).collect();
        builder.create(&self.path).map_err(|error| self.failed(error))?;
        for parent in changed {
            Dir::open_ambient_dir(parent, ambient_authority())
                .and_then(fsync::sync)
                .map_err(|error| self.failed(error))?;
        }
        self.open()
    }
}

/// Whether something is this user's, and nobody else may read or write it.
#[cfg(unix)]
pub fn is_private(found: &Metadata) -> bool {
    use cap_std::fs::MetadataExt as _;
    found.uid() == rustix::process::geteuid().as_raw() && found.mode() & OTHERS == 0
}

/// These directories are below the user's own, which nobody else may read.
#[cfg(not(unix))]
pub fn is_private(_: &Metadata) -> bool {
    true
}
