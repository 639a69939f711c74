//! The one atomic replace: a file is written beside its place and then renamed, so at any moment the old file or the
//! new one is there as a whole. The new file can be read and written by its owner only.
//!
//! What must not enter: keeping mode, owner or access list of the old file. Only fixes need that, and chitin-fix does it.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::Path;

use cap_std::fs::{Dir, OpenOptions};

use crate::fsync;

/// What a power cut may take away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Nothing: when the call returns, file and name are on the disk.
    Durable,
    /// The new file. For what can be made again.
    Cached,
}

/// Puts a file into a directory, in place of one of the same name if there is one. Its content is the parts, one after
/// the other. When this fails, the old file is untouched.
pub fn replace(
    directory: &Dir,
    name: impl AsRef<Path>,
    parts: &[&[u8]],
    durability: Durability,
) -> io::Result<()> {
    let name = name.as_ref();
    let temporary = temporary_name(name)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    cap_std::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = directory.open_with(&temporary, &options)?;
    let mut write = || {
        parts.iter().try_for_each(|part| file.write_all(part))?;
        if durability == Durability::Durable {
            file.sync_all()?;
        }
        directory.rename(&temporary, directory, name)
    };
    if let Err(error) = write() {
        // Nothing more can be done if this fails too.
        let _left_behind = directory.remove_file(&temporary);
        return Err(error);
    }
    match durability {
        Durability::Durable => fsync::sync(directory),
        Durability::Cached => Ok(()),
    }
}

/// The same at a path, in a directory that links may lead to.
pub fn replace_at(path: &Path, bytes: &[u8], durability: Durability) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let directory = Dir::open_ambient_dir(parent, cap_std::ambient_authority())?;
    replace(&directory, name, &[bytes], durability)
}

/// Hidden, and another one each time: two runs may replace the same file at the same time, and the last one stays.
fn temporary_name(name: &Path) -> io::Result<OsString> {
    let name = name.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|_| io::Error::other("no randomness"))?;
    let mut temporary = OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{:016x}.tmp", u64::from_le_bytes(random)));
    Ok(temporary)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn names(directory: &Path) -> Vec<OsString> {
        let mut names: Vec<_> =
            fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_behind() {
        let place = tempfile::tempdir().unwrap();
        let dir = Dir::open_ambient_dir(place.path(), cap_std::ambient_authority()).unwrap();
        for durability in [Durability::Durable, Durability::Cached] {
            replace(&dir, "file", &[b"ol", b"d"], durability).unwrap();
            replace_at(&place.path().join("file"), b"new", durability).unwrap();
            assert_eq!(fs::read(place.path().join("file")).unwrap(), b"new");
            assert_eq!(names(place.path()), ["file"]);
        }
    }

    #[test]
    fn a_replace_that_fails_leaves_nothing_behind() {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir_all(place.path().join("taken/full")).unwrap();
        let path = place.path().join("taken");
        assert!(replace_at(&path, b"new", Durability::Durable).is_err());
        assert_eq!(names(place.path()), ["taken"]);
        assert!(replace_at(Path::new("/"), b"new", Durability::Durable).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn the_new_file_is_its_owners_alone_even_where_a_link_was() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = tempfile::tempdir().unwrap();
        let path = |name: &str| place.path().join(name);
        fs::write(path("target"), "untouched").unwrap();
        std::os::unix::fs::symlink("target", path("link")).unwrap();
        replace_at(&path("link"), b"new", Durability::Durable).unwrap();
        assert_eq!(fs::read(path("target")).unwrap(), b"untouched");
        let metadata = fs::symlink_metadata(path("link")).unwrap();
        assert!(metadata.is_file());
        assert_eq!(metadata.permissions().mode() & 0o7777, 0o600);
    }
}
