//! Why something below a root could not be read, in our own words. A reason never quotes what a file contains.

use std::io;

use thiserror::Error;

use super::path::PathRuleError;

/// Why something below a root could not be read. `place` is written `ROOT:PATH`; `reason` is a clause in plain text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FilesError {
    #[error("there is no root `{name}`")]
    UnknownRoot { name: String },
    /// Nothing has files in this run.
    #[error("{0}")]
    Absent(&'static str),
    #[error("`{path}` is not a path below a root: {reason}")]
    InvalidPath { path: String, reason: PathRuleError },
    #[error("`{place}` leads out of its root through a link")]
    Outside { place: String },
    #[error("unavailable: `{place}`: {reason}")]
    Unavailable { place: String, reason: String },
}

/// What went wrong, without the wording of the platform, so a report reads the same everywhere.
pub fn io_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::NotFound => "there is nothing at this path".to_owned(),
        io::ErrorKind::NotADirectory => "a part of the path is not a directory".to_owned(),
        io::ErrorKind::InvalidFilename => "a name in the path is too long".to_owned(),
        io::ErrorKind::Interrupted | io::ErrorKind::TimedOut => {
            "it did not answer in time".to_owned()
        }
        _ if is_link_loop(error) => "too many links in a row".to_owned(),
        other => format!("input or output failed ({other})"),
    }
}

/// `ErrorKind::FilesystemLoop` is not stable yet.
#[cfg(unix)]
fn is_link_loop(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

#[cfg(not(unix))]
fn is_link_loop(_error: &io::Error) -> bool {
    false
}
