//! Findings beyond the manifest: not accepted, and the ledger says so.

use chitin_model::ledger::Status;
use chitin_report::{json, text};
use insta::assert_snapshot;

use crate::support::output_hygiene::{assert_printable, without_colour};

use super::{account, failure, misbehave, rejected, told};

#[test]
fn rules_that_are_not_declared() {
    let report = misbehave("invalid-rules", &[]);
    assert_snapshot!(told(&report));
    assert_snapshot!("rejected_rules", rejected(&report).join("\n"));
    let named: Vec<_> =
        super::ids(&report).into_iter().filter(|id| id.contains(".named")).collect();
    assert_eq!(named, ["hostile.*.named", "hostile.some name.named"]);
}

#[test]
fn places_outside_of_the_grants() {
    assert_snapshot!(told(&misbehave("invalid-places", &[])));
}

#[test]
fn fixes_that_the_manifest_does_not_ask_for() {
    assert_snapshot!(told(&misbehave("invalid-fixes", &[])));
}

#[test]
fn findings_that_are_too_large() {
    assert_snapshot!(told(&misbehave("invalid-sizes", &[])));
}

#[test]
fn statuses_of_undeclared_rules() {
    let report = misbehave("invalid-statuses", &[]);
    assert_eq!(failure(&report), "none");
    assert_eq!(
        rejected(&report),
        [
            "spoke of the rule `gateway.bind_no_auth`, which it does not declare",
            "spoke of the rule `hostile.unknown`, which it does not declare",
            "spoke of the rule ``, which it does not declare",
        ]
    );
    assert_eq!(account(&report, "hostile.first"), (Status::Finding, None));
    assert_eq!(account(&report, "hostile.trick"), (Status::NotApplicable, Some("said first")));
}

#[test]
fn terminal_escapes_are_shown_as_text() {
    let report = misbehave("invalid-text", &[]);
    let shown = without_colour(&text::render(&report));
    assert!(
        shown.contains(r"\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}gpj.exe\u{200b}\u{9b}31m\u{d}"),
        "{shown}"
    );
    let json = json::render(&report, 0).unwrap();
    assert!(
        json.contains(r"\u001b]0;owned\u0007\u001b[2J\u202egpj.exe\u200b\u009b31m\r"),
        "{json}"
    );
    assert_printable(&shown);
    assert_printable(&json);
}
