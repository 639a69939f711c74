//! Runs modules: reads manifests, loads components, gives each a store with limits and a view, and keeps what it said.
//!
//! Built-in modules get no exemption from anything here.
#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types))] // Tests make the files that they are about.

pub mod cancel;
mod catalogue;
mod execute;
mod failure;
mod guest;
pub mod limits;
mod precompiled;
mod reading;
mod run;
mod scanner;
mod scanner_v0_1;
mod store_data;
mod usage;
mod validate;
mod wait_clock;
pub mod worker;

use chitin_model::component_info::CONTRACT;
use chitin_model::manifest::ManifestError;
use thiserror::Error;

pub use self::catalogue::{Catalogue, Foreign, HostRules, Module};
pub use self::failure::RunError;
pub use self::precompiled::Embedded;
pub use self::reading::{ReadError, Reading, SourceFile};
pub use self::run::{Clock, Outcome, Prepared, Runner};
pub use self::scanner::Scanner;

#[derive(Debug, Error)]
pub enum LoadError {
    #[error("module {module}: {source}")]
    Manifest { module: String, source: ManifestError },
    #[error(
        "module {module} imports `{import}`; a check may import nothing but {CONTRACT}* of a version that this program speaks"
    )]
    ForeignImport { module: String, import: String },
    #[error(
        "module {0} is put together of several components; a check is one component with one memory"
    )]
    Composed(String),
    #[error("modules {first} and {second} both declare the rule `{rule}`")]
    DuplicateRule { first: String, second: String, rule: String },
    #[error("modules share the id `{0}`")]
    DuplicateModule(String),
    #[error("modules {0} and {1} are both scanners of code")]
    TwoScanners(String, String),
    #[error("module {module} imports `{import}`; a scanner of code imports nothing")]
    ScannerImport { module: String, import: String },
    #[error("module {module} does not load: {reason}")]
    Engine { module: String, reason: String },
    #[error("this program was built without its checks")]
    NoChecks,
    #[error("the WebAssembly engine does not start on this machine: {0}")]
    NoEngine(String),
}
