//! Workers that do not do what a worker should: only the rules of their module are lost.

use std::path::PathBuf;

use chitin_audit::Report;
use chitin_model::ledger::Status;
use chitin_runtime::worker::Program;
use serde_json::json;

use super::{failure, status};
use crate::support::harness::{Audit, HOSTILE, foreign, setup};
use crate::support::workspace::Workspace;

fn workspace() -> Workspace {
    Workspace::with_config(&json!({"gateway": {"bind": "lan"}, "hostile": {"mode": "quiet"}}))
}

/// An audit with all built-in modules, and one whose worker is a script.
fn with(script: &str) -> Report {
    let (workspace, cache) = (workspace(), tempfile::tempdir().unwrap());
    let mut workers = setup(cache.path());
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/fake-workers");
    workers.program = Program::At(folder.join(script));
    let catalogue = chitin_builtin::catalogue().unwrap().admit([foreign(HOSTILE)]);
    Audit::of(&workspace).limit("compile-time=2000").workers(workers).run(&catalogue)
}

/// All other rules are as they are without the module.
fn costs_its_own_rules(report: &Report, reason: &str) {
    assert!(
        failure(report, "tests.hostile").contains(reason),
        "{}",
        failure(report, "tests.hostile")
    );
    for rule in ["hostile.first", "hostile.trick", "hostile.last"] {
        assert_eq!(status(report, rule), Status::NotRun);
    }
    assert!(!report.is_complete());
    let without = Audit::of(&workspace()).run(&chitin_builtin::catalogue().unwrap());
    for entry in &without.ledger {
        if entry.module != "chitin" {
            assert!(report.ledger.contains(entry), "{entry:?}");
        }
    }
}

#[test]
fn a_worker_that_dies_costs_its_own_rules() {
    costs_its_own_rules(&with("gone"), "compiling it failed: it ended with code 7");
    costs_its_own_rules(&with("killed"), "it was killed by signal 9");
}

#[test]
fn a_missing_worker_costs_its_own_rules() {
    costs_its_own_rules(&with("none"), "the worker cannot be started");
}

#[test]
fn a_silent_worker_is_killed_at_the_deadline() {
    costs_its_own_rules(&with("silent"), "--limit compile-time=NUMBER");
}

#[test]
fn a_worker_that_breaks_the_protocol_is_stopped() {
    costs_its_own_rules(&with("boundless"), "it said too much at once");
    costs_its_own_rules(&with("babbling"), "it sent a malformed message");
    costs_its_own_rules(&with("hasty"), "it spoke out of turn");
}
