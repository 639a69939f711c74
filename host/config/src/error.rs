//! Why a config has no document.

use thiserror::Error;

use super::limits::ConfigSizeError;
use super::parse::SyntaxError;
use chitin_fs::read::ReadError;

#[derive(Debug, Error)]
pub(super) enum ConfigError {
    #[error("the config was not read: {0}")]
    Read(#[from] ReadError),
    #[error("the config does not parse: {0}")]
    Syntax(#[from] SyntaxError),
    #[error("the config's top level is not an object")]
    NoObject,
    #[error(transparent)]
    Size(#[from] ConfigSizeError),
}
