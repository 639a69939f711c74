//! Systems without POSIX modes. Permissions are set by `icacls` there; files are not edited, because nothing here can
//! prove that a handle is the file that was looked at.

use super::super::spot::Spot;
use super::super::steps::Steps;
use super::{DiskError, Seen, Sort};

pub(in crate::fix) fn look(spot: &Spot) -> Result<Option<Seen>, DiskError> {
    let found = match std::fs::symlink_metadata(spot.path()) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        found => found?,
    };
    let sort = match found.file_type() {
        kind if kind.is_symlink() => Sort::Link,
        kind if kind.is_dir() => Sort::Directory,
        kind if kind.is_file() => Sort::File,
        _ => Sort::Other,
    };
    Ok(Some(Seen { sort, mode: 0, links: 1, device: 0, inode: 0 }))
}

pub(in crate::fix) fn set_mode(_: &Spot, _: &Seen, _: u32, _: &dyn Steps) -> Result<(), DiskError> {
    Err(DiskError::Unsupported)
}

pub(in crate::fix) fn read(_: &Spot) -> Result<String, DiskError> {
    Err(DiskError::Unsupported)
}

pub(in crate::fix) fn replace(
    _: &Spot,
    _: &str,
    _: &str,
    _: &str,
    _: &dyn Steps,
) -> Result<(), DiskError> {
    Err(DiskError::Unsupported)
}

pub(in crate::fix) fn clean_up(_: &Spot, _: &str) -> Result<(), DiskError> {
    Err(DiskError::Unsupported)
}

pub(in crate::fix) fn list(spot: &Spot) -> Result<Vec<std::ffi::OsString>, DiskError> {
    let mut names = Vec::new();
    if let Ok(entries) = std::fs::read_dir(spot.path()) {
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                names.push(entry.file_name());
            }
        }
    }
    names.sort();
    Ok(names)
}
