//! What the host finds out about the audited installation beyond its config: one function a fact, run only when a
//! check was granted it.
//!
//! A fact is read from files below the roots, from a copy of the state database, or by asking docker or the gateway.
//! Nothing here writes to what is audited, knows of grants, or seals secrets. A fact that cannot be had is
//! [`Unavailable`], never empty.

mod bind_source;
mod containers;
mod database;
mod exec_approvals;
#[cfg(test)]
mod fixture;
mod gateway;
mod homes;
mod host_path;
mod installs;
mod json;
mod pairing;
mod text;

use thiserror::Error;

use chitin_fs::files::FilesError;

pub use bind_source::bind_source;
pub use containers::{BrowserContainer, BrowserContainers, browser_containers};
pub use database::StateDatabase;
pub use exec_approvals::{Document, exec_approvals};
pub use gateway::{GatewayClose, GatewayProbe, Question};
pub use homes::{HomeSources, homes};
pub use installs::{InstallKind, InstallRecord, InstallRecords, install_records};
pub use pairing::pairing_store;

/// The root of the state directory.
pub const STATE_ROOT: &str = "state";
/// The root of the credentials directory.
pub const CREDENTIALS_ROOT: &str = "credentials";

/// Why a fact could not be had. The reason quotes nothing of what was read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unavailable {
    /// There is nothing on this machine that could be asked.
    #[error("{0}")]
    NotHere(String),
    /// It could not be asked, or did not answer.
    #[error("{0}")]
    Failed(String),
}

impl Unavailable {
    fn new(reason: impl Into<String>) -> Self {
        Self::Failed(reason.into())
    }
}

impl From<FilesError> for Unavailable {
    fn from(error: FilesError) -> Self {
        Self::new(match error {
            FilesError::Unavailable { place, reason } => format!("`{place}`: {reason}"),
            other => other.to_string(),
        })
    }
}
