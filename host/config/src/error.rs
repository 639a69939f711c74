//! Why a config has no document.

use thiserror::Error;

use super::document::ProblemKind;
use super::limits::ConfigSizeError;
use super::parse::{SyntaxError, SyntaxErrorKind};
use chitin_fs::read::ReadError;
use std::io::ErrorKind;

#[derive(Debug, Error)]
pub(super) enum ConfigError {
    #[error("the config was not read: {0}")]
    Read(#[from] ReadError),
    #[error("the config does not parse: {0}")]
    Syntax(#[from] SyntaxError),
    #[error("the config's top level is not an object")]
    NoObject,
    #[error("the config is not text in UTF-8: it has bytes that are not characters")]
    NotText,
    #[error(transparent)]
    Size(#[from] ConfigSizeError),
}

impl ConfigError {
    /// What kind of problem it is: only an error of syntax can be mended in the text.
    pub(super) fn kind(&self) -> ProblemKind {
        match self {
            Self::Read(ReadError::Failed(ErrorKind::PermissionDenied)) => ProblemKind::NotPermitted,
            Self::Read(ReadError::Directory | ReadError::NotRegular) => ProblemKind::NotAFile,
            Self::Read(ReadError::TooLarge(_)) | Self::Size(_) => ProblemKind::TooLarge,
            Self::Read(_) => ProblemKind::ReadFailed,
            Self::NotText => ProblemKind::NotText,
            Self::Syntax(error) => match error.kind {
                SyntaxErrorKind::TooDeep(_) | SyntaxErrorKind::TooMany(_) => ProblemKind::TooLarge,
                SyntaxErrorKind::Grammar(_) => ProblemKind::ParseFailed,
            },
            Self::NoObject => ProblemKind::ParseFailed,
        }
    }
}
