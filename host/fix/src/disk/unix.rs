//! POSIX: `openat` with `O_NOFOLLOW` for every name, `fchmod` on the handle that was checked, `renameat` for edits.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, RawMode, Stat};
use rustix::io::Errno;

use super::super::anchored_path::Spot;
use super::super::failpoint::Steps;
use super::{DiskError, MAX_BYTES, MAX_ENTRIES, Seen, Sort, hash};
use chitin_fs::fsync;

#[cfg(target_os = "linux")]
#[path = "posix_acl.rs"]
mod posix_acl;

const READ: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY);
/// For the directories on the way: they need not be readable, where a handle can do without.
#[cfg(any(target_os = "linux", target_os = "android"))]
const WAY: OFlags =
    OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const WAY: OFlags = READ.union(OFlags::DIRECTORY);
/// The bits that `chmod` sets.
const BITS: u32 = 0o7777;

impl From<Errno> for DiskError {
    fn from(error: Errno) -> Self {
        match error {
            Errno::NOENT => Self::Missing,
            Errno::LOOP => Self::Link,
            other => Self::Failed(other.into()),
        }
    }
}

/// The directory that a spot lies in, and its name there.
struct Found<'s> {
    directory: OwnedFd,
    name: &'s OsStr,
}

impl Found<'_> {
    fn stat(&self) -> Result<Stat, DiskError> {
        Ok(rustix::fs::statat(&self.directory, self.name, AtFlags::SYMLINK_NOFOLLOW)?)
    }

    fn open(&self, flags: OFlags) -> Result<OwnedFd, Errno> {
        rustix::fs::openat(&self.directory, self.name, flags, Mode::empty())
    }
}

fn find(spot: &Spot) -> Result<Found<'_>, DiskError> {
    let anchor = spot.anchor.dir.as_ref().map_err(|kind| match kind {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => DiskError::Missing,
        kind => DiskError::Failed((*kind).into()),
    })?;
    let (name, way) = spot.below.split_last().ok_or(DiskError::Missing)?;
    let mut directory = anchor.as_fd().try_clone_to_owned()?;
    for step in way {
        directory = match rustix::fs::openat(&directory, step, WAY, Mode::empty()) {
            Ok(opened) => opened,
            // With O_DIRECTORY a link is reported as either.
            Err(Errno::NOTDIR | Errno::LOOP) => {
                let stat = rustix::fs::statat(&directory, step, AtFlags::SYMLINK_NOFOLLOW)?;
                return Err(match sort(&stat) {
                    Sort::Link => DiskError::LinkOnTheWay,
                    _ => DiskError::Missing,
                });
            }
            Err(error) => return Err(error.into()),
        };
    }
    Ok(Found { directory, name })
}

fn sort(stat: &Stat) -> Sort {
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Sort::File,
        FileType::Directory => Sort::Directory,
        FileType::Symlink => Sort::Link,
        _ => Sort::Other,
    }
}

#[allow(clippy::useless_conversion, clippy::unnecessary_cast)] // The fields' types differ between systems.
fn seen(stat: &Stat) -> Seen {
    Seen {
        sort: sort(stat),
        mode: u32::from(stat.st_mode) & BITS,
        links: stat.st_nlink as u64,
        device: stat.st_dev as u64,
        inode: stat.st_ino as u64,
    }
}

/// What is at a spot. None when nothing is there.
pub(crate) fn look(spot: &Spot) -> Result<Option<Seen>, DiskError> {
    match find(spot).and_then(|found| found.stat()) {
        Ok(stat) => Ok(Some(seen(&stat))),
        Err(DiskError::Missing) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Sets the mode of exactly what was seen.
pub(crate) fn set_mode(
    spot: &Spot,
    expected: &Seen,
    mode: u32,
    steps: &dyn Steps,
) -> Result<(), DiskError> {
    let found = find(spot)?;
    let checked = |handle: BorrowedFd<'_>| {
        let now = seen(&rustix::fs::fstat(handle)?);
        if !now.is_same(expected) || now.mode != expected.mode {
            return Err(DiskError::Changed);
        }
        if now.sort == Sort::File && now.links > 1 {
            return Err(DiskError::HardLinked);
        }
        Ok(())
    };
    if !matches!(expected.sort, Sort::File | Sort::Directory) {
        return Err(DiskError::NotRegular);
    }
    // Opening is not yet acting, but a pipe put here meanwhile should not even be opened.
    if !seen(&found.stat()?).is_same(expected) {
        return Err(DiskError::Changed);
    }
    let bits = Mode::from_raw_mode(mode as RawMode);
    match found.open(READ) {
        Ok(handle) => {
            checked(handle.as_fd())?;
            steps.before("chmod");
            Ok(rustix::fs::fchmod(&handle, bits)?)
        }
        Err(Errno::ACCESS) => set_mode_unread(&found, checked, bits, steps),
        Err(error) => Err(error.into()),
    }
}

/// For what its owner may not even read: a handle that allows nothing still names the thing.
#[cfg(target_os = "linux")]
fn set_mode_unread(
    found: &Found<'_>,
    checked: impl Fn(BorrowedFd<'_>) -> Result<(), DiskError>,
    bits: Mode,
    steps: &dyn Steps,
) -> Result<(), DiskError> {
    use std::os::fd::AsRawFd as _;
    let handle = found.open(OFlags::PATH.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC))?;
    checked(handle.as_fd())?;
    steps.before("chmod");
    Ok(rustix::fs::chmod(format!("/proc/self/fd/{}", handle.as_raw_fd()), bits)?)
}

#[cfg(not(target_os = "linux"))]
fn set_mode_unread(
    _: &Found<'_>,
    _: impl Fn(BorrowedFd<'_>) -> Result<(), DiskError>,
    _: Mode,
    _: &dyn Steps,
) -> Result<(), DiskError> {
    Err(Errno::ACCESS.into())
}

/// A regular file with one name, open for reading.
fn open_regular(found: &Found<'_>) -> Result<(File, Stat), DiskError> {
    let look = |stat: &Stat| match sort(stat) {
        Sort::Link => Err(DiskError::Link),
        Sort::File if stat.st_nlink > 1 => Err(DiskError::HardLinked),
        Sort::File => Ok(()),
        _ => Err(DiskError::NotRegular),
    };
    look(&found.stat()?)?;
    let handle = found.open(READ)?;
    let stat = rustix::fs::fstat(&handle)?;
    look(&stat)?;
    Ok((File::from(handle), stat))
}

fn text(file: &File) -> Result<String, DiskError> {
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(DiskError::Unfit);
    }
    String::from_utf8(bytes).map_err(|_| DiskError::Unfit)
}

/// The text of a regular file with one name.
pub(crate) fn read(spot: &Spot) -> Result<String, DiskError> {
    text(&open_regular(&find(spot)?)?.0)
}

/// Puts a new file in the place of one whose bytes have this hash, with its mode, owner and group. At any moment one of
/// the two is there, whole.
pub(crate) fn replace(
    spot: &Spot,
    expected: &str,
    new: &str,
    run: &str,
    steps: &dyn Steps,
) -> Result<(), DiskError> {
    let found = find(spot)?;
    let (file, before) = open_regular(&found)?;
    if hash(text(&file)?.as_bytes()) != expected {
        return Err(DiskError::Changed);
    }
    let name = temporary_name(found.name, run);
    steps.before("create");
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let handle = rustix::fs::openat(&found.directory, &name, flags, Mode::RUSR | Mode::WUSR)?;
    let written = write(File::from(handle), new, &file, &before, steps).and_then(|()| {
        unchanged(&found, &before)?;
        steps.before("rename");
        Ok(rustix::fs::renameat(&found.directory, &name, &found.directory, found.name)?)
    });
    if let Err(error) = written {
        // Nothing more can be done if this fails too; the old file is untouched.
        let _left_behind = rustix::fs::unlinkat(&found.directory, &name, AtFlags::empty());
        return Err(error);
    }
    steps.before("sync directory");
    fsync::sync(found.directory.as_fd())?;
    steps.before("done");
    Ok(())
}

fn write(
    mut file: File,
    text: &str,
    old: &File,
    like: &Stat,
    steps: &dyn Steps,
) -> Result<(), DiskError> {
    steps.before("write");
    file.write_all(text.as_bytes())?;
    let own = rustix::fs::fstat(&file)?;
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid) {
        let (user, group) =
            (rustix::fs::Uid::from_raw(like.st_uid), rustix::fs::Gid::from_raw(like.st_gid));
        rustix::fs::fchown(&file, Some(user), Some(group))?;
    }
    steps.before("mode");
    #[cfg(target_os = "linux")]
    posix_acl::carry(old.as_fd(), file.as_fd())?;
    rustix::fs::fchmod(&file, Mode::from_raw_mode(like.st_mode & BITS as RawMode))?;
    steps.before("sync");
    rustix::fs::fsync(&file)?;
    Ok(())
}

/// Whether the name still leads to the file that was read, and that was not written to.
fn unchanged(found: &Found<'_>, before: &Stat) -> Result<(), DiskError> {
    let now = found.stat()?;
    let state = |stat: &Stat| {
        (
            seen(stat),
            stat.st_size,
            stat.st_mtime,
            stat.st_mtime_nsec,
            stat.st_ctime,
            stat.st_ctime_nsec,
        )
    };
    if state(&now) == state(before) { Ok(()) } else { Err(DiskError::Changed) }
}

/// Hidden, and found again by the run that it belongs to.
fn temporary_name(name: &OsStr, run: &str) -> OsString {
    let mut temporary = OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".chitin-{run}.tmp"));
    temporary
}

/// Takes away what an interrupted run left behind.
pub(crate) fn clean_up(spot: &Spot, run: &str) -> Result<(), DiskError> {
    let found = find(spot)?;
    match rustix::fs::unlinkat(&found.directory, temporary_name(found.name, run), AtFlags::empty())
    {
        Ok(()) | Err(Errno::NOENT) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The names of the regular files in a directory, in byte order. None are there if it is no directory.
pub(crate) fn list(spot: &Spot) -> Result<Vec<OsString>, DiskError> {
    let opened = find(spot).and_then(|found| Ok(found.open(READ.union(OFlags::DIRECTORY))?));
    let handle = match opened {
        Err(DiskError::Missing | DiskError::Link | DiskError::LinkOnTheWay) => {
            return Ok(Vec::new());
        }
        Err(DiskError::Failed(error)) if error.kind() == io::ErrorKind::NotADirectory => {
            return Ok(Vec::new());
        }
        opened => opened?,
    };
    let mut names = Vec::new();
    for (number, entry) in rustix::fs::Dir::read_from(&handle)?.enumerate() {
        let entry = entry?;
        if number > MAX_ENTRIES {
            return Err(DiskError::TooMany);
        }
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        let is_file = match entry.file_type() {
            FileType::Unknown => {
                let stat = rustix::fs::statat(&handle, name, AtFlags::SYMLINK_NOFOLLOW)?;
                sort(&stat) == Sort::File
            }
            kind => kind == FileType::RegularFile,
        };
        if is_file {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}
