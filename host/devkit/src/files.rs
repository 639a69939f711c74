//! Reading and writing in the author's own directory: bounded, and never half a file.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use super::DevkitError;

/// Reads a regular file of at most `limit` bytes.
pub(super) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, DevkitError> {
    let failed = |error: io::Error| DevkitError::file(path, &error);
    let metadata = fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(DevkitError::File {
            path: path.to_owned(),
            reason: "not a regular file".to_owned(),
        });
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
        .map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(DevkitError::TooLarge { path: path.to_owned(), limit });
    }
    Ok(bytes)
}

/// Reads it as UTF-8 text.
pub(super) fn read_text(path: &Path, limit: u64) -> Result<String, DevkitError> {
    String::from_utf8(read(path, limit)?)
        .map_err(|_| DevkitError::File { path: path.to_owned(), reason: "not UTF-8".to_owned() })
}

/// Writes a file that anyone may read, and replaces an older one.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), DevkitError> {
    fs::write(path, bytes).map_err(|error| DevkitError::file(path, &error))
}

/// Writes a file that only its owner may read, and replaces an older one atomically.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), DevkitError> {
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
    written().map_err(|error| DevkitError::file(path, &error))
}
