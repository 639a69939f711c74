//! What an audit says about installed modules, in every format.

use serde_json::json;

use super::{Bench, TRUST};
use crate::neutral::without_colour;
use crate::place::Place;
use crate::runner::Run;

fn text(bench: &Bench) -> String {
    without_colour(&Run::audit(&bench.place).go().stdout)
}

#[test]
fn where_nothing_is_installed_nothing_is_said() {
    let bench = Bench::trusting();
    let report = bench.audit();
    assert!(report.0["chitin"].get("trust").is_none());
    assert_eq!(report.ledger("chitin.module_refused").0, "passed");
    assert_eq!(report.ledger("chitin.modules_unvouched").0, "passed");
    assert!(!text(&bench).contains("Modules:"));
}

#[test]
fn a_refused_module_is_in_every_format_and_the_audit_is_incomplete() {
    let bench = Bench::installed();
    bench.write(TRUST, "");
    let answer = Run::audit_json(&bench.place).go();
    assert_eq!(answer.exit, 3);
    let report = answer.json();
    assert_eq!(report.0["chitin"]["trust"]["refused"][0]["module"], "acme.check");
    assert_eq!(report.texts("chitin.module_refused", "severity"), "warn");
    let (status, reason) = report.ledger("acme.rule");
    assert_eq!(status, "not-run");
    assert!(reason.contains("not trusted here"), "{reason}");
    let text = text(&bench);
    assert!(
        text.contains("Modules: signatures required · 1 refused · 0 without a valid signature"),
        "{text}"
    );
    assert!(text.contains("acme.rule: "), "{text}");
}

#[test]
fn a_loose_policy_is_told_in_every_run_and_format() {
    for (policy, line) in [
        ("warn", "Modules: signatures NOT required (policy warn)"),
        ("off", "Modules: signatures NOT checked (policy off)"),
    ] {
        let bench = Bench::new();
        bench.write(TRUST, format!("policy = \"{policy}\"\n"));
        let report = bench.audit();
        assert!(report.has("chitin.modules_unvouched"));
        assert_eq!(report.0["chitin"]["trust"]["policy"], policy);
        assert!(text(&bench).contains(line));
        let added = bench.ok(&["module", "add", "check.wasm", "--yes"]);
        assert!(added.contains("NOT VERIFIED"), "{added}");
        let report = bench.audit();
        assert!(report.texts("chitin.modules_unvouched", "detail").contains("- acme.check: "));
        assert_eq!(report.0["chitin"]["trust"]["unvouched"][0]["module"], "acme.check");
        assert!(bench.ok(&["module", "list"]).contains(&format!("The policy is `{policy}`")));
    }
}

#[test]
fn the_audited_config_cannot_suppress_it() {
    let bench = Bench::installed();
    bench.write(TRUST, "policy = \"warn\"\n");
    bench.write(&bench.stored_module(), "changed");
    let suppressions = json!([
        {"checkId": "chitin.module_refused"},
        {"checkId": "chitin.modules_unvouched"},
    ]);
    let config = json!({"security": {"audit": {"suppressions": suppressions}}});
    bench.write("state/openclaw.json", config.to_string());
    let report = bench.audit();
    assert!(report.has("chitin.module_refused") && report.has("chitin.modules_unvouched"));
    assert!(report.suppressed().is_empty());
}

#[test]
fn with_a_malformed_trust_file_the_audit_goes_on_without_modules() {
    let bench = Bench::installed();
    bench.write(TRUST, "policy = \"sometimes\"\n");
    let answer = Run::audit_json(&bench.place).go();
    assert_eq!(answer.exit, 3);
    let report = answer.json();
    assert!(report.texts("chitin.module_refused", "detail").contains("is not a valid trust file"));
    assert!(report.0["chitin"]["trust"]["failure"].is_string());
    assert!(text(&bench).contains("none could be used"));
}

#[test]
fn without_a_home_directory_an_audit_works() {
    let place = Place::with_config(&json!({}));
    let answer = Run::audit_json(&place).without_env("HOME").go();
    assert!(matches!(answer.exit, 0 | 3), "{}", answer.stderr);
}
