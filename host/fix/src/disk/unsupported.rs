//! Systems without POSIX modes. Permissions are set by `icacls` there, from `apply`; here is only what looks. Files are
//! not edited: putting a new file in the old one's place together with its access list has been tried nowhere yet.

use std::ffi::{OsStr, OsString};
use std::io;

use cap_std::fs::{Dir, Metadata};

use super::super::anchored_path::Spot;
use super::super::failpoint::Steps;
use super::{DiskError, MAX_ENTRIES, Seen, Sort};

/// What is told of a missing thing, whatever the call.
fn found<T>(result: io::Result<T>) -> Result<T, DiskError> {
    result.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => DiskError::Missing,
        _ => DiskError::Failed(error),
    })
}

/// The directory that a spot lies in, and its name there. No link on the way is entered.
fn find(spot: &Spot) -> Result<(Dir, &OsStr), DiskError> {
    let anchor = spot.anchor.dir.as_ref().map_err(|kind| io::Error::from(*kind));
    let mut directory = found(anchor.and_then(Dir::try_clone))?;
    let (name, way) = spot.below.split_last().ok_or(DiskError::Missing)?;
    for step in way {
        match sort(&found(directory.symlink_metadata(step))?) {
            Sort::Link => return Err(DiskError::LinkOnTheWay),
            Sort::Directory => directory = found(directory.open_dir(step))?,
            Sort::File | Sort::Other => return Err(DiskError::Missing),
        }
    }
    Ok((directory, name))
}

fn sort(metadata: &Metadata) -> Sort {
    match metadata.file_type() {
        kind if kind.is_symlink() => Sort::Link,
        kind if kind.is_dir() => Sort::Directory,
        kind if kind.is_file() => Sort::File,
        _ => Sort::Other,
    }
}

pub(crate) fn look(spot: &Spot) -> Result<Option<Seen>, DiskError> {
    let seen = find(spot).and_then(|(directory, name)| found(directory.symlink_metadata(name)));
    match seen {
        Ok(metadata) => {
            Ok(Some(Seen { sort: sort(&metadata), mode: 0, links: 1, device: 0, inode: 0 }))
        }
        Err(DiskError::Missing) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The names of the regular files in a directory, in byte order. None are there if it is no directory.
pub(crate) fn list(spot: &Spot) -> Result<Vec<OsString>, DiskError> {
    match look(spot) {
        Ok(Some(Seen { sort: Sort::Directory, .. })) => {}
        Ok(_) | Err(DiskError::LinkOnTheWay) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    }
    let (directory, name) = find(spot)?;
    let mut names = Vec::new();
    for (number, entry) in found(directory.read_dir(name))?.enumerate() {
        let entry = entry?;
        if number > MAX_ENTRIES {
            return Err(DiskError::TooMany);
        }
        if entry.file_type()?.is_file() {
            names.push(entry.file_name());
        }
    }
    names.sort();
    Ok(names)
}

pub(crate) fn set_mode(_: &Spot, _: &Seen, _: u32, _: &dyn Steps) -> Result<(), DiskError> {
    Err(DiskError::Unsupported)
}

pub(crate) fn read(_: &Spot) -> Result<String, DiskError> {
    Err(DiskError::Unsupported)
}

pub(crate) fn replace(_: &Spot, _: &str, _: &str, _: &str, _: &dyn Steps) -> Result<(), DiskError> {
    Err(DiskError::Unsupported)
}

pub(crate) fn clean_up(_: &Spot, _: &str) -> Result<(), DiskError> {
    Err(DiskError::Unsupported)
}
