//! Hostile inputs: the audit comes to an end, says what it could not read, and still reports the rest.

mod config;
mod files;
mod includes;
mod links;
mod text;

use crate::support::runner::{Report, Run};
use crate::support::workspace::Workspace;

/// Audits a workspace. Whatever is in it, no built-in module fails, and exit code and ledger agree.
fn audit(workspace: &Workspace) -> Report {
    let answer = Run::audit_json(workspace).go();
    let report = answer.json();
    assert_eq!(report.module_failures(), [""; 0]);
    let expected = if report.not_run().is_empty() { 0 } else { 3 };
    assert_eq!(answer.exit, expected, "{:?}", report.not_run());
    report
}

/// A rule that needs no config, and one that does: the first runs whatever the config is.
fn assert_only_files_were_audited(report: &Report) {
    assert_eq!(report.ledger("fs.state_dir.perms_world_writable").0, "finding");
    let (status, reason) = report.ledger("gateway.bind_no_auth");
    assert_eq!(status, "not-run", "{reason}");
    assert!(reason.contains("config"), "{reason}");
}

/// A workspace whose config cannot be used: a finding says so, and the rest is audited.
fn assert_config_is_refused(workspace: &Workspace) -> Report {
    workspace.mode("state", 0o777);
    let report = audit(workspace);
    let severities =
        ["config.parse_failed", "config.read_failed"].map(|rule| report.texts(rule, "severity"));
    assert!(severities.contains(&"critical".to_owned()), "{:?}", report.ids());
    assert_only_files_were_audited(&report);
    report
}
