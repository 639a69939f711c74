//! What the host finds out about the audited installation beyond its config: one function for each fact, run only when
//! a check was granted it.
//!
//! A fact is read from files below the roots, from a copy of the state database, or by asking docker or the gateway. A
//! fact that cannot be read is a [`FactError`], never empty.
//!
//! What must not enter: writing to what is audited, grants, sealing of secrets.

mod bind_source;
mod containers;
mod database;
mod error;
mod exec_approvals;
#[cfg(test)]
mod fixture;
mod gateway;
mod homes;
mod host_path;
mod installs;
mod json;
mod openclaw_version;
mod pairing;
mod text;

pub use bind_source::bind_source;
pub use containers::{BrowserContainer, BrowserContainers, browser_containers};
pub use database::StateDatabase;
pub use error::FactError;
pub use exec_approvals::{Document, exec_approvals};
pub use gateway::{GatewayClose, GatewayProbe, ProbeRequest};
pub use homes::{HomeSources, homes};
pub use installs::{InstallKind, InstallRecord, InstallRecords, install_records};
pub use openclaw_version::{OpenClawVersions, openclaw_versions};
pub use pairing::pairing_store;
