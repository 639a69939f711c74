//! What a chitin check is written with.
//!
//! A check is plain functions over a [`Host`]: it asks for sub-trees of the config, for files and facts, and reports
//! findings. In a component the host is the program behind the contract in `wit/`; in native tests it is a
//! [`fake::FakeHost`]. This crate decides nothing about OpenClaw and nothing about trust: what a check may see is decided
//! and enforced by the program, whatever a check does here.

#[doc(hidden)]
pub mod contract;
mod facts;
#[cfg(not(target_family = "wasm"))]
pub mod fake;
mod finding;
#[cfg(target_family = "wasm")]
#[doc(hidden)]
pub mod guest;
mod host;
#[doc(hidden)]
pub mod memo;
mod rules;
pub mod text;

pub use chitin_document::{
    AclEntry, AuthOverride, GatewayFacts, Kind, Link, Metadata, Node, Placeholder, Refusal, Seal,
    SecretSource, Tree, Value,
};
pub use chitin_sdk_macros::rules;
pub use contract::config::{Origin, Provenance};
pub use contract::facts::{
    BrowserContainer, ContainerList, GatewayClose, InstallIndex, InstallKind, InstallRecord,
    OperatingSystem, ProbeResult, Problem, ProblemKind,
};
pub use contract::files::{Content, Format, Root};
pub use facts::Facts;
pub use finding::{Change, Finding, Fix, FixLevel, Location, Severity};
pub use host::{CodeFinding, CodeScan, Entry, FileNote, Host, Listing};
pub use rules::{Group, OneOf, Outcome, Rule, RulePattern, not_decided, run};
#[doc(hidden)]
pub use serde_json;
