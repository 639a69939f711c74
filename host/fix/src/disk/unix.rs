//! POSIX: `openat` with `O_NOFOLLOW` for every name, `fchmod` on the handle that was checked, `renameat` for edits.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;

use rustix::fs::{AtFlags, FileType as RawFileType, Mode, OFlags, RawMode, Stat};
use rustix::io::Errno;

use super::super::anchored_path::AnchoredPath;
use super::super::failpoint::Failpoints;
use super::{FileError, FileStat, FileType, MAX_BYTES, MAX_ENTRIES};
use chitin_fs::bounded::{self, BoundedReadError};
use chitin_fs::fsync;
use chitin_fs::hash::sha256_hex;

#[cfg(target_os = "linux")]
#[path = "posix_acl.rs"]
mod posix_acl;

const READ: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY);
/// For the directories on the path. Where handles can be opened without reading, they need not be readable.
#[cfg(any(target_os = "linux", target_os = "android"))]
const PATH_ONLY: OFlags =
    OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const PATH_ONLY: OFlags = READ.union(OFlags::DIRECTORY);
/// The bits that `chmod` sets.
const MODE_BITS: u32 = 0o7777;

impl From<Errno> for FileError {
    fn from(error: Errno) -> Self {
        match error {
            Errno::NOENT => Self::Missing,
            Errno::LOOP => Self::Symlink,
            other => Self::Failed(other.into()),
        }
    }
}

/// The open parent directory of a path, and the name in it.
struct Parent<'s> {
    directory: OwnedFd,
    name: &'s OsStr,
}

impl Parent<'_> {
    fn stat(&self) -> Result<Stat, FileError> {
        Ok(rustix::fs::statat(&self.directory, self.name, AtFlags::SYMLINK_NOFOLLOW)?)
    }

    fn open(&self, flags: OFlags) -> Result<OwnedFd, Errno> {
        rustix::fs::openat(&self.directory, self.name, flags, Mode::empty())
    }
}

fn find(target: &AnchoredPath) -> Result<Parent<'_>, FileError> {
    let anchor = target.anchor.dir.as_ref().map_err(|kind| match kind {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => FileError::Missing,
        kind => FileError::Failed((*kind).into()),
    })?;
    let (name, directories) = target.below.split_last().ok_or(FileError::Missing)?;
    let mut directory = anchor.as_fd().try_clone_to_owned()?;
    for name in directories {
        directory = match rustix::fs::openat(&directory, name, PATH_ONLY, Mode::empty()) {
            Ok(opened) => opened,
            // With O_DIRECTORY a symlink is reported as either.
            Err(Errno::NOTDIR | Errno::LOOP) => {
                let stat = rustix::fs::statat(&directory, name, AtFlags::SYMLINK_NOFOLLOW)?;
                return Err(match file_type(&stat) {
                    FileType::Symlink => FileError::SymlinkInPath,
                    _ => FileError::Missing,
                });
            }
            Err(error) => return Err(error.into()),
        };
    }
    Ok(Parent { directory, name })
}

fn file_type(stat: &Stat) -> FileType {
    match RawFileType::from_raw_mode(stat.st_mode) {
        RawFileType::RegularFile => FileType::File,
        RawFileType::Directory => FileType::Directory,
        RawFileType::Symlink => FileType::Symlink,
        _ => FileType::Other,
    }
}

#[allow(clippy::useless_conversion, clippy::unnecessary_cast)] // The fields' types differ between systems.
fn file_stat(stat: &Stat) -> FileStat {
    FileStat {
        file_type: file_type(stat),
        mode: u32::from(stat.st_mode) & MODE_BITS,
        links: stat.st_nlink as u64,
        device: stat.st_dev as u64,
        inode: stat.st_ino as u64,
    }
}

/// What is at a path. None when nothing is there.
pub(crate) fn stat(target: &AnchoredPath) -> Result<Option<FileStat>, FileError> {
    match find(target).and_then(|parent| parent.stat()) {
        Ok(stat) => Ok(Some(file_stat(&stat))),
        Err(FileError::Missing) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Sets the mode of the file that was checked, and of no other.
pub(crate) fn set_mode(
    target: &AnchoredPath,
    expected: &FileStat,
    mode: u32,
    failpoints: &dyn Failpoints,
) -> Result<(), FileError> {
    let parent = find(target)?;
    let checked = |handle: BorrowedFd<'_>| {
        let now = file_stat(&rustix::fs::fstat(handle)?);
        if !now.is_same_file(expected) || now.mode != expected.mode {
            return Err(FileError::Changed);
        }
        if now.file_type == FileType::File && now.links > 1 {
            return Err(FileError::HardLinked);
        }
        Ok(())
    };
    if !matches!(expected.file_type, FileType::File | FileType::Directory) {
        return Err(FileError::NotRegular);
    }
    // Checked before opening as well: a pipe that was put here in the meantime must not even be opened.
    if !file_stat(&parent.stat()?).is_same_file(expected) {
        return Err(FileError::Changed);
    }
    let bits = Mode::from_raw_mode(mode as RawMode);
    match parent.open(READ) {
        Ok(handle) => {
            checked(handle.as_fd())?;
            failpoints.reach("chmod");
            Ok(rustix::fs::fchmod(&handle, bits)?)
        }
        Err(Errno::ACCESS) => set_mode_unreadable(&parent, checked, bits, failpoints),
        Err(error) => Err(error.into()),
    }
}

/// For a file that its owner may not even read: an `O_PATH` handle needs no permission.
#[cfg(target_os = "linux")]
fn set_mode_unreadable(
    parent: &Parent<'_>,
    checked: impl Fn(BorrowedFd<'_>) -> Result<(), FileError>,
    bits: Mode,
    failpoints: &dyn Failpoints,
) -> Result<(), FileError> {
    use std::os::fd::AsRawFd as _;
    let handle = parent.open(OFlags::PATH.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC))?;
    checked(handle.as_fd())?;
    failpoints.reach("chmod");
    Ok(rustix::fs::chmod(format!("/proc/self/fd/{}", handle.as_raw_fd()), bits)?)
}

#[cfg(not(target_os = "linux"))]
fn set_mode_unreadable(
    _: &Parent<'_>,
    _: impl Fn(BorrowedFd<'_>) -> Result<(), FileError>,
    _: Mode,
    _: &dyn Failpoints,
) -> Result<(), FileError> {
    Err(Errno::ACCESS.into())
}

/// A regular file without other hard links, open for reading.
fn open_regular(parent: &Parent<'_>) -> Result<(File, Stat), FileError> {
    let check = |stat: &Stat| match file_type(stat) {
        FileType::Symlink => Err(FileError::Symlink),
        FileType::File if stat.st_nlink > 1 => Err(FileError::HardLinked),
        FileType::File => Ok(()),
        _ => Err(FileError::NotRegular),
    };
    check(&parent.stat()?)?;
    let handle = parent.open(READ)?;
    let stat = rustix::fs::fstat(&handle)?;
    check(&stat)?;
    Ok((File::from(handle), stat))
}

fn text(file: &File) -> Result<String, FileError> {
    let bytes = bounded::read(file, MAX_BYTES).map_err(|error| match error {
        BoundedReadError::Failed(error) => FileError::Failed(error),
        BoundedReadError::TooLarge(_) => FileError::NotText,
        BoundedReadError::NotRegular => FileError::NotRegular,
    })?;
    String::from_utf8(bytes).map_err(|_| FileError::NotText)
}

/// The text of a regular file without other hard links.
pub(crate) fn read(target: &AnchoredPath) -> Result<String, FileError> {
    text(&open_regular(&find(target)?)?.0)
}

/// Replaces a file whose bytes have this hash, keeping mode, owner, group and access list. At any moment the old or the
/// new file is there as a whole.
pub(crate) fn replace(
    target: &AnchoredPath,
    expected: &str,
    new: &str,
    run: &str,
    failpoints: &dyn Failpoints,
) -> Result<(), FileError> {
    let parent = find(target)?;
    let (file, before) = open_regular(&parent)?;
    if sha256_hex(text(&file)?.as_bytes()) != expected {
        return Err(FileError::Changed);
    }
    let name = temporary_name(parent.name, run);
    failpoints.reach("create");
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let handle = rustix::fs::openat(&parent.directory, &name, flags, Mode::RUSR | Mode::WUSR)?;
    let written = write(File::from(handle), new, &file, &before, failpoints).and_then(|()| {
        check_unchanged(&parent, &before)?;
        failpoints.reach("rename");
        Ok(rustix::fs::renameat(&parent.directory, &name, &parent.directory, parent.name)?)
    });
    if let Err(error) = written {
        // If this fails too, a temporary file is left behind; the old file is untouched.
        let _left_behind = rustix::fs::unlinkat(&parent.directory, &name, AtFlags::empty());
        return Err(error);
    }
    failpoints.reach("sync directory");
    fsync::sync(parent.directory.as_fd())?;
    failpoints.reach("done");
    Ok(())
}

fn write(
    mut file: File,
    text: &str,
    old: &File,
    like: &Stat,
    failpoints: &dyn Failpoints,
) -> Result<(), FileError> {
    failpoints.reach("write");
    file.write_all(text.as_bytes())?;
    let own = rustix::fs::fstat(&file)?;
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid) {
        let (user, group) =
            (rustix::fs::Uid::from_raw(like.st_uid), rustix::fs::Gid::from_raw(like.st_gid));
        rustix::fs::fchown(&file, Some(user), Some(group))?;
    }
    failpoints.reach("mode");
    #[cfg(target_os = "linux")]
    posix_acl::copy_acl(old.as_fd(), file.as_fd())?;
    rustix::fs::fchmod(&file, Mode::from_raw_mode(like.st_mode & MODE_BITS as RawMode))?;
    failpoints.reach("sync");
    rustix::fs::fsync(&file)?;
    Ok(())
}

/// Whether the name still leads to the file that was read, and nothing was written to it since.
fn check_unchanged(parent: &Parent<'_>, before: &Stat) -> Result<(), FileError> {
    let now = parent.stat()?;
    let state = |stat: &Stat| {
        (
            file_stat(stat),
            stat.st_size,
            stat.st_mtime,
            stat.st_mtime_nsec,
            stat.st_ctime,
            stat.st_ctime_nsec,
        )
    };
    if state(&now) == state(before) { Ok(()) } else { Err(FileError::Changed) }
}

/// A hidden name that contains the run, so undoing the run finds the file.
fn temporary_name(name: &OsStr, run: &str) -> OsString {
    let mut temporary = OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".chitin-{run}.tmp"));
    temporary
}

/// Removes the temporary file that an interrupted run left behind.
pub(crate) fn clean_up(target: &AnchoredPath, run: &str) -> Result<(), FileError> {
    let parent = find(target)?;
    match rustix::fs::unlinkat(
        &parent.directory,
        temporary_name(parent.name, run),
        AtFlags::empty(),
    ) {
        Ok(()) | Err(Errno::NOENT) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The names of the regular files in a directory, in byte order; empty if it is not a directory.
pub(crate) fn list(target: &AnchoredPath) -> Result<Vec<OsString>, FileError> {
    let opened = find(target).and_then(|parent| Ok(parent.open(READ.union(OFlags::DIRECTORY))?));
    let handle = match opened {
        Err(FileError::Missing | FileError::Symlink | FileError::SymlinkInPath) => {
            return Ok(Vec::new());
        }
        Err(FileError::Failed(error)) if error.kind() == io::ErrorKind::NotADirectory => {
            return Ok(Vec::new());
        }
        opened => opened?,
    };
    let mut names = Vec::new();
    for (number, entry) in rustix::fs::Dir::read_from(&handle)?.enumerate() {
        let entry = entry?;
        if number > MAX_ENTRIES {
            return Err(FileError::TooManyEntries);
        }
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        let is_file = match entry.file_type() {
            RawFileType::Unknown => {
                let stat = rustix::fs::statat(&handle, name, AtFlags::SYMLINK_NOFOLLOW)?;
                file_type(&stat) == FileType::File
            }
            kind => kind == RawFileType::RegularFile,
        };
        if is_file {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}
