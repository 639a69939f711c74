//! A private directory of this user, in which chitin keeps something of its own: never readable or writable by others,
//! and never in what is audited. What a directory is for is decided by its users.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata};
use thiserror::Error;

use crate::fsync;

/// The permission bits of group and others.
#[cfg(unix)]
const OTHERS: u32 = 0o077;

/// Why a private directory is not used.
#[derive(Debug, Error)]
pub enum PrivateDirError {
    #[error("it would be inside the audited directory {}", .0.display())]
    Inside(PathBuf),
    #[error("the directory {} may be read or written by others", .0.display())]
    Exposed(PathBuf),
    #[error("{} cannot be used: {}", .path.display(), .error.kind())]
    Failed { path: PathBuf, error: io::Error },
}

/// The directory of this user that holds the private ones of all programs.
#[derive(Debug, Clone, Copy)]
pub struct BaseDir {
    /// The environment variable that names it.
    pub variable: &'static str,
    /// Where it is otherwise, below the home directory.
    pub below_home: &'static str,
}

/// For what must outlast a reboot.
pub const STATE: BaseDir = BaseDir { variable: "XDG_STATE_HOME", below_home: ".local/state" };
/// For what can be made again.
pub const CACHE: BaseDir = BaseDir { variable: "XDG_CACHE_HOME", below_home: ".cache" };

/// The path of a private directory, which need not exist yet.
#[derive(Debug, Clone)]
pub struct PrivateDir {
    path: PathBuf,
}

impl PrivateDir {
    /// `chitin/NAME` in a base directory of this user. None without a home directory.
    pub fn of_user(
        base: BaseDir,
        name: &str,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Option<Self> {
        let absolute =
            |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let found = absolute(base.variable)
            .or_else(|| if cfg!(windows) { absolute("LOCALAPPDATA") } else { None })
            .or_else(|| {
                Some(absolute("HOME").or_else(std::env::home_dir)?.join(base.below_home))
            })?;
        Some(Self { path: found.join("chitin").join(name) })
    }

    /// At a path that the operator named.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// An error about something in this directory.
    pub fn failed(&self, error: impl Into<io::Error>) -> PrivateDirError {
        PrivateDirError::Failed { path: self.path.clone(), error: error.into() }
    }

    /// Opens it, if it exists and is private.
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

    /// Opens it, and makes it first if it does not exist; not if it would be inside a directory that is audited.
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
        // A file that is on the disk is lost all the same if its directory is not.
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

/// Whether something belongs to this user, and no one else may read or write it.
#[cfg(unix)]
pub fn is_private(found: &Metadata) -> bool {
    use cap_std::fs::MetadataExt as _;
    found.uid() == rustix::process::geteuid().as_raw() && found.mode() & OTHERS == 0
}

/// These directories are below the user's own, which no one else may read.
#[cfg(not(unix))]
pub fn is_private(_: &Metadata) -> bool {
    true
}

/// Removes the files of a directory that were last changed before a time. What cannot be removed stays.
pub fn remove_older(directory: &Dir, oldest: SystemTime) {
    for entry in directory.entries().into_iter().flatten().filter_map(Result::ok) {
        let time = entry.metadata().and_then(|found| found.modified());
        if time.is_ok_and(|time| time.into_std() < oldest) {
            let _stays = directory.remove_file(entry.file_name());
        }
    }
}

/// A new directory among the temporary files that only its owner can enter. It is deleted when it is dropped.
#[derive(Debug)]
pub struct PrivateTempDir(tempfile::TempDir);

impl PrivateTempDir {
    /// Makes one.
    pub fn new() -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("chitin-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        builder.tempdir().map(Self)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}
