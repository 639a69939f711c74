//! Audits the security of OpenClaw gateways.
//!
//! Data flows one way: [`collect`] reads the machine, [`view`] seals secrets and applies grants, [`plugin`] runs the
//! checks as WebAssembly components over their views, [`audit`] gathers what they say, [`report`] prints it, and [`fix`] makes the
//! changes that were asked for. Of what is audited, only `collect` reads and only `fix` writes. [`trust`] decides whose modules
//! are used; it touches chitin's own directories and nothing else. [`author`] is the workshop of those who write modules, with
//! a door to their own directories.

#[cfg(not(any(feature = "checks", chitin_type_check)))]
compile_error!("chitin without its checks is of no use; leave the feature `checks` on");

pub mod audit;
pub mod author;
pub mod calendar;
pub mod cli;
pub mod collect;
mod durable;
pub mod finding;
pub mod fix;
pub mod ledger;
pub mod own;
pub mod plugin;
pub mod private_dir;
pub mod report;
pub mod scan;
pub mod stop;
pub mod suppression;
pub mod trust;
pub mod view;
