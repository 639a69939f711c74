//! Workers: what they cannot do, what happens to a module whose worker fails, and that machine code is cached safely.
//!
//! What a module may do is the same in a worker as in this process; that is tested with the hostile modules.

mod code_cache;
mod compile_bombs;
mod fake_workers;
mod isolation;
mod sandbox;

use chitin_audit::Report;
use chitin_model::ledger::Status;

/// Why a module did not come to its end; empty if it did.
fn failure(report: &Report, id: &str) -> String {
    let module = report.modules.iter().find(|module| module.id == id);
    let module = module.unwrap_or_else(|| panic!("{id} is not in the report"));
    module.failure.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// The status of a rule.
fn status(report: &Report, rule: &str) -> Status {
    let entry = report.ledger.iter().find(|entry| entry.rule == rule);
    entry.unwrap_or_else(|| panic!("{rule} is not in the ledger")).status
}
