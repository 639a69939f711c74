//! Audits the security of OpenClaw gateways.
//!
//! Data flows one way: [`collect`] reads the machine, [`view`] seals secrets and applies grants, [`plugin`] runs the
//! checks as WebAssembly components over their views, [`audit`] gathers what they say, [`report`] prints it. Only
//! `collect` touches the machine.

pub mod audit;
pub mod cli;
pub mod collect;
pub mod finding;
pub mod ledger;
pub mod own;
pub mod plugin;
pub mod report;
pub mod suppression;
pub mod view;
