//! Audits the security of OpenClaw gateways.
//!
//! Data flows one way: [`collect`] reads the machine, [`view`] seals secrets and applies grants, [`plugin`] runs the
//! checks as WebAssembly components over their views, [`audit`] gathers what they say, [`report`] prints it, and [`fix`] makes the
//! changes that were asked for. Only `collect` and `fix` touch the machine, and only `fix` writes.

pub mod audit;
pub mod cli;
pub mod collect;
pub mod finding;
pub mod fix;
pub mod ledger;
pub mod own;
pub mod plugin;
pub mod private_dir;
pub mod report;
pub mod suppression;
pub mod view;
