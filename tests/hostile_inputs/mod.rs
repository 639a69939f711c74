//! Inputs that mean harm: the audit comes to an end, says what it could not read, and still reports the rest.

mod config;
mod files;
mod includes;
mod links;
mod text;

use crate::place::Place;
use crate::runner::{Report, Run};

/// Audits a place. Whatever is in it, no built-in module fails, and exit code and ledger agree.
fn audit(place: &Place) -> Report {
    let answer = Run::audit_json(place).go();
    let report = answer.json();
    assert_eq!(report.misdeeds(), [""; 0]);
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

/// A place whose config cannot be used: a finding says so, and the rest is audited.
fn assert_config_is_refused(place: &Place) -> Report {
    place.mode("state", 0o777);
    let report = audit(place);
    assert_eq!(report.texts("config.parse_failed", "severity"), "critical");
    assert_only_files_were_audited(&report);
    report
}
