//! Files of chitin's own, and files that the operator names: read within a limit, replaced as a whole. Nothing that is
//! audited is read or written here.
//!
//! A file that decides about trust is read only if no one but its owner and root could have written it, nor any
//! directory or link on the way to it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::bounded::{self, BoundedReadError};
use crate::replace::{Durability, replace_at};

/// A path with more links than this is hostile or broken.
#[cfg(unix)]
const MAX_LINKS: usize = 40;
/// Of a directory that is given to `module add`.
const MAX_ENTRIES: usize = 10_000;

/// Why a file was not read or written. `limit` is in bytes.
#[derive(Debug, Error)]
pub enum GuardedFileError {
    #[error("{path} cannot be {verb}: {kind}", path = .path.display())]
    Failed { verb: &'static str, path: PathBuf, kind: io::ErrorKind },
    #[error("{path} belongs to user {owner}, who could change what is trusted here. Make it your own or root's: `chown`", path = .path.display())]
    Owner { path: PathBuf, owner: u32 },
    #[error("{path} may be written by others (mode {mode:04o}), who could change what is trusted here. Run `chmod go-w {path}`", path = .path.display())]
    Writable { path: PathBuf, mode: u32 },
    #[error("{path} is not a regular file", path = .path.display())]
    NotRegular { path: PathBuf },
    #[error("{path} is larger than {limit} bytes", path = .path.display())]
    TooLarge { path: PathBuf, limit: u64 },
    #[error("{path} has more than {MAX_ENTRIES} entries", path = .path.display())]
    TooMany { path: PathBuf },
    #[error("{path} leads through more than 40 symlinks", path = .path.display())]
    Loop { path: PathBuf },
    #[error("{path} already exists, and a key is never overwritten. Choose another name", path = .path.display())]
    Exists { path: PathBuf },
}

fn failed(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> GuardedFileError {
    let path = path.to_owned();
    move |error| GuardedFileError::Failed { verb, path, kind: error.kind() }
}

/// The bytes of a file that decides about trust. None if it does not exist.
pub fn read_guarded(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, GuardedFileError> {
    if !guard::path_is_safe(path)? {
        return Ok(None);
    }
    let Some(file) = open(path)? else { return Ok(None) };
    let metadata = file.metadata().map_err(failed("read", path))?;
    guard::check(path, &metadata)?;
    contents(file, path, limit).map(Some)
}

/// The bytes of a file that the operator named, whatever its owner. None if it does not exist.
pub fn read_given(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, GuardedFileError> {
    let Some(file) = open(path)? else { return Ok(None) };
    contents(file, path, limit).map(Some)
}

fn open(path: &Path) -> Result<Option<File>, GuardedFileError> {
    match bounded::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path)(error)),
    }
}

fn contents(file: File, path: &Path, limit: u64) -> Result<Vec<u8>, GuardedFileError> {
    bounded::read_file(file, limit).map_err(|error| match error {
        BoundedReadError::NotRegular => GuardedFileError::NotRegular { path: path.to_owned() },
        BoundedReadError::TooLarge(limit) => {
            GuardedFileError::TooLarge { path: path.to_owned(), limit }
        }
        BoundedReadError::Failed(error) => failed("read", path)(error),
    })
}

/// Whether a directory is at a path, with links followed. What cannot be looked at is not one.
pub fn is_directory(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_dir())
}

/// The names in a directory that the operator named, sorted; without those that are not UTF-8.
pub fn names(path: &Path) -> Result<Vec<String>, GuardedFileError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(failed("listed", path))? {
        let entry = entry.map_err(failed("listed", path))?;
        if names.len() == MAX_ENTRIES {
            return Err(GuardedFileError::TooMany { path: path.to_owned() });
        }
        names.extend(entry.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// Makes a directory that only its owner can enter, and such parents where they are missing. It may exist already, but
/// no one else may be able to write to it or to the path that leads to it.
pub fn make_private(path: &Path) -> Result<(), GuardedFileError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(failed("made", path))?;
    guard::check_directory(path)
}

/// Writes a file that must not exist yet, for its owner only.
pub fn write_new(path: &Path, text: &str) -> Result<(), GuardedFileError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => GuardedFileError::Exists { path: path.to_owned() },
        _ => failed("written", path)(error),
    })?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed("written", path))
}

/// Puts a file into place, for its owner only. At any moment the old one or the new one is there, whole.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), GuardedFileError> {
    replace_at(path, bytes, Durability::Durable).map_err(failed("written", path))
}

/// Removes a file. One that does not exist counts as removed.
pub fn remove(path: &Path) -> Result<(), GuardedFileError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(failed("removed", path)(error))
        }
        _ => Ok(()),
    }
}

/// A lock on a file, which other runs of this program wait for until it is dropped.
#[derive(Debug)]
pub struct LockedFile(#[allow(dead_code)] File);

/// Takes the lock of a file, which is made if it does not exist; waits while another run has it.
pub fn lock_file(path: &Path) -> Result<LockedFile, GuardedFileError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(failed("locked", path))?;
    file.lock().map_err(failed("locked", path))?;
    Ok(LockedFile(file))
}

#[cfg(not(unix))]
mod guard {
    //! Access control lists are not looked at: on these systems the directories are as safe as the user's profile.

    use std::fs::Metadata;
    use std::path::Path;

    use super::GuardedFileError;

    pub(super) fn path_is_safe(path: &Path) -> Result<bool, GuardedFileError> {
        Ok(path.exists())
    }

    pub(super) fn check(_: &Path, _: &Metadata) -> Result<(), GuardedFileError> {
        Ok(())
    }

    pub(super) fn check_directory(_: &Path) -> Result<(), GuardedFileError> {
        Ok(())
    }
}

#[cfg(unix)]
mod guard {
    //! Who could have written something.

    use std::fs::{self, Metadata};
    use std::io;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::{Component, Path, PathBuf};

    use super::{GuardedFileError, MAX_LINKS, failed};

    const OTHERS_WRITE: u32 = 0o022;
    const STICKY: u32 = 0o1000;

    /// Whether something is at a path; an error if others could have put it there. The path is walked name by name, so
    /// every link is seen, and so are the directories behind it.
    pub(super) fn path_is_safe(path: &Path) -> Result<bool, GuardedFileError> {
        let absolute = std::path::absolute(path).map_err(failed("found", path))?;
        let mut ahead = reversed(&absolute);
        let mut at = PathBuf::from("/");
        let mut links = 0;
        check(&at, &look(&at)?)?;
        while let Some(name) = ahead.pop() {
            if name == Path::new("..") {
                at.pop();
                continue;
            }
            let next = at.join(&name);
            let found = match fs::symlink_metadata(&next) {
                Ok(found) => found,
                Err(error) if is_missing(&error) => return Ok(false),
                Err(error) => return Err(failed("read", &next)(error)),
            };
            if found.is_symlink() {
                links += 1;
                if links > MAX_LINKS {
                    return Err(GuardedFileError::Loop { path: path.to_owned() });
                }
                check_owner(&next, &found)?;
                let target = fs::read_link(&next).map_err(failed("read", &next))?;
                if target.is_absolute() {
                    at = PathBuf::from("/");
                }
                ahead.extend(reversed(&target));
            } else {
                check(&next, &found)?;
                at = next;
            }
        }
        Ok(true)
    }

    fn is_missing(error: &io::Error) -> bool {
        matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
    }

    /// The names of a path, the first one last.
    fn reversed(path: &Path) -> Vec<PathBuf> {
        let names = path.components().filter_map(|component| match component {
            Component::Normal(name) => Some(PathBuf::from(name)),
            Component::ParentDir => Some(PathBuf::from("..")),
            _ => None,
        });
        let mut names: Vec<_> = names.collect();
        names.reverse();
        names
    }

    fn look(path: &Path) -> Result<Metadata, GuardedFileError> {
        fs::symlink_metadata(path).map_err(failed("read", path))
    }

    fn check_owner(path: &Path, found: &Metadata) -> Result<(), GuardedFileError> {
        let own = rustix::process::geteuid().as_raw();
        if found.uid() == 0 || found.uid() == own {
            Ok(())
        } else {
            Err(GuardedFileError::Owner { path: path.to_owned(), owner: found.uid() })
        }
    }

    /// In a sticky directory others can add names, but cannot remove or replace those of someone else; and the owner of
    /// the next name is checked as well.
    pub(super) fn check(path: &Path, found: &Metadata) -> Result<(), GuardedFileError> {
        check_owner(path, found)?;
        let mode = found.mode() & 0o7777;
        let is_sticky = found.is_dir() && mode & STICKY != 0;
        if mode & OTHERS_WRITE != 0 && !is_sticky {
            return Err(GuardedFileError::Writable { path: path.to_owned(), mode });
        }
        Ok(())
    }

    /// A directory of chitin's own, and the path to it.
    pub(super) fn check_directory(path: &Path) -> Result<(), GuardedFileError> {
        path_is_safe(path).map(|_| ())
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
