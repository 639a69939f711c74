//! The cases of OpenClaw's own scanner that are about directories, through the program.

use serde_json::{Value, json};

use crate::support::runner::Run;
use crate::support::workspace::Workspace;

/// What `chitin scan` says about a directory.
fn scan(workspace: &Workspace, path: &str, arguments: &[&str]) -> Value {
    let run = Run::new(workspace, &["scan", "--json"]).arg(workspace.path(path));
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
    let workspace = Workspace::new();
    workspace.file("p/large.js", 0o600, format!("eval(\"{}\")", "A".repeat(128)));
    let report = scan(&workspace, "p", &["--limit", "scan-file=64"]);
    assert_eq!(report["summary"]["scannedFiles"], 0);
    assert_eq!(report["findings"], json!([]));
    assert_eq!(report["notScanned"][0]["file"], "large.js");
}

#[test]
fn a_missing_named_file_is_ignored() {
    let workspace = Workspace::new();
    workspace.file("p/clean.js", 0o600, "export const ok = true;");
    let report = scan(&workspace, "p", &["--include", "missing.js"]);
    assert_eq!(report["summary"]["scannedFiles"], 1);
    assert_eq!(report["verdict"], "clean");
}

#[test]
fn a_named_hidden_entry_goes_first() {
    let workspace = Workspace::new();
    workspace.file("p/regular.js", 0o600, "export const ok = true;");
    workspace.file("p/.hidden/entry.js", 0o600, "const x = eval(\"hack\");");
    let report =
        scan(&workspace, "p", &["--limit", "scan-files=1", "--include", ".hidden/entry.js"]);
    assert_eq!(report["summary"]["scannedFiles"], 1);
    assert_eq!(aliases(&report), ["dynamic-code-execution"]);
    assert_eq!(report["truncated"], true);
}

#[test]
fn only_named_files() {
    let workspace = Workspace::new();
    workspace.file("p/entry.js", 0o600, "export const ok = true;");
    workspace.file("p/scripts/harness.js", 0o600, "const x = eval(\"hack\");");
    let report = scan(&workspace, "p", &["--include", "entry.js", "--only-included"]);
    assert_eq!(report["summary"]["scannedFiles"], 1);
    assert_eq!(report["findings"], json!([]));
}

#[test]
fn tests_are_excluded_on_request() {
    let workspace = Workspace::new();
    workspace.file("p/runtime.ts", 0o600, "export const ok = true;");
    let spawn = "import { spawn } from \"node:child_process\"; spawn(\"node\");";
    workspace.file("p/worker.test-helper.ts", 0o600, spawn);
    let report = scan(&workspace, "p", &["--exclude-tests"]);
    assert_eq!(report["summary"]["scannedFiles"], 1);
    assert_eq!(report["findings"], json!([]));
}

#[test]
fn nested_code_is_found_and_packages_are_not() {
    let workspace = Workspace::new();
    workspace.file("p/index.js", 0o600, "const x = eval(\"1+1\");");
    workspace.file("p/lib/helper.js", 0o600, "export const y = 42;");
    workspace.file("p/node_modules/evil-pkg/index.js", 0o600, "const x = eval(\"hack\");");
    let report = scan(&workspace, "p", &[]);
    assert_eq!(report["summary"]["scannedFiles"], 2);
    assert_eq!(aliases(&report), ["dynamic-code-execution"]);
}

#[test]
fn named_links_to_outside_are_scanned() {
    let workspace = Workspace::new();
    workspace.file("outside/source.js", 0o600, "eval(\"included\");");
    workspace.dir("root", 0o700);
    std::fs::hard_link(workspace.path("outside/source.js"), workspace.path("root/hardlink.js"))
        .unwrap();
    workspace.link("root/alias.js", "../outside/source.js");
    let named = ["--include", "hardlink.js", "--include", "alias.js", "--only-included"];
    let report = scan(&workspace, "root", &named);
    assert_eq!(report["summary"]["scannedFiles"], 2);
    assert_eq!(report["summary"]["critical"], 2);
}
