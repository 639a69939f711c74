//! How much work files take that try to stop the scanner. Work is counted, so this is the same on every machine.

use serde_json::Value;

use super::program::start;
use super::traps::{NESTS, PARTS};
use crate::support::workspace::Workspace;

const NAMES: &[&str] = &["a.js", "a.ts", "SKILL.md", "a.json", "a.sh", "a.py"];

/// Work that grows with the square of the text is beyond the limit at this size already.
const LONG: usize = 512 << 10;
/// The most that is read of one file.
const LARGEST: usize = 4 << 20;

/// Scans what was put below `traps`, and says what ran out of work.
fn out_of_work(workspace: &Workspace) -> Vec<String> {
    let output = start(workspace, &["scan", "traps", "--json"]).wait_with_output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let left_out: Vec<String> =
        report["notScanned"].as_array().unwrap().iter().map(Value::to_string).collect();
    let scanned = report["summary"]["scannedFiles"].as_u64().unwrap();
    assert!(scanned > 0, "{report}");
    left_out.into_iter().filter(|told| told.contains("units of work")).collect()
}

#[test]
fn traps_in_a_row_stay_within_the_limit_of_work() {
    let workspace = Workspace::new();
    for (number, part) in PARTS.iter().enumerate() {
        for name in NAMES {
            workspace.file(format!("traps/{number}/{name}"), 0o600, part.repeat(LONG / part.len()));
        }
    }
    assert_eq!(out_of_work(&workspace), [""; 0]);
}

#[test]
fn nested_traps_stay_within_the_limit_of_work() {
    let workspace = Workspace::new();
    for (number, (open, middle, close)) in NESTS.iter().enumerate() {
        let depth = LONG / (open.len() + close.len());
        let text = format!("eval(x);{}{middle}{}", open.repeat(depth), close.repeat(depth));
        for name in NAMES {
            workspace.file(format!("traps/{number}/{name}"), 0o600, text.clone());
        }
    }
    assert_eq!(out_of_work(&workspace), [""; 0]);
}

#[test]
fn the_largest_files_stay_within_the_limit_of_work() {
    let workspace = Workspace::new();
    let parts = ["a", " ", "\n", "(", "\"", "\\", "a.", "a,", "eval(x);", "`${", "a=b;"];
    for (number, part) in parts.iter().enumerate() {
        let text = part.repeat(LARGEST / part.len());
        workspace.file(format!("traps/{number}/a.js"), 0o600, text.clone());
        workspace.file(format!("traps/{number}/SKILL.md"), 0o600, text);
    }
    assert_eq!(out_of_work(&workspace), [""; 0]);
}
