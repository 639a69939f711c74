//! What a chitin check is written with.
//!
//! A check is plain functions over a [`Host`]: it asks for sub-trees of the config, for files and facts, and reports
//! findings. In a component the host is the program behind the contract in `wit/`; in native tests it is a
//! [`fake::FakeHost`]. This crate decides nothing about OpenClaw and nothing about trust: what a check may see is the
//! program's business, and it enforces it whatever a check does here.

#[cfg(not(target_family = "wasm"))]
pub mod fake;
mod finding;
#[cfg(target_family = "wasm")]
#[doc(hidden)]
pub mod guest;
mod host;
#[doc(hidden)]
pub mod memo;
mod node;
mod rules;
pub mod text;

pub use chitin_sdk_macros::rules;
pub use finding::{Change, Finding, Fix, FixLevel, Location, Severity};
pub use host::{
    AclEntry, AuthOverride, BrowserContainer, BrowserContainers, CodeFinding, CodeScan, Content,
    Entry, Format, GatewayClose, GatewayProbe, Host, InstallKind, InstallRecord, InstallRecords,
    Kind, Link, Listing, Metadata, OperatingSystem, Origin, Placeholder, Problem, ProblemKind,
    Provenance, Refusal, Remark, Root, Seal, SecretSource,
};
pub use node::{Node, Tree};
pub use rules::{Group, OneOf, Outcome, Rule, RulePattern, run};
#[doc(hidden)]
pub use serde_json;
pub use serde_json::Value;
