//! Why a fact is not known.

use thiserror::Error;

use chitin_fs::files::FilesError;

/// Why a fact is not known. The reason quotes nothing of what was read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FactError {
    /// Nothing on this machine could be asked.
    #[error("{0}")]
    NotHere(String),
    /// It could not be asked, or did not answer.
    #[error("{0}")]
    Failed(String),
}

impl FactError {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self::Failed(reason.into())
    }
}

impl From<FilesError> for FactError {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::Absent(reason) => Self::NotHere(reason.to_owned()),
            FilesError::Unavailable { place, reason } => Self::new(format!("`{place}`: {reason}")),
            other => Self::new(other.to_string()),
        }
    }
}
