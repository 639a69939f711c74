//! Audits with `--deep`: which code of plugins and skills is read, wherever it is, and which never is.

mod other_directories;
mod plugins;
mod skills;

use serde_json::Value;

use crate::support::runner::{Report, Run};
use crate::support::workspace::Workspace;

/// Code that is critical wherever it is read.
const BAD: &str = "const { execSync } = require(\"node:child_process\");\nexecSync(input);\n";

fn audit(workspace: &Workspace) -> Report {
    finished(Run::audit_json(workspace).arg("--deep").go().json())
}

/// No module of chitin's own may fail or say what is not accepted, whatever it looks at.
fn finished(report: Report) -> Report {
    assert_eq!(report.module_failures(), [""; 0]);
    report
}

/// The titles and details of a rule's findings, one text for each.
fn told(report: &Report, rule: &str) -> Vec<String> {
    let text =
        |finding: &Value, field: &str| finding[field].as_str().unwrap_or_default().to_owned();
    report
        .findings()
        .iter()
        .filter(|finding| finding["checkId"] == rule)
        .map(|finding| format!("{}\n{}", text(finding, "title"), text(finding, "detail")))
        .collect()
}

/// Fails unless a rule fired exactly once for each of the places, and named it.
fn assert_places(report: &Report, rule: &str, places: &[String]) {
    let told = told(report, rule);
    assert_eq!(told.len(), places.len(), "{told:#?}");
    for path in places {
        let of_path = told.iter().filter(|text| text.contains(&format!("under {path}:")));
        assert_eq!(of_path.count(), 1, "{path}: {told:#?}");
    }
}

/// A skill with bad code.
fn skill(workspace: &Workspace, path: &str, name: &str) {
    workspace.file(format!("{path}/SKILL.md"), 0o600, front_matter(name));
    workspace.file(format!("{path}/run.js"), 0o600, BAD);
}

fn front_matter(name: &str) -> String {
    format!("---\nname: {name}\ndescription: does things\n---\nDo things.\n")
}

fn full(workspace: &Workspace, path: &str) -> String {
    workspace.path(path).to_str().unwrap().to_owned()
}
