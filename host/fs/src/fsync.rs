//! Makes what happened in a directory last beyond a power cut.

use std::io;

/// Brings a directory's entries to the disk. A handle that only names a directory has to be opened for that first.
#[cfg(unix)]
pub fn sync(directory: impl std::os::fd::AsFd) -> io::Result<()> {
    use rustix::fs::{Mode, OFlags};
    use rustix::io::Errno;
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    match rustix::fs::openat(directory, ".", flags, Mode::empty()) {
        Ok(handle) => Ok(rustix::fs::fsync(&handle)?),
        // What may not be read cannot be synced either; the change itself has been made.
        Err(Errno::ACCESS) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Where directories cannot be opened like files, there is nothing to do.
#[cfg(not(unix))]
pub fn sync<T>(_: T) -> io::Result<()> {
    Ok(())
}
