//! What a check gets when it asks for code to be read.

use std::time::{Duration, Instant};

use chitin_audit::Report;
use chitin_model::ledger::Status;
use chitin_runtime::Catalogue;
use serde_json::json;

use crate::support::harness::{Audit, HOSTILE, SCANNER, SPY, alone};
use crate::support::workspace::Workspace;

fn with_scanner(module: &[u8]) -> Catalogue {
    let scanner = alone(SCANNER);
    alone(module).and(scanner).unwrap_or_else(|error| panic!("{error}"))
}

fn hostile_workspace(mode: &str) -> Workspace {
    let workspace = Workspace::with_config(&json!({"hostile": {"mode": mode}}));
    workspace.file("state/content/a.js", 0o600, "eval(");
    workspace
}

/// What the hostile module says came of a question.
fn told(report: &Report, question: &str) -> String {
    let mut evidence = report.findings.iter().flat_map(|finding| &finding.evidence);
    let found = evidence.find_map(|line| line.strip_prefix(question)?.strip_prefix(": "));
    found.unwrap_or_else(|| panic!("{report:?}")).to_owned()
}

#[test]
fn the_scanner_is_not_a_check() {
    let workspace = hostile_workspace("quiet");
    let report = Audit::of(&workspace).deep().run(&with_scanner(HOSTILE));
    assert_eq!(report.modules.len(), 1);
    assert!(report.ledger.iter().all(|entry| entry.module != "tests.scanner"));
}

#[test]
fn code_is_read_with_deep_only() {
    let workspace = hostile_workspace("ask-scans");
    let catalogue = with_scanner(HOSTILE);
    let report = Audit::of(&workspace).run(&catalogue);
    assert_eq!(told(&report, "scan state:content"), "not here: needs --deep");
    let report = Audit::of(&workspace).deep().run(&catalogue);
    assert_eq!(told(&report, "scan state:content"), "answered");
    // And what was not granted stays so.
    assert!(told(&report, "scan extensions:").starts_with("not granted: "));
    assert!(told(&report, "scan state:").starts_with("not granted: "));
}

#[test]
fn scanning_is_unavailable_without_a_scanner() {
    let workspace = hostile_workspace("ask-scans");
    let report = Audit::of(&workspace).deep().run(&alone(HOSTILE));
    assert_eq!(told(&report, "scan state:content"), "unavailable: there is no scanner");
}

#[test]
fn a_directory_that_cannot_be_read_is_unavailable() {
    // Who is root can read everything, so a name that no path may have stands for it.
    let workspace = hostile_workspace("ask-scans");
    workspace.dir(format!("state/content/{}", ["d"; 64].join("/")), 0o700);
    let report = Audit::of(&workspace).deep().run(&with_scanner(HOSTILE));
    let told = told(&report, "scan state:content");
    assert!(told.starts_with("unavailable: ") && told.contains("deeper than 64"), "{told}");
}

#[test]
fn reading_code_is_not_the_checks_time() {
    let workspace = hostile_workspace("ask-scans");
    for number in 0..8 {
        workspace.file(format!("state/content/{number}.js"), 0o600, "mode:loop");
    }
    let begun = Instant::now();
    let report = Audit::of(&workspace)
        .deep()
        .limit("time=2000")
        .limit("scan-fuel=1152921504606846976")
        .limit("scan-time=1500")
        .run(&with_scanner(HOSTILE));
    assert_eq!(told(&report, "scan state:content"), "answered");
    assert!(report.modules.iter().all(|module| module.failure.is_none()), "{:?}", report.modules);
    assert!(begun.elapsed() < Duration::from_mins(1));
}

#[test]
fn the_scan_budget_of_a_module_runs_out() {
    let workspace = hostile_workspace("ask-scans");
    workspace.file("state/content/b.js", 0o600, "eval(");
    let report = Audit::of(&workspace).deep().limit("scan-files=1").run(&with_scanner(HOSTILE));
    assert_eq!(told(&report, "scan state:content"), "answered");
    assert!(report.ledger.iter().all(|entry| entry.status != Status::NotRun));
}

#[test]
fn secrets_of_the_config_are_redacted_in_code() {
    // No key's shape, and known from the config alone.
    let secret = "plain-words-that-nobody-would-guess";
    let workspace = Workspace::with_config(&json!({"gateway": {"auth": {"token": secret}}}));
    workspace.file("state/extensions/p/a.js", 0o600, format!("eval('{secret}')"));
    workspace.file("state/extensions/p/secrets.json", 0o600, format!("eval('{secret}')"));
    let catalogue = with_scanner(SPY);
    let limits = ["fuel=1000000000000", "memory=1073741824", "report=16777216", "text=1048576"];
    let audit = limits.iter().fold(Audit::of(&workspace).deep(), |audit, limit| audit.limit(limit));
    let report = audit.run(&catalogue);
    let seen = format!("{report:?}");
    assert!(!seen.contains(secret), "{seen}");
    let scans = report.findings.iter().flat_map(|finding| &finding.evidence);
    assert!(scans.clone().any(|line| line.starts_with("scan: ")), "{seen}");
}
