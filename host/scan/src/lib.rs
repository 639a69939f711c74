//! Reading code: which files of a tree are given to the scanner, on how many shards, and what came of it. The scanner
//! itself is a component (`chitin_runtime::Scanner`); this room decides what it gets and believes nothing that it says
//! beyond its manifest.
//!
//! What must not enter: what a finding means, and how it is printed.
#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types))] // Tests make the files that they are about.

mod gather;
mod languages;
mod magic;
mod package;
mod plan;
mod progress;
mod request;
mod scan;
mod service;
mod shards;
mod target;
mod verdict;

pub use self::progress::{NoProgress, Progress};
pub use self::request::{Search, TestFiles, WHOLE_TREE};
pub use self::service::Service;
pub use self::target::{ScanError, ScanOptions, TargetKind, TargetReport, scan_paths};
pub use self::verdict::Verdict;
