//! Installed modules run: their findings are listed beside those of the built-in checks, and what goes wrong with them costs
//! nobody else anything.

use serde_json::json;

use super::TestBed;
use crate::support::harness::HOSTILE;
use crate::support::runner::{Report, Run};
use crate::support::workspace::Workspace;

/// A gateway with a module of the publisher `tests`, rightly installed; `mode` says what it does.
fn installed(mode: &str) -> TestBed {
    let config = json!({"gateway": {"bind": "lan"}, "hostile": {"mode": mode}});
    let bed = TestBed { workspace: Workspace::with_config(&config) };
    bed.keygen("tests");
    bed.workspace.file("hostile.wasm", 0o644, HOSTILE);
    bed.sign("hostile.wasm", "tests", 1);
    bed.ok(&[
        "module",
        "trust",
        "add",
        "tests.pub",
        "--publisher",
        "tests",
        "--rules",
        "hostile",
        "--grant",
        "config:/hostile",
        "files:state:granted/** metadata",
        "files:state:content/** content",
        "facts:platform",
        "fix-config:/hostile/value",
        "fix-mode:state:granted",
    ]);
    bed.ok(&["module", "add", "hostile.wasm", "--yes"]);
    bed
}

/// What the built-in checks found.
fn built_in(report: &Report) -> Vec<(String, String)> {
    report.hits().into_iter().filter(|(id, _)| !id.contains("hostile")).collect()
}

#[test]
fn an_installed_module_is_a_part_of_the_audit() {
    let bed = installed("quiet");
    let answer = Run::audit_json(&bed.workspace).go();
    assert_eq!(answer.exit, 0, "{}", answer.stderr);
    let report = answer.json();
    assert!(report.has("hostile.first") && report.has("hostile.last"));
    assert!(report.has("gateway.bind_no_auth"));
    assert_eq!(report.ledger("hostile.trick").0, "passed");
    assert_eq!(report.ledger("chitin.module_refused").0, "passed");
    assert!(report.0["chitin"]["workers"].is_object(), "{}", report.0["chitin"]["workers"]);
    bed.ok(&["module", "remove", "tests.hostile"]);
    let without = bed.audit();
    assert_eq!(built_in(&without), built_in(&report));
    assert_eq!(built_in(&without), without.hits());
}

#[test]
fn its_rules_are_listed_and_explained() {
    let bed = installed("quiet");
    assert!(bed.ok(&["list"]).contains("hostile.trick"));
    assert!(bed.ok(&["explain", "hostile.trick"]).contains("Reports what came of it."));
}

#[test]
fn an_installed_module_that_fails_costs_its_own_rules() {
    let bed = installed("panic");
    let answer = Run::audit_json(&bed.workspace).go();
    assert_eq!(answer.exit, 3);
    let report = answer.json();
    assert!(report.has("hostile.first"));
    assert_eq!(report.ledger("hostile.trick").0, "not-run");
    assert_eq!(report.ledger("hostile.last").0, "not-run");
    bed.ok(&["module", "remove", "tests.hostile"]);
    assert_eq!(built_in(&bed.audit()), built_in(&report));
}

#[test]
fn a_module_that_was_changed_after_it_was_installed_does_not_run() {
    let bed = installed("quiet");
    let stored = bed.stored_module();
    let mut bytes = bed.read(&stored);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    bed.write(&stored, bytes);
    let answer = Run::audit_json(&bed.workspace).go();
    assert_eq!(answer.exit, 3);
    let report = answer.json();
    assert!(report.has("chitin.module_refused"));
    assert!(!report.has("hostile.first"));
    assert_eq!(report.ledger("hostile.first").0, "not-run");
    assert!(report.0["chitin"].get("workers").is_none());
}
