//! Reading a text file that may be hostile: it must be a regular file, not too large, and must not make the reader wait.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use thiserror::Error;

use crate::bounded::{self, BoundedReadError};

/// Why a file was not read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    #[error("it does not exist")]
    Missing,
    #[error("it is a directory")]
    Directory,
    #[error("it is not a regular file")]
    NotRegular,
    #[error("it has more than one hard link")]
    HardLinked,
    #[error("users other than its owner may read or write it")]
    Exposed,
    #[error("it is larger than {0} bytes")]
    TooLarge(u64),
    #[error("it cannot be read: {0}")]
    Failed(ErrorKind),
}

impl From<std::io::Error> for ReadError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::Missing,
            ErrorKind::IsADirectory => Self::Directory,
            _ if is_socket(&error) => Self::NotRegular,
            kind => Self::Failed(kind),
        }
    }
}

impl From<BoundedReadError> for ReadError {
    fn from(error: BoundedReadError) -> Self {
        match error {
            BoundedReadError::NotRegular => Self::NotRegular,
            BoundedReadError::TooLarge(limit) => Self::TooLarge(limit),
            BoundedReadError::Failed(error) => error.into(),
        }
    }
}

/// A socket cannot be opened, and the error says so in its own way.
#[cfg(unix)]
fn is_socket(error: &std::io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error())
}

#[cfg(not(unix))]
fn is_socket(_: &std::io::Error) -> bool {
    false
}

/// How a file may be shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// In any way.
    Any,
    /// The file has only one name, so no one can have put it there under a second one.
    OneName,
    /// The file has only one name, and only its owner may read or write it.
    Private,
}

/// The text of a file, wherever links lead. Bytes that are not UTF-8 become U+FFFD, as Node reads them.
pub fn text(path: &Path, limit: u64) -> Result<String, ReadError> {
    read(bounded::open(path)?, limit, Access::Any)
}

/// The text of a file below a directory. Links are followed as long as they stay below it.
pub fn text_below(
    root: &Path,
    path: &Path,
    limit: u64,
    access: Access,
) -> Result<String, ReadError> {
    let root = Dir::open_ambient_dir(root, ambient_authority())?;
    read(bounded::open_below(&root, path)?, limit, access)
}

fn read(file: File, limit: u64, access: Access) -> Result<String, ReadError> {
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(ReadError::Directory);
    }
    if !metadata.is_file() {
        return Err(ReadError::NotRegular);
    }
    check(&metadata, access)?;
    let bytes = bounded::read_file(file, limit)?;
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

#[cfg(unix)]
fn check(metadata: &std::fs::Metadata, access: Access) -> Result<(), ReadError> {
    use std::os::unix::fs::MetadataExt as _;
    /// Reading and writing, by group and others.
    const SHARED: u32 = 0o066;
    if access != Access::Any && metadata.nlink() > 1 {
        return Err(ReadError::HardLinked);
    }
    if access == Access::Private && metadata.mode() & SHARED != 0 {
        return Err(ReadError::Exposed);
    }
    Ok(())
}

/// The metadata of other systems does not say any of this.
#[cfg(not(unix))]
fn check(_: &std::fs::Metadata, access: Access) -> Result<(), ReadError> {
    if access == Access::Private { Err(ReadError::Exposed) } else { Ok(()) }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn below(root: &Path, path: &str) -> Result<String, ReadError> {
        text_below(root, Path::new(path), 10, Access::OneName)
    }

    #[test]
    fn reads_files_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let path = |name: &str| home.path().join(name);
        fs::write(path("file"), b"\xef\xbb\xbfa\xff").unwrap();
        symlink("file", path("link")).unwrap();
        symlink("nowhere", path("dangling")).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, path("pipe"), rustix::fs::Mode::RUSR).unwrap();
        for name in ["file", "link"] {
            assert_eq!(text(&path(name), 10).as_deref(), Ok("\u{feff}a\u{fffd}"));
            assert_eq!(below(home.path(), name).as_deref(), Ok("\u{feff}a\u{fffd}"));
        }
        for name in ["dangling", "none", "file/x"] {
            assert_eq!(text(&path(name), 10), Err(ReadError::Missing));
            assert_eq!(below(home.path(), name), Err(ReadError::Missing));
        }
        let _socket = std::os::unix::net::UnixListener::bind(path("socket")).unwrap();
        for name in ["pipe", "socket"] {
            assert_eq!(text(&path(name), 10), Err(ReadError::NotRegular));
            assert_eq!(below(home.path(), name), Err(ReadError::NotRegular));
        }
        assert_eq!(text(home.path(), 10), Err(ReadError::Directory));
        assert_eq!(below(home.path(), "."), Err(ReadError::Directory));
        assert_eq!(text(Path::new("/dev/zero"), 10), Err(ReadError::NotRegular));
    }

    #[test]
    fn refuses_large_files_and_second_names() {
        let home = tempfile::tempdir().unwrap();
        let path = |name: &str| home.path().join(name);
        fs::write(path("ten"), "x".repeat(10)).unwrap();
        fs::write(path("eleven"), "x".repeat(11)).unwrap();
        assert!(below(home.path(), "ten").is_ok());
        assert_eq!(below(home.path(), "eleven"), Err(ReadError::TooLarge(10)));
        fs::hard_link(path("ten"), path("again")).unwrap();
        assert_eq!(below(home.path(), "ten"), Err(ReadError::HardLinked));
        assert!(text(&path("again"), 10).is_ok());
    }

    #[test]
    fn recognizes_private_files() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("file");
        fs::write(&path, "x").unwrap();
        for (mode, is_private) in [(0o600, true), (0o400, true), (0o640, false), (0o602, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let read = text_below(home.path(), Path::new("file"), 10, Access::Private);
            assert_eq!(read.is_ok(), is_private, "{mode:o}");
        }
    }

    #[test]
    fn never_leaves_the_root() {
        let home = tempfile::tempdir().unwrap();
        let root = home.path().join("root");
        fs::create_dir(&root).unwrap();
        fs::write(home.path().join("secret"), "x").unwrap();
        symlink("../secret", root.join("out")).unwrap();
        for path in ["out", "../secret"] {
            assert!(matches!(below(&root, path), Err(ReadError::Failed(_))), "{path}");
        }
    }
}
