//! A private copy of the state database.
//!
//! SQLite cannot open a database in WAL mode without writing beside it, so the original is never opened in place. A
//! rollback journal is not copied, on purpose: it can name other files, which SQLite would then touch.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::facts::error::FactError;
use crate::root_names::STATE_ROOT;
use chitin_fs::bounded::{self, BoundedReadError};
use chitin_fs::files::{Roots, io_reason};
use chitin_fs::private_dir::PrivateTempDir;

const DATABASE: &str = "state/openclaw.sqlite";
const WRITE_AHEAD_LOG: &str = "state/openclaw.sqlite-wal";

/// Of the database and its write-ahead log together.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// How often copying is tried while the database is being written to.
const ATTEMPTS: usize = 3;

/// Deleted when it is dropped.
pub(super) struct DatabaseCopy {
    directory: PrivateTempDir,
}

impl DatabaseCopy {
    /// None when there is no state database.
    pub(super) fn of_state_database(roots: &Roots) -> Result<Option<Self>, FactError> {
        for _ in 0..ATTEMPTS {
            let Some(original) = Original::open(roots)? else {
                return Ok(None);
            };
            let copy = original.copy()?;
            if original.is_unchanged(roots)? {
                return Ok(Some(copy));
            }
        }
        Err(unavailable("it changes faster than it can be copied"))
    }

    pub(super) fn path(&self) -> PathBuf {
        self.directory.path().join("copy.sqlite")
    }

    /// SQLite finds the log by the name of the database.
    fn log_path(&self) -> PathBuf {
        self.directory.path().join("copy.sqlite-wal")
    }
}

/// The open files and what they were like before copying.
struct Original {
    database: File,
    log: Option<File>,
    version: Version,
}

/// Changes whenever the database does.
#[derive(PartialEq, Eq)]
struct Version {
    database: FileVersion,
    log: Option<FileVersion>,
}

type FileVersion = (u64, SystemTime);

impl Original {
    fn open(roots: &Roots) -> Result<Option<Self>, FactError> {
        let Some(database) = roots.open(STATE_ROOT, DATABASE)? else {
            return none_if_missing(roots);
        };
        let log = roots.open(STATE_ROOT, WRITE_AHEAD_LOG)?;
        let version = Version::of(&database, log.as_ref())?;
        Ok(Some(Self { database, log, version }))
    }

    fn is_unchanged(&self, roots: &Roots) -> Result<bool, FactError> {
        let has_log = roots.open(STATE_ROOT, WRITE_AHEAD_LOG)?.is_some();
        let version = Version::of(&self.database, self.log.as_ref())?;
        Ok(has_log == self.log.is_some() && version == self.version)
    }

    fn copy(&self) -> Result<DatabaseCopy, FactError> {
        let directory = PrivateTempDir::new().map_err(|error| no_copy(&error))?;
        let copy = DatabaseCopy { directory };
        let left = copy_bounded(&self.database, &copy.path(), MAX_BYTES)?;
        if let Some(log) = &self.log {
            copy_bounded(log, &copy.log_path(), left)?;
        }
        Ok(copy)
    }
}

impl Version {
    fn of(database: &File, log: Option<&File>) -> Result<Self, FactError> {
        let version = |file: &File| -> io::Result<FileVersion> {
            let metadata = file.metadata()?;
            Ok((metadata.len(), metadata.modified()?))
        };
        let of = |file| version(file).map_err(|error| unavailable(&io_reason(&error)));
        Ok(Self { database: of(database)?, log: log.map(of).transpose()? })
    }
}

/// Copies a file and returns what is left of the limit.
fn copy_bounded(from: &File, to: &Path, limit: u64) -> Result<u64, FactError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let mut copy = options.open(to).map_err(|error| no_copy(&error))?;
    match bounded::copy(from, &mut copy, limit) {
        Ok(copied) => Ok(limit - copied),
        Err(BoundedReadError::Failed(error)) => Err(no_copy(&error)),
        Err(_) => Err(unavailable("it is larger than 64 MiB")),
    }
}

/// None when there is no database, as behind a dangling link; an error when something else is in its place.
fn none_if_missing<T>(roots: &Roots) -> Result<Option<T>, FactError> {
    let metadata = roots.stat(STATE_ROOT, DATABASE)?;
    let is_something =
        metadata.is_some_and(|metadata| metadata.link.is_none_or(|link| link.resolved.is_some()));
    if is_something { Err(unavailable("it is not a file")) } else { Ok(None) }
}

fn no_copy(error: &io::Error) -> FactError {
    unavailable(&format!("it could not be copied: {}", io_reason(error)))
}

pub(super) fn unavailable(reason: &str) -> FactError {
    FactError::new(format!("state database `{DATABASE}`: {reason}"))
}
