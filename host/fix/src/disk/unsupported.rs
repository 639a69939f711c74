//! Systems without POSIX modes. Permissions are set by `icacls` there, from `apply`; this file only inspects. Files are
//! not edited: replacing one and keeping its access list is not implemented.

use std::ffi::{OsStr, OsString};
use std::io;

use cap_std::fs::{Dir, Metadata};

use super::super::anchored_path::AnchoredPath;
use super::super::failpoint::Failpoints;
use super::{FileError, FileStat, FileType, MAX_ENTRIES};

/// One error for a missing file, whatever the call.
fn map_missing<T>(result: io::Result<T>) -> Result<T, FileError> {
    result.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => FileError::Missing,
        _ => FileError::Failed(error),
    })
}

/// The parent directory of a path, and the name in it. No symlink on the path is followed.
fn find(target: &AnchoredPath) -> Result<(Dir, &OsStr), FileError> {
    let anchor = target.anchor.dir.as_ref().map_err(|kind| io::Error::from(*kind));
    let mut directory = map_missing(anchor.and_then(Dir::try_clone))?;
    let (name, directories) = target.below.split_last().ok_or(FileError::Missing)?;
    for name in directories {
        match file_type(&map_missing(directory.symlink_metadata(name))?) {
            FileType::Symlink => return Err(FileError::SymlinkInPath),
            FileType::Directory => directory = map_missing(directory.open_dir(name))?,
            FileType::File | FileType::Other => return Err(FileError::Missing),
        }
    }
    Ok((directory, name))
}

fn file_type(metadata: &Metadata) -> FileType {
    match metadata.file_type() {
        kind if kind.is_symlink() => FileType::Symlink,
        kind if kind.is_dir() => FileType::Directory,
        kind if kind.is_file() => FileType::File,
        _ => FileType::Other,
    }
}

pub(crate) fn stat(target: &AnchoredPath) -> Result<Option<FileStat>, FileError> {
    let found =
        find(target).and_then(|(directory, name)| map_missing(directory.symlink_metadata(name)));
    match found {
        Ok(metadata) => Ok(Some(FileStat {
            file_type: file_type(&metadata),
            mode: 0,
            links: 1,
            device: 0,
            inode: 0,
        })),
        Err(FileError::Missing) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The names of the regular files in a directory, in byte order; empty if it is not a directory.
pub(crate) fn list(target: &AnchoredPath) -> Result<Vec<OsString>, FileError> {
    match stat(target) {
        Ok(Some(FileStat { file_type: FileType::Directory, .. })) => {}
        Ok(_) | Err(FileError::SymlinkInPath) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    }
    let (directory, name) = find(target)?;
    let mut names = Vec::new();
    for (number, entry) in map_missing(directory.read_dir(name))?.enumerate() {
        let entry = entry?;
        if number > MAX_ENTRIES {
            return Err(FileError::TooManyEntries);
        }
        if entry.file_type()?.is_file() {
            names.push(entry.file_name());
        }
    }
    names.sort();
    Ok(names)
}

pub(crate) fn set_mode(
    _: &AnchoredPath,
    _: &FileStat,
    _: u32,
    _: &dyn Failpoints,
) -> Result<(), FileError> {
    Err(FileError::Unsupported)
}

pub(crate) fn read(_: &AnchoredPath) -> Result<String, FileError> {
    Err(FileError::Unsupported)
}

pub(crate) fn replace(
    _: &AnchoredPath,
    _: &str,
    _: &str,
    _: &str,
    _: &dyn Failpoints,
) -> Result<(), FileError> {
    Err(FileError::Unsupported)
}

pub(crate) fn clean_up(_: &AnchoredPath, _: &str) -> Result<(), FileError> {
    Err(FileError::Unsupported)
}
