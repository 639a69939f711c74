//! Questions beyond the grants. Each is refused by name, to the module and in the ledger.

use insta::assert_snapshot;

use super::{account, failure, misbehave, rejected, told};
use chitin_model::ledger::Status;

#[test]
fn config_beyond_the_grant() {
    let report = misbehave("ask-config", &[]);
    assert_snapshot!(told(&report));
    assert_eq!(rejected(&report).len(), 21);
    assert_eq!(
        rejected(&report).first().map(String::as_str),
        Some("asked for more than it was granted: config ``")
    );
}

#[test]
fn files_beyond_the_grant() {
    assert_snapshot!(told(&misbehave("ask-files", &[])));
}

#[test]
fn code_beyond_the_grant() {
    assert_snapshot!(told(&misbehave("ask-scans", &[])));
}

#[test]
fn facts_beyond_the_grant() {
    assert_snapshot!(told(&misbehave("ask-facts", &[])));
}

#[test]
fn invalid_paths() {
    assert_snapshot!(told(&misbehave("ask-paths", &[])));
}

#[test]
fn a_refusal_that_a_check_passes_on_ends_its_rules_only() {
    let report = misbehave("refuse", &[]);
    assert_eq!(failure(&report), "none");
    assert_eq!(account(&report, "hostile.trick"), (Status::NotRun, Some("config `/gateway`")));
    assert_eq!(account(&report, "hostile.last"), (Status::Finding, None));
    assert_eq!(rejected(&report), ["asked for more than it was granted: config `/gateway`"]);
}
