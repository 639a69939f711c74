//! One audit: collect, build the views, run the modules, gather findings and the ledger. The order of the report is that
//! of OpenClaw's audit and never depends on which thread was first.
//!
//! What must not enter: what a finding looks like when it is printed, and any knowledge of what a module checks.
#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types))] // Tests make the files that they are about.

mod gather;
pub mod host_rules;
mod options;
mod report;
mod run;
mod suppression;

pub use options::{Options, RunContext};
pub use report::{Audited, Deep, ModuleReport, Place, Report};
pub use run::{AuditError, audit, audit_inputs, collect};
