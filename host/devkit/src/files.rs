//! Reading and writing in the author's own directory: within limits, and never half a file.

use std::fs;
use std::path::Path;

use super::AuthorError;
use chitin_fs::bounded::{self, BoundedReadError};
use chitin_fs::replace::{Durability, replace_at};

/// Reads a regular file that is not larger than a limit.
pub(super) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, AuthorError> {
    let read = bounded::open(path)
        .map_err(BoundedReadError::from)
        .and_then(|file| bounded::read_file(file, limit));
    read.map_err(|error| match error {
        BoundedReadError::NotRegular => {
            AuthorError::File { path: path.to_owned(), reason: "not a regular file".to_owned() }
        }
        BoundedReadError::TooLarge(limit) => AuthorError::TooLarge { path: path.to_owned(), limit },
        BoundedReadError::Failed(error) => AuthorError::file(path, &error),
    })
}

/// The same as text.
pub(super) fn read_text(path: &Path, limit: u64) -> Result<String, AuthorError> {
    String::from_utf8(read(path, limit)?)
        .map_err(|_| AuthorError::File { path: path.to_owned(), reason: "not UTF-8".to_owned() })
}

/// Writes a file that everyone may read, in place of an older one.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), AuthorError> {
    fs::write(path, bytes).map_err(|error| AuthorError::file(path, &error))
}

/// Writes a file that only its owner may read, in place of an older one and as a whole.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), AuthorError> {
    replace_at(path, bytes, Durability::Durable).map_err(|error| AuthorError::file(path, &error))
}
