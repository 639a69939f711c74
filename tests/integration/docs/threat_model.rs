//! The threat model names a test for each attack. Each of them is there, and nothing keeps it from running.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const MODEL: &str = include_str!("../../../docs/threat-model.md");

/// Names in backticks in the last column of every table.
fn named() -> BTreeSet<&'static str> {
    let rows = MODEL.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    rows.filter_map(|row| row.trim_end_matches('|').rsplit('|').next())
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        // `the tests of X` names a module.
        .filter(|name| name.contains('_'))
        .collect()
}

/// Every source file that `cargo test --workspace` compiles.
fn sources(directory: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !["target", "guests", ".git"].contains(&name) {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(fs::read_to_string(&path).unwrap());
        }
    }
}

/// The names of functions that are marked as tests, without those that are marked as ignored.
fn tests(source: &str) -> impl Iterator<Item = &str> {
    let mut marks: Vec<&str> = Vec::new();
    source.lines().map(str::trim).filter_map(move |line| {
        if line.starts_with("#[") || line.starts_with("///") {
            marks.push(line);
            return None;
        }
        let runs =
            marks.contains(&"#[test]") && !marks.iter().any(|mark| mark.starts_with("#[ignore"));
        marks.clear();
        let name = line.strip_prefix("fn ").and_then(|rest| rest.split('(').next())?;
        runs.then_some(name)
    })
}

#[test]
fn every_test_that_the_threat_model_names_is_there_and_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for directory in ["host", "tests", "sdk", "checks"] {
        sources(&root.join(directory), &mut files);
    }
    let known: BTreeSet<&str> = files.iter().flat_map(|source| tests(source)).collect();
    let named = named();
    assert!(named.len() > 50, "{named:?}");
    let missing: Vec<_> = named.difference(&known).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn tests_of_this_program_are_run_under_the_names_in_the_source() {
    // The list of this very program, as `cargo test` runs it.
    let listed = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--list", "--format", "terse"])
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let listed: BTreeSet<&str> = listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .filter_map(|path| path.rsplit("::").next())
        .collect();
    let mut files = Vec::new();
    sources(Path::new(env!("CARGO_MANIFEST_DIR")), &mut files);
    let known: BTreeSet<&str> = files.iter().flat_map(|source| tests(source)).collect();
    for name in named().intersection(&known) {
        assert!(listed.contains(name), "{name} is in the source, and is not run");
    }
}
