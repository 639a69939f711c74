//! The one bounded read. A file may be larger than it says, may grow while it is read, and may be a pipe that never
//! ends: so every read has a limit in bytes, and opening never waits.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use cap_std::fs::{Dir, OpenOptions};
use thiserror::Error;

/// Why the bytes were not read.
#[derive(Debug, Error)]
pub enum BoundedReadError {
    #[error("it is not a regular file")]
    NotRegular,
    /// Holds the limit, in bytes.
    #[error("it is larger than {0} bytes")]
    TooLarge(u64),
    #[error("it cannot be read: {}", .0.kind())]
    Failed(#[from] io::Error),
}

/// Everything that a reader gives, if that is at most `limit` bytes.
pub fn read(reader: impl Read, limit: u64) -> Result<Vec<u8>, BoundedReadError> {
    read_with_capacity(reader, limit, 0)
}

/// The whole of an open file, if it is a regular one of at most `limit` bytes.
pub fn read_file(file: File, limit: u64) -> Result<Vec<u8>, BoundedReadError> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(BoundedReadError::NotRegular);
    }
    let size = metadata.len();
    if size > limit {
        return Err(BoundedReadError::TooLarge(limit));
    }
    read_with_capacity(file, limit, size)
}

fn read_with_capacity(
    reader: impl Read,
    limit: u64,
    capacity: u64,
) -> Result<Vec<u8>, BoundedReadError> {
    let mut bytes = Vec::with_capacity(usize::try_from(capacity).unwrap_or_default());
    // One byte more than allowed shows that there is more.
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(BoundedReadError::TooLarge(limit)) } else { Ok(bytes) }
}

/// The first `count` bytes, or as many as there are.
pub fn head(reader: impl Read, count: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(count as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Copies everything that a reader gives, if that is at most `limit` bytes. Returns how many bytes it was.
pub fn copy(
    reader: impl Read,
    writer: &mut impl Write,
    limit: u64,
) -> Result<u64, BoundedReadError> {
    let copied = io::copy(&mut reader.take(limit.saturating_add(1)), writer)?;
    if copied > limit { Err(BoundedReadError::TooLarge(limit)) } else { Ok(copied) }
}

/// Opens a path for reading, through links. A pipe does not make the caller wait for a writer, and a terminal does not
/// become that of the process.
pub fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, without_waiting());
    options.open(path)
}

/// The same below a directory. Links are followed as long as they stay below it.
pub fn open_below(directory: &Dir, path: impl AsRef<Path>) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    cap_std::fs::OpenOptionsExt::custom_flags(&mut options, without_waiting());
    Ok(directory.open_with(path, &options)?.into_std())
}

#[cfg(unix)]
fn without_waiting() -> i32 {
    (rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY).bits().cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_is_read_up_to_its_limit() {
        assert_eq!(read(&b"four"[..], 4).unwrap(), b"four");
        assert!(matches!(read(&b"four"[..], 3), Err(BoundedReadError::TooLarge(3))));
        assert!(matches!(read(io::repeat(0), 1 << 16), Err(BoundedReadError::TooLarge(_))));
        assert_eq!(head(&b"four"[..], 2).unwrap(), b"fo");
        assert_eq!(head(&b"f"[..], 2).unwrap(), b"f");
        let mut copied = Vec::new();
        assert_eq!(copy(&b"four"[..], &mut copied, 4).unwrap(), 4);
        assert!(matches!(copy(io::repeat(0), &mut copied, 9), Err(BoundedReadError::TooLarge(9))));
    }

    #[test]
    fn only_regular_files_within_the_limit_are_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        std::fs::write(&path, "four").unwrap();
        assert_eq!(read_file(open(&path).unwrap(), 4).unwrap(), b"four");
        let too_large = read_file(open(&path).unwrap(), 3);
        assert!(matches!(too_large, Err(BoundedReadError::TooLarge(3))));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_opened_without_waiting_and_not_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, rustix::fs::Mode::RUSR).unwrap();
        for path in [&path, directory.path()] {
            let read = read_file(open(path).unwrap(), 4);
            assert!(matches!(read, Err(BoundedReadError::NotRegular)), "{}", path.display());
        }
        let dir = Dir::open_ambient_dir(directory.path(), cap_std::ambient_authority()).unwrap();
        let read = read_file(open_below(&dir, "pipe").unwrap(), 4);
        assert!(matches!(read, Err(BoundedReadError::NotRegular)));
    }
}
