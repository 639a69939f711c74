//! Modules that are not loaded: imports outside of the contract, refused by name, and files that are not checks.

use chitin_model::ledger::Status;
use chitin_runtime::Catalogue;

use super::{account, bare, component, failure, run_wat};

/// What is said about a module that imports something else than the contract.
fn foreign(import: &str) -> String {
    format!(
        "module tests.wat imports `{import}`; a check may import nothing but chitin:audit/* of a version that this \
         program speaks"
    )
}

#[test]
fn an_import_outside_of_the_contract_is_refused_by_name() {
    for (wat, import) in [
        (include_str!("../../guests/wat/clock.wat"), "wasi:clocks/monotonic-clock@0.2.0"),
        (include_str!("../../guests/wat/plain-import.wat"), "now"),
        (include_str!("../../guests/wat/other-version.wat"), "chitin:audit/config@0.2.0"),
    ] {
        let report = run_wat(wat, &[]);
        assert_eq!(failure(&report), foreign(import));
        assert_eq!(account(&report, "wat.rule"), (Status::NotRun, Some(failure(&report).as_str())));
        assert!(!report.is_complete());
    }
}

#[test]
fn nothing_is_added_to_the_contract() {
    for (wat, import) in [
        (include_str!("../../guests/wat/unknown-interface.wat"), "chitin:audit/secrets@0.1.0"),
        (include_str!("../../guests/wat/unknown-function.wat"), "chitin:audit/config@0.1.0"),
        (include_str!("../../guests/wat/other-type.wat"), "chitin:audit/config@0.1.0"),
    ] {
        let report = run_wat(wat, &[]);
        let failure = failure(&report);
        assert!(failure.starts_with("module tests.wat does not load: "), "{failure}");
        assert!(failure.contains(import), "{failure}");
    }
}

#[test]
fn a_component_that_cannot_run_is_refused_with_the_reason() {
    let many = format!(
        "(component (core module $part) {} (core module $module (func (export \"run\")))
          (core instance $instance (instantiate $module))
          (func $run (canon lift (core func $instance \"run\"))) (export \"run\" (func $run)))",
        "(core instance (instantiate $part)) ".repeat(300),
    );
    for (wat, reason) in [
        (
            include_str!("../../guests/wat/no-run.wat"),
            "module tests.wat does not load: no export `run`",
        ),
        (include_str!("../../guests/wat/run-with-result.wat"), "module tests.wat does not load: "),
        (include_str!("../../guests/wat/simd.wat"), "module tests.wat does not load: "),
        (include_str!("../../guests/wat/huge-memory.wat"), "module tests.wat does not load: "),
        (many.as_str(), "it failed: "),
    ] {
        let report = run_wat(wat, &[]);
        assert!(failure(&report).starts_with(reason), "{}", failure(&report));
        assert_eq!(account(&report, "wat.rule").0, Status::NotRun);
    }
}

#[test]
fn a_file_that_is_not_a_component_is_refused() {
    let refused = |bytes: &[u8]| {
        Catalogue::of_components(chitin_audit::host_rules::reserved(), [("x", bytes)])
            .err()
            .unwrap()
            .to_string()
    };
    let core = bare(include_str!("../../guests/wat/core-module.wat"));
    assert!(refused(&core).contains("a core module, not a component"), "{}", refused(&core));
    assert!(refused(b"").contains("not a WebAssembly component"), "{}", refused(b""));
    assert!(
        refused(b"nonsense").contains("not a WebAssembly component"),
        "{}",
        refused(b"nonsense")
    );
    let spin = bare(include_str!("../../guests/wat/spin.wat"));
    assert!(refused(&spin).contains("has no `chitin:manifest` section"), "{}", refused(&spin));
    let whole = component(include_str!("../../guests/wat/spin.wat"));
    let cut = &whole[..whole.len() - 1];
    assert!(refused(cut).contains("not a WebAssembly component"), "{}", refused(cut));
}
