//! The cases of OpenClaw's own scanner that are about directories, through the program.

use serde_json::{Value, json};

use crate::place::Place;
use crate::runner::Run;

/// What `chitin scan` says about a directory.
fn scan(place: &Place, path: &str, arguments: &[&str]) -> Value {
    let run = Run::new(place, &["scan", "--json"]).arg(place.path(path));
    let answer = arguments.iter().fold(run, |run, argument| run.arg(*argument)).go();
    assert!(matches!(answer.exit, 0 | 3), "{}", answer.stderr);
    serde_json::from_str(&answer.stdout).unwrap()
}

fn aliases(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().filter_map(|finding| finding["alias"].as_str()).collect()
}

#[test]
fn a_file_over_the_limit_is_skipped() {
    let place = Place::new();
    place.file("p/large.js", 0o600, format!("eval(\"{}\")", "A".repeat(128)));
    let report = scan(&place, "p", &["--limit", "scan-file=64"]);
    assert_eq!(report["summary"]["scannedFiles"], 0);
    assert_eq!(report["findings"], json!([]));
    assert_eq!(report["notScanned"][0]["file"], "large.js");
}

#[test]
fn a_missing_named_file_is_ignored() {
    let place = Place::new();
    place.file("p/clean.js", 0o600, "export const ok = true;");
    let report = scan(&place, "p", &["--include", "missing.js"]);
    assert_eq!(report["summary"]["scannedFiles"], 1);
    assert_eq!(report["verdict"], "clean");
}

#[test]
fn a_named_hidden_entry_goes_first() {
    let place = Place::new();
    place.file("p/regular.js", 0o600, "export const ok = true;");
    place.file("p/.hidden/entry.js", 0o600, "const x = eval(\"hack\");");
    let report = scan(&place, "p", &["--limit", "scan-files=1", "--include", ".hidden/entry.js"]);
    assert_eq!(report["summary"]["scannedFiles"], 1);
    assert_eq!(aliases(&report), ["dynamic-code-execution"]);
    assert_eq!(report["truncated"], true);
}

#[test]
fn only_named_files() {
    let place = Place::new();
    place.file("p/entry.js", 0o600, "export const ok = true;");
    place.file("p/scripts/harness.js", 0o600, "const x = eval(\"hack\");");
    let report = scan(&place, "p", &["--include", "entry.js", "--only-included"]);
    assert_eq!(report["summary"]["scannedFiles"], 1);
    assert_eq!(report["findings"], json!([]));
}

#[test]
fn tests_are_excluded_on_request() {
    let place = Place::new();
    place.file("p/runtime.ts", 0o600, "export const ok = true;");
    let spawn = "import { spawn } from \"node:child_process\"; spawn(\"node\");";
    place.file("p/worker.test-helper.ts", 0o600, spawn);
    let report = scan(&place, "p", &["--exclude-tests"]);
    assert_eq!(report["summary"]["scannedFiles"], 1);
    assert_eq!(report["findings"], json!([]));
}

#[test]
fn nested_code_is_found_and_packages_are_not() {
    let place = Place::new();
    place.file("p/index.js", 0o600, "const x = eval(\"1+1\");");
    place.file("p/lib/helper.js", 0o600, "export const y = 42;");
    place.file("p/node_modules/evil-pkg/index.js", 0o600, "const x = eval(\"hack\");");
    let report = scan(&place, "p", &[]);
    assert_eq!(report["summary"]["scannedFiles"], 2);
    assert_eq!(aliases(&report), ["dynamic-code-execution"]);
}

#[test]
fn named_links_to_outside_are_scanned() {
    let place = Place::new();
    place.file("outside/source.js", 0o600, "eval(\"included\");");
    place.dir("root", 0o700);
    std::fs::hard_link(place.path("outside/source.js"), place.path("root/hardlink.js")).unwrap();
    place.link("root/alias.js", "../outside/source.js");
    let named = ["--include", "hardlink.js", "--include", "alias.js", "--only-included"];
    let report = scan(&place, "root", &named);
    assert_eq!(report["summary"]["scannedFiles"], 2);
    assert_eq!(report["summary"]["critical"], 2);
}
