//! What an audit says about installed modules, in every format.

use serde_json::json;

use super::{TRUST, TestBed};
use crate::support::output_hygiene::without_colour;
use crate::support::runner::Run;
use crate::support::workspace::Workspace;

fn text(bed: &TestBed) -> String {
    without_colour(&Run::audit(&bed.workspace).go().stdout)
}

#[test]
fn without_installed_modules_the_report_does_not_mention_them() {
    let bed = TestBed::trusting();
    let report = bed.audit();
    assert!(report.0["chitin"].get("trust").is_none());
    assert_eq!(report.ledger("chitin.module_refused").0, "passed");
    assert_eq!(report.ledger("chitin.modules_unvouched").0, "passed");
    assert!(!text(&bed).contains("Modules:"));
}

#[test]
fn a_refused_module_is_in_every_format_and_the_audit_is_incomplete() {
    let bed = TestBed::installed();
    bed.write(TRUST, "");
    let answer = Run::audit_json(&bed.workspace).go();
    assert_eq!(answer.exit, 3);
    let report = answer.json();
    assert_eq!(report.0["chitin"]["trust"]["refused"][0]["module"], "acme.check");
    assert_eq!(report.texts("chitin.module_refused", "severity"), "warn");
    let (status, reason) = report.ledger("acme.rule");
    assert_eq!(status, "not-run");
    assert!(reason.contains("not trusted here"), "{reason}");
    let text = text(&bed);
    assert!(
        text.contains("Modules: signatures required · 1 refused · 0 without a valid signature"),
        "{text}"
    );
    assert!(text.contains("acme.rule: "), "{text}");
}

#[test]
fn a_loose_policy_is_reported_in_every_run_and_format() {
    for (policy, line) in [
        ("warn", "Modules: signatures NOT required (policy warn)"),
        ("off", "Modules: signatures NOT checked (policy off)"),
    ] {
        let bed = TestBed::new();
        bed.write(TRUST, format!("policy = \"{policy}\"\n"));
        let report = bed.audit();
        assert!(report.has("chitin.modules_unvouched"));
        assert_eq!(report.0["chitin"]["trust"]["policy"], policy);
        assert!(text(&bed).contains(line));
        let added = bed.ok(&["module", "add", "check.wasm", "--yes"]);
        assert!(added.contains("NOT VERIFIED"), "{added}");
        let report = bed.audit();
        assert!(report.texts("chitin.modules_unvouched", "detail").contains("- acme.check: "));
        assert_eq!(report.0["chitin"]["trust"]["unvouched"][0]["module"], "acme.check");
        assert!(bed.ok(&["module", "list"]).contains(&format!("The policy is `{policy}`")));
    }
}

#[test]
fn the_audited_config_cannot_suppress_it() {
    let bed = TestBed::installed();
    bed.write(TRUST, "policy = \"warn\"\n");
    bed.write(&bed.stored_module(), "changed");
    let suppressions = json!([
        {"checkId": "chitin.module_refused"},
        {"checkId": "chitin.modules_unvouched"},
    ]);
    let config = json!({"security": {"audit": {"suppressions": suppressions}}});
    bed.write("state/openclaw.json", config.to_string());
    let report = bed.audit();
    assert!(report.has("chitin.module_refused") && report.has("chitin.modules_unvouched"));
    assert!(report.suppressed().is_empty());
}

#[test]
fn with_a_malformed_trust_file_the_audit_goes_on_without_modules() {
    let bed = TestBed::installed();
    bed.write(TRUST, "policy = \"sometimes\"\n");
    let answer = Run::audit_json(&bed.workspace).go();
    assert_eq!(answer.exit, 3);
    let report = answer.json();
    assert!(report.texts("chitin.module_refused", "detail").contains("is not a valid trust file"));
    assert!(report.0["chitin"]["trust"]["failure"].is_string());
    assert!(text(&bed).contains("none could be used"));
}

#[test]
fn without_a_home_directory_an_audit_works() {
    let workspace = Workspace::with_config(&json!({}));
    let answer = Run::audit_json(&workspace).without_env("HOME").go();
    assert!(matches!(answer.exit, 0 | 3), "{}", answer.stderr);
}
