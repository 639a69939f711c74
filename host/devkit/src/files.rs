//! Reading and writing in the author's own directory: bounded, and never half a file.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use super::AuthorError;

/// Reads a regular file that is not larger than a limit.
pub(super) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, AuthorError> {
    let failed = |error: io::Error| AuthorError::file(path, &error);
    let metadata = fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(AuthorError::File {
            path: path.to_owned(),
            reason: "not a regular file".to_owned(),
        });
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
        .map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(AuthorError::TooLarge { path: path.to_owned(), limit });
    }
    Ok(bytes)
}

/// The same as text.
pub(super) fn read_text(path: &Path, limit: u64) -> Result<String, AuthorError> {
    String::from_utf8(read(path, limit)?)
        .map_err(|_| AuthorError::File { path: path.to_owned(), reason: "not UTF-8".to_owned() })
}

/// Writes a file for everybody to read, in place of an older one.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), AuthorError> {
    fs::write(path, bytes).map_err(|error| AuthorError::file(path, &error))
}

/// Writes a file that only its owner may read, in place of an older one and as a whole.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), AuthorError> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let written = || {
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        file.write_all(bytes)?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    written().map_err(|error| AuthorError::file(path, &error))
}
