//! Help, and what is said about a wrong command line.

use insta::assert_snapshot;

use crate::support::runner::Run;
use crate::support::workspace::Workspace;

/// Standard output of a run that must succeed.
fn printed(arguments: &[&str]) -> String {
    let workspace = Workspace::new();
    let answer = Run::new(&workspace, arguments).go();
    assert_eq!(answer.exit, 0, "{}", answer.stderr);
    assert_eq!(answer.stderr, "");
    answer.stdout
}

/// What a wrong command line is told. Nothing is audited.
fn refused(arguments: &[&str]) -> String {
    let workspace = Workspace::new();
    let answer = Run::new(&workspace, arguments).go();
    assert_eq!(answer.exit, 2, "{}", answer.stderr);
    assert_eq!(answer.stdout, "");
    answer.stderr
}

#[test]
fn help() {
    assert_snapshot!(printed(&["--help"]));
}

#[test]
fn help_audit() {
    assert_snapshot!(printed(&["audit", "--help"]));
}

#[test]
fn help_scan() {
    assert_snapshot!(printed(&["scan", "--help"]));
}

#[test]
fn help_list() {
    assert_snapshot!(printed(&["list", "--help"]));
}

#[test]
fn help_explain() {
    assert_snapshot!(printed(&["explain", "--help"]));
}

#[test]
fn version() {
    assert_eq!(printed(&["--version"]), concat!("chitin ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn no_subcommand() {
    assert_snapshot!(refused(&[]));
}

#[test]
fn an_unknown_subcommand() {
    assert_snapshot!(refused(&["adit"]));
}

#[test]
fn an_unknown_auth_mode() {
    assert_snapshot!(refused(&["audit", "--auth", "basic"]));
}

#[test]
fn a_token_mode_without_a_token() {
    assert_snapshot!(refused(&["audit", "--auth", "token"]));
}

#[test]
fn a_password_mode_without_a_password() {
    assert_snapshot!(refused(&["audit", "--auth", " Password "]));
}

#[test]
fn a_blank_token() {
    assert_snapshot!(refused(&["audit", "--auth", "token", "--token", "  "]));
}

#[test]
fn an_invalid_limit() {
    assert_snapshot!(refused(&["audit", "--limit", "speed=1"]));
}

#[test]
fn a_target_and_a_state_directory() {
    assert_snapshot!(refused(&["audit", "there", "--state-dir", "here"]));
}

#[test]
fn an_unknown_rule() {
    assert_snapshot!(refused(&["explain", "gateway.bind_auth"]));
    assert_snapshot!("an_unknown_rule_like_no_other", refused(&["explain", "zzz"]));
}

#[test]
fn modes_are_trimmed_and_in_any_case() {
    for mode in ["none", " NONE ", "Trusted-Proxy"] {
        printed(&["audit", "--auth", mode]);
    }
}
