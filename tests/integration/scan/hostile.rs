//! Hostile scanners, and files that make a scanner fail. Only the file itself is lost.

use chitin_runtime::Catalogue;
use serde_json::json;

use super::{Scan, found, left_out, notes, workspace};
use crate::hostile_guests::{manifest, with_section};
use crate::support::harness::SCANNER;

/// What is left out of a directory whose middle file brings the scanner to a trick. The others are found all the same.
fn trick(mode: &str, limits: &[&str]) -> Vec<String> {
    let workspace = workspace(&[
        ("a.js", "eval("),
        ("b.js", &format!("mode:{mode}")),
        ("c.js", "eval("),
        ("d.js", "eval("),
    ]);
    let scan = limits.iter().fold(Scan::of(&workspace, "code"), |scan, limit| scan.limit(limit));
    let report = scan.run();
    let others: Vec<_> = found(&report).into_iter().filter(|at| !at.starts_with("b.js")).collect();
    assert_eq!(others, ["a.js:1", "c.js:1", "d.js:1"]);
    assert!(!report.is_complete());
    left_out(&report)
}

#[test]
fn an_endless_scan_runs_out_of_fuel() {
    assert_eq!(
        trick("loop", &["scan-fuel=10000000"]),
        [
            "b.js: the limit of 10000000 units of work was reached (raise it with --limit scan-fuel=NUMBER)"
        ]
    );
}

#[test]
fn an_endless_scan_runs_out_of_time() {
    assert_eq!(
        trick("loop", &["scan-fuel=1152921504606846976", "scan-time=300"]),
        [
            "b.js: the limit of 300 milliseconds was reached (raise it with --limit scan-time=NUMBER)"
        ]
    );
}

#[test]
fn a_scan_that_takes_all_memory_is_stopped() {
    assert_eq!(
        trick("allocate", &["scan-memory=16777216"]),
        [
            "b.js: the limit of 16777216 bytes was reached (raise it with --limit scan-memory=NUMBER)"
        ]
    );
}

#[test]
fn a_file_that_makes_the_scanner_panic_is_reported() {
    assert_eq!(trick("trap", &[]), ["b.js: the scanner failed: it panicked"]);
}

#[test]
fn a_flood_of_findings_is_stopped() {
    assert_eq!(trick("flood", &[]), ["b.js: there are 600 findings; the first 500 are kept"]);
}

#[test]
fn an_oversized_answer_is_refused() {
    let [told] = trick("giant", &[]).try_into().unwrap();
    assert!(told.starts_with("b.js: the scanner failed: "), "{told}");
}

#[test]
fn undeclared_findings_are_rejected() {
    assert_eq!(
        trick("undeclared", &[]),
        ["b.js: the scanner reported `hostile.rule`, which its manifest does not declare"]
    );
    assert_eq!(
        trick("severity", &[]),
        ["b.js: the scanner reported `malicious.word` as info, which the rule does not declare"]
    );
    assert_eq!(
        trick("long", &[]),
        ["b.js: the scanner reported `suspicious.word` with a text that is too long"]
    );
}

#[test]
fn findings_before_a_failure_stay() {
    let workspace = workspace(&[("a.js", "eval( mode:undeclared")]);
    let report = Scan::of(&workspace, "code").run();
    assert_eq!(found(&report), ["a.js:1"]);
    assert_eq!(report.scan.scanned_files, 1);
    assert!(!report.is_complete());
}

#[test]
fn uncertain_findings_are_notes() {
    let workspace = workspace(&[("a.js", "mode:note")]);
    let report = Scan::of(&workspace, "code").run();
    assert_eq!(notes(&report), ["a.js: read with doubt"]);
    assert!(report.is_complete());
}

#[test]
fn an_instance_is_replaced_after_a_failure_or_much_memory() {
    for mode in ["trap", "keep"] {
        let workspace = workspace(&[("a.js", &format!("mode:{mode}")), ("b.js", "mode:number")]);
        // One file at a time, so both are read by the same instance.
        let report = Scan::of(&workspace, "code").run();
        let told = &report.scan.findings.last().unwrap().message;
        assert_eq!(told, "0", "{mode}");
    }
}

#[test]
fn a_scanner_keeps_no_state_between_runs() {
    let workspace = workspace(&[("a.js", "mode:number")]);
    for _ in 0..3 {
        assert_eq!(Scan::of(&workspace, "code").run().scan.findings[0].message, "0");
    }
}

/// A scanner that is written by hand.
fn wat(wat: &str) -> Vec<u8> {
    let mut manifest = manifest();
    manifest["scanner"] = json!({"code": [".js"]});
    manifest.as_object_mut().unwrap().remove("grants");
    let section = chitin_build::MANIFEST_SECTION;
    with_section(wat::parse_str(wat).unwrap(), section, manifest.to_string().as_bytes())
}

#[test]
fn a_scanner_imports_nothing() {
    let workspace = workspace(&[("a.js", "")]);
    for (import, text) in [
        ("wasi:clocks/monotonic-clock@0.2.0", include_str!("../../guests/wat/clock.wat")),
        ("now", include_str!("../../guests/wat/plain-import.wat")),
        (
            "chitin:audit/files@0.1.0",
            r#"(component (import "chitin:audit/files@0.1.0" (instance (export "roots" (func)))))"#,
        ),
    ] {
        assert_eq!(
            Scan::of(&workspace, "code").with(wat(text)).refused(),
            format!("module tests.wat imports `{import}`; a scanner of code imports nothing")
        );
    }
}

#[test]
fn a_component_that_is_not_a_scanner_does_not_load() {
    let workspace = workspace(&[("a.js", "")]);
    let refused = Scan::of(&workspace, "code").with(wat("(component)")).refused();
    assert!(refused.starts_with("module tests.wat does not load: "), "{refused}");
}

#[test]
fn there_is_one_scanner() {
    let other = wat("(component)");
    let both = Catalogue::of_components(
        chitin_audit::host_rules::reserved(),
        [("one", SCANNER), ("other", other.as_slice())],
    );
    let refused = both.err().unwrap().to_string();
    assert_eq!(refused, "modules tests.scanner and tests.wat are both scanners of code");
}
