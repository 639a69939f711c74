//! Brings changes of a directory to the disk, so they survive a power cut.

use std::io;

/// Writes a directory's entries to the disk. The handle may be one that only names the directory (`O_PATH`).
#[cfg(unix)]
pub fn sync(directory: impl std::os::fd::AsFd) -> io::Result<()> {
    use rustix::fs::{Mode, OFlags};
    use rustix::io::Errno;
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    match rustix::fs::openat(directory, ".", flags, Mode::empty()) {
        Ok(handle) => Ok(rustix::fs::fsync(&handle)?),
        // A directory that may not be read cannot be synced either; the change itself has been made.
        Err(Errno::ACCESS) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Where directories cannot be opened like files, nothing can be done.
#[cfg(not(unix))]
pub fn sync<T>(_: T) -> io::Result<()> {
    Ok(())
}
