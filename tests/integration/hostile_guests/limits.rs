//! Modules that take too much: stopped, with the limit and the option that raises it in the message.

use std::time::{Duration, Instant};

use chitin_audit::Report;
use chitin_model::ledger::Status;

use super::{account, failure, ids, misbehave, rejected, run_wat, told};

const SPIN: &str = include_str!("../../guests/wat/spin.wat");

/// The message about a limit.
fn over(limit: &str, unit: &str, name: &str) -> String {
    format!("the limit of {limit} {unit} was reached (raise it with --limit {name}=NUMBER)")
}

/// What was said before is kept, what was not decided is not run, and a finding says that the module failed.
fn costs_its_own_rules(report: &Report) {
    let reason = failure(report);
    assert!(ids(report).contains(&"hostile.first"));
    assert_eq!(account(report, "hostile.first"), (Status::Finding, None));
    assert_eq!(account(report, "hostile.last"), (Status::NotRun, Some(reason.as_str())));
    assert!(!report.is_complete());
    // It has a place in OpenClaw's order, which comes before everything that OpenClaw does not know.
    let own = report.findings.first().unwrap();
    assert_eq!(own.rule, "plugins.tests.hostile.security_audit_failed");
    assert!(own.detail.contains(reason.as_str()), "{}", own.detail);
}

#[test]
fn an_endless_loop_runs_out_of_fuel() {
    let report = run_wat(SPIN, &["fuel=1000000"]);
    assert_eq!(failure(&report), over("1000000", "units of work", "fuel"));
    assert_eq!(account(&report, "wat.rule"), (Status::NotRun, Some(failure(&report).as_str())));
}

#[test]
fn an_endless_loop_runs_out_of_time() {
    let started = Instant::now();
    let report = run_wat(SPIN, &["fuel=1152921504606846976", "time=200"]);
    assert_eq!(failure(&report), over("200", "milliseconds", "time"));
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
}

#[test]
fn limits_hold_before_the_first_call() {
    let report = run_wat(include_str!("../../guests/wat/spin-at-start.wat"), &["fuel=1000000"]);
    assert_eq!(failure(&report), over("1000000", "units of work", "fuel"));
    let report = run_wat(include_str!("../../guests/wat/large-memory.wat"), &[]);
    assert_eq!(failure(&report), over("67108864", "bytes", "memory"));
}

#[test]
fn memory_runs_out() {
    let report = misbehave("allocate", &["memory=16777216"]);
    assert_eq!(failure(&report), over("16777216", "bytes", "memory"));
    costs_its_own_rules(&report);
    let report = run_wat(include_str!("../../guests/wat/grow.wat"), &[]);
    assert_eq!(failure(&report), over("67108864", "bytes", "memory"));
    let report = run_wat(include_str!("../../guests/wat/grow-table.wat"), &["memory=131072"]);
    assert_eq!(failure(&report), over("131072", "bytes", "memory"));
}

#[test]
fn a_module_may_handle_a_refused_allocation() {
    let report = run_wat(include_str!("../../guests/wat/grow-quietly.wat"), &[]);
    assert_eq!(failure(&report), "none");
    assert!(report.is_complete());
}

#[test]
fn endless_recursion_overflows_the_stack() {
    let report = run_wat(include_str!("../../guests/wat/recurse.wat"), &[]);
    assert_eq!(failure(&report), "its stack overflowed");
}

#[test]
fn a_panic_costs_the_rules_that_are_not_decided_yet() {
    let report = misbehave("panic", &[]);
    assert_eq!(failure(&report), "it panicked");
    assert_eq!(account(&report, "hostile.trick"), (Status::NotRun, Some("it panicked")));
    costs_its_own_rules(&report);
}

#[test]
fn a_flood_of_findings_is_stopped() {
    let report = misbehave("flood-findings", &["findings=100"]);
    assert_eq!(failure(&report), over("100", "findings", "findings"));
    // And the host's own about the module.
    assert_eq!(report.findings.len(), 101);
    costs_its_own_rules(&report);
}

#[test]
fn a_flood_of_text_is_stopped() {
    let report = misbehave("flood-text", &["report=200000"]);
    assert_eq!(failure(&report), over("200000", "bytes", "report"));
    assert_eq!(ids(&report).iter().filter(|id| **id == "hostile.trick").count(), 3);
    costs_its_own_rules(&report);

    let report = misbehave("flood-reasons", &["report=200000"]);
    assert_eq!(failure(&report), over("200000", "bytes", "report"));
    let (status, reason) = account(&report, "hostile.trick");
    assert_eq!((status, reason.unwrap().chars().count()), (Status::NotApplicable, 1001));
    costs_its_own_rules(&report);
}

#[test]
fn a_flood_of_calls_is_stopped() {
    let report = misbehave("flood-calls", &["calls=1000"]);
    assert_eq!(failure(&report), over("1000", "host calls", "calls"));
    costs_its_own_rules(&report);
}

#[test]
fn a_flood_of_calls_runs_out_of_time() {
    let report =
        misbehave("flood-calls", &["calls=4294967296", "fuel=1152921504606846976", "time=2000"]);
    assert_eq!(failure(&report), over("2000", "milliseconds", "time"));
    costs_its_own_rules(&report);
}

#[test]
fn a_flood_of_reads_is_stopped() {
    let report = misbehave("flood-reads", &["read=10000"]);
    assert_eq!(failure(&report), over("10000", "bytes", "read"));
    costs_its_own_rules(&report);
}

#[test]
fn a_flood_of_rejections_is_counted() {
    let report = misbehave("flood-rejections", &[]);
    assert_eq!(failure(&report), "none");
    assert_eq!(rejected(&report).len(), 21);
    assert_eq!(
        rejected(&report).first().map(String::as_str),
        Some("reported a finding `undeclared.00`, which its manifest does not declare")
    );
    assert_eq!(rejected(&report).last().map(String::as_str), Some("…and 10 more"));
}

#[test]
fn one_call_cannot_bring_more_than_a_report() {
    let report = misbehave("flood-transfer", &[]);
    assert_eq!(failure(&report), over("1048576", "bytes", "report"));
    costs_its_own_rules(&report);
}

#[test]
fn findings_without_text_cost_something_too() {
    for mode in ["flood-places", "flood-fixes"] {
        let report = misbehave(mode, &[]);
        assert_eq!(failure(&report), over("1048576", "bytes", "report"));
        assert!(report.findings.len() < 100, "{}", report.findings.len());
    }
}

#[test]
fn a_long_question_is_not_quoted_in_full() {
    let report = misbehave("ask-long", &[]);
    assert_eq!(told(&report), "refused: true\nrefused: true\nrefused: true");
    assert!(rejected(&report).iter().all(|what| what.len() < 5000));
}

#[test]
fn no_state_survives_a_run() {
    for _ in 0..2 {
        assert_eq!(told(&misbehave("remember", &[])), "run 1");
    }
}

#[test]
fn invalid_utf8_ends_the_module() {
    for (pointer, length) in [(0, 4), (65_535, 2), (0, u32::MAX), (u32::MAX, 1), (4, 40_000_000)] {
        let wat = include_str!("../../guests/wat/speak.wat")
            .replace("POINTER", &pointer.to_string())
            .replace("LENGTH", &length.to_string());
        let report = run_wat(&wat, &[]);
        assert!(failure(&report).starts_with("it "), "{}", failure(&report));
        assert_eq!(account(&report, "wat.rule").0, Status::NotRun);
    }
}
