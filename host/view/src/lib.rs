//! What a check may see. A [`View`] answers a module's [`calls`] from the inputs of a run, from the same with a recorder
//! beside it, or from a recording; secrets are sealed before anything is answered, and grants are applied in one place.
//! All versions of the contract share it.
//!
//! What must not enter: reading the machine (that is collect's), and anything that runs a module.
#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types))] // Tests make the files that they are about.

pub mod calls;
mod code_scan;
mod code_secrets;
mod docker_policy;
mod inputs;
mod known_secrets;
mod live;
pub mod recording;
mod refusal;
mod seal;
mod secret_patterns;
mod view;

pub use chitin_contract as contract;

pub use code_scan::{CodeFinding, CodePlace, CodeScan, CodeScanner, FileNote, ScanBudget};
pub use code_secrets::CodeSecrets;
pub use inputs::{AuthOverride, Inputs};
pub use known_secrets::KnownSecrets;
pub use live::LiveView;
pub use refusal::{Answer, Refusal, of_files, reason};
pub use seal::NoRandomness;
pub use seal::without_shapes;
pub use view::View;
