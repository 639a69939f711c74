//! Hostile modules: what they try, what is reported about it, and that no other module is affected.

mod grants;
mod invalid_findings;
mod isolation;
mod limits;
mod load;
mod manifests;

use chitin_audit::Report;
use chitin_model::ledger::Status;
use serde_json::{Value, json};

use crate::support::harness::{Audit, HOSTILE, alone, alone_in_worker};
use crate::support::workspace::Workspace;

/// A workspace whose config tells the hostile module what to do, with files for it to reach at.
fn workspace(mode: &str) -> Workspace {
    let workspace =
        Workspace::with_config(&json!({"hostile": {"mode": mode}, "gateway": {"bind": "lan"}}));
    workspace.dir("state/granted", 0o700);
    workspace.file("state/granted/file", 0o600, "x");
    workspace.link("state/granted/out", "/etc");
    workspace.link("state/granted/absolute", workspace.path("state/granted/file"));
    workspace.file("state/content/file", 0o600, "x".repeat(4000));
    workspace
}

/// What became of the hostile module in one of its modes.
fn misbehave(mode: &str, limits: &[&str]) -> Report {
    let workspace = workspace(mode);
    let mut report = both_ways(&workspace, HOSTILE, limits);
    // For comparison with texts in a test.
    for finding in &mut report.findings {
        for text in &mut finding.evidence {
            *text = text.replace(workspace.root().to_str().unwrap(), "@@ROOT@@");
        }
    }
    report
}

/// Runs a module in this process and in a worker. Whatever it tries, the two come to the same report.
fn both_ways(workspace: &Workspace, component: &[u8], limits: &[&str]) -> Report {
    let audit = || limits.iter().fold(Audit::of(workspace), |audit, limit| audit.limit(limit));
    let here = audit().run(&alone(component));
    let mut in_worker = audit().run(&alone_in_worker(component));
    assert!(here.workers.is_none());
    in_worker.workers = None;
    assert_eq!(in_worker, here);
    here
}

/// Why the only module of a report did not come to its end.
fn failure(report: &Report) -> String {
    let [module] = report.modules.as_slice() else { panic!("there is one module") };
    module.failure.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string)
}

/// What the host did not accept from the only module of a report.
fn rejected(report: &Report) -> &[String] {
    let [module] = report.modules.as_slice() else { panic!("there is one module") };
    &module.rejected
}

/// Ids of all findings.
fn ids(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.rule.as_str()).collect()
}

/// The ledger's entry of a rule.
fn account<'r>(report: &'r Report, rule: &str) -> (Status, Option<&'r str>) {
    let entry = report.ledger.iter().find(|entry| entry.rule == rule);
    let entry = entry.unwrap_or_else(|| panic!("{rule} is not in the ledger"));
    (entry.status, entry.reason.as_deref())
}

/// The evidence of the finding in which the hostile module tells what came of its trick.
fn told(report: &Report) -> String {
    // The last one: some tricks are findings themselves.
    let trick = report.findings.iter().rfind(|finding| finding.rule == "hostile.trick");
    let trick = trick.unwrap_or_else(|| panic!("the trick told nothing: {}", failure(report)));
    trick
        .evidence
        .iter()
        .map(|line| chitin_model::escape::visible(line))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A manifest for a module that is written by hand.
pub(crate) fn manifest() -> Value {
    json!({
        "id": "tests.wat",
        "version": "0.1.0",
        "publisher": "tests",
        "wit": "0.1.0",
        "summary": "Written by hand",
        "grants": {"config": ["/gateway"]},
        "rule": [{
            "id": "wat.rule",
            "severities": ["info"],
            "title": "A rule",
            "why": "So that there is one.",
            "fix": "None needed.",
        }],
    })
}

/// Appends a custom section.
pub(crate) fn with_section(mut component: Vec<u8>, name: &str, data: &[u8]) -> Vec<u8> {
    let mut body = leb128(name.len());
    body.extend(name.as_bytes());
    body.extend(data);
    component.push(0);
    component.extend(leb128(body.len()));
    component.extend(body);
    component
}

/// A number as WebAssembly writes lengths.
fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).unwrap();
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// A component without a manifest, from text.
pub(crate) fn bare(wat: &str) -> Vec<u8> {
    wat::parse_str(wat).unwrap()
}

/// A component from text, with a manifest.
fn component(wat: &str) -> Vec<u8> {
    with_section(bare(wat), chitin_build::MANIFEST_SECTION, manifest().to_string().as_bytes())
}

/// What became of a module that is written by hand.
fn run_wat(wat: &str, limits: &[&str]) -> Report {
    both_ways(&Workspace::with_config(&json!({})), &component(wat), limits)
}
