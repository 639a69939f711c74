//! Files of chitin's own, and files that the operator names: read with a bound, replaced as a whole. Nothing of what is
//! audited is read or written here.
//!
//! What decides about trust is read only if nobody but its owner and root could have written it: the file, each
//! directory on the way, and each link on the way.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// More links on one way are no honest way.
#[cfg(unix)]
const MAX_LINKS: usize = 40;
/// A directory that is given to `module add` has no more entries.
const MAX_ENTRIES: usize = 10_000;

#[derive(Debug, Error)]
pub enum DiskError {
    #[error("{path} cannot be {verb}: {kind}", path = .path.display())]
    Failed { verb: &'static str, path: PathBuf, kind: io::ErrorKind },
    #[error("{path} belongs to user {owner}, who could change what is trusted here. Make it your own or root's: `chown`", path = .path.display())]
    Owner { path: PathBuf, owner: u32 },
    #[error("{path} may be written by others (mode {mode:04o}), who could change what is trusted here. Run `chmod go-w {path}`", path = .path.display())]
    Writable { path: PathBuf, mode: u32 },
    #[error("{path} is no regular file", path = .path.display())]
    NotRegular { path: PathBuf },
    #[error("{path} is larger than {limit} bytes", path = .path.display())]
    TooLarge { path: PathBuf, limit: u64 },
    #[error("{path} has more than {MAX_ENTRIES} entries", path = .path.display())]
    TooMany { path: PathBuf },
    #[error("{path} leads through more links than any honest path does", path = .path.display())]
    Loop { path: PathBuf },
    #[error("{path} is there already, and a key is never written over. Choose another name", path = .path.display())]
    Exists { path: PathBuf },
}

fn failed(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> DiskError {
    let path = path.to_owned();
    move |error| DiskError::Failed { verb, path, kind: error.kind() }
}

/// The bytes of a file that decides about trust. None if it does not exist.
pub fn read_guarded(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, DiskError> {
    if !guard::way_is_safe(path)? {
        return Ok(None);
    }
    let Some(file) = open(path)? else { return Ok(None) };
    let metadata = file.metadata().map_err(failed("read", path))?;
    guard::check(path, &metadata)?;
    contents(file, &metadata, path, limit).map(Some)
}

/// The bytes of a file that the operator named, whoever owns it. None if it does not exist.
pub fn read_given(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, DiskError> {
    let Some(file) = open(path)? else { return Ok(None) };
    let metadata = file.metadata().map_err(failed("read", path))?;
    contents(file, &metadata, path, limit).map(Some)
}

fn open(path: &Path) -> Result<Option<File>, DiskError> {
    let mut options = OpenOptions::new();
    options.read(true);
    // A pipe must not keep the program waiting for a writer.
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    match options.open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path)(error)),
    }
}

fn contents(
    file: File,
    metadata: &Metadata,
    path: &Path,
    limit: u64,
) -> Result<Vec<u8>, DiskError> {
    if !metadata.is_file() {
        return Err(DiskError::NotRegular { path: path.to_owned() });
    }
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(failed("read", path))?;
    if bytes.len() as u64 > limit {
        return Err(DiskError::TooLarge { path: path.to_owned(), limit });
    }
    Ok(bytes)
}

pub fn is_directory(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_dir())
}

/// The names in a directory that the operator named, sorted.
pub fn names(path: &Path) -> Result<Vec<String>, DiskError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(failed("listed", path))? {
        let entry = entry.map_err(failed("listed", path))?;
        if names.len() == MAX_ENTRIES {
            return Err(DiskError::TooMany { path: path.to_owned() });
        }
        names.extend(entry.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// Makes a directory that only its owner enters, unless it is there. Its parents are made alike.
pub fn make_private(path: &Path) -> Result<(), DiskError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(failed("made", path))?;
    guard::check_directory(path)
}

/// Writes a file that must not be there yet, for its owner only.
pub fn write_new(path: &Path, text: &str) -> Result<(), DiskError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => DiskError::Exists { path: path.to_owned() },
        _ => failed("written", path)(error),
    })?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed("written", path))
}

/// Puts a file into place, for its owner only. At any moment the old one or the new one is there, whole.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        // Made with mode 0600.
        let mut file = tempfile::NamedTempFile::new_in(parent)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        sync(parent)
    };
    write().map_err(failed("written", path))
}

#[cfg(unix)]
fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Removes a file; one that is not there is removed already.
pub fn remove(path: &Path) -> Result<(), DiskError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(failed("removed", path)(error))
        }
        _ => Ok(()),
    }
}

/// Keeps other runs of this program out until it is dropped.
#[derive(Debug)]
pub struct Hold(#[allow(dead_code)] File);

pub fn hold(path: &Path) -> Result<Hold, DiskError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(failed("locked", path))?;
    file.lock().map_err(failed("locked", path))?;
    Ok(Hold(file))
}

#[cfg(not(unix))]
mod guard {
    //! Access control lists are not looked at: on these systems the directories are as safe as the user's profile is.

    use super::{DiskError, Metadata, Path};

    pub(super) fn way_is_safe(path: &Path) -> Result<bool, DiskError> {
        Ok(path.exists())
    }

    pub(super) fn check(_: &Path, _: &Metadata) -> Result<(), DiskError> {
        Ok(())
    }

    pub(super) fn check_directory(_: &Path) -> Result<(), DiskError> {
        Ok(())
    }
}

#[cfg(unix)]
mod guard {
    //! Who could have written something.

    use std::os::unix::fs::MetadataExt as _;
    use std::path::Component;

    use super::{DiskError, MAX_LINKS, Metadata, Path, PathBuf, failed, fs, io};

    const OTHERS_WRITE: u32 = 0o022;
    const STICKY: u32 = 0o1000;

    /// Whether something is there, and nobody else could have put it there. The way is walked name by name, so that each
    /// link is seen and the directories behind it are, too.
    pub(super) fn way_is_safe(path: &Path) -> Result<bool, DiskError> {
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
                    return Err(DiskError::Loop { path: path.to_owned() });
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

    fn look(path: &Path) -> Result<Metadata, DiskError> {
        fs::symlink_metadata(path).map_err(failed("read", path))
    }

    fn check_owner(path: &Path, found: &Metadata) -> Result<(), DiskError> {
        let own = rustix::process::geteuid().as_raw();
        if found.uid() == 0 || found.uid() == own {
            Ok(())
        } else {
            Err(DiskError::Owner { path: path.to_owned(), owner: found.uid() })
        }
    }

    /// In a sticky directory others can add names, but cannot take away or replace what belongs to somebody else; and
    /// whom the next name belongs to is checked as well.
    pub(super) fn check(path: &Path, found: &Metadata) -> Result<(), DiskError> {
        check_owner(path, found)?;
        let mode = found.mode() & 0o7777;
        let is_sticky = found.is_dir() && mode & STICKY != 0;
        if mode & OTHERS_WRITE != 0 && !is_sticky {
            return Err(DiskError::Writable { path: path.to_owned(), mode });
        }
        Ok(())
    }

    /// A directory of chitin's own, and the way to it.
    pub(super) fn check_directory(path: &Path) -> Result<(), DiskError> {
        way_is_safe(path).map(|_| ())
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
