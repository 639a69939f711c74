//! A report about nothing would look like a report about a gateway.

use crate::support::runner::Run;
use crate::support::workspace::Workspace;

/// Exit 2, nothing on standard output, what was looked for and what to do on standard error.
fn assert_refused(workspace: &Workspace, arguments: &[&str], said: &str) {
    let answer = Run::new(workspace, arguments).go();
    assert_eq!(answer.exit, 2, "{arguments:?}: {}{}", answer.stdout, answer.stderr);
    assert_eq!(answer.stdout, "", "{arguments:?}");
    assert!(answer.stderr.contains(said), "{arguments:?}: {}", answer.stderr);
    assert!(answer.stderr.contains("\nhelp: "), "{arguments:?}: {}", answer.stderr);
}

#[test]
fn a_place_that_is_not_there_is_an_error() {
    let workspace = Workspace::new();
    for arguments in [
        &["audit", "/nowhere"][..],
        &["audit", "--state-dir", "/nowhere"],
        &["audit", "--config", "/nowhere.json"],
        &["audit", "/nowhere", "--json"],
        &["fix", "--dry-run", "--state-dir", "/nowhere"],
    ] {
        assert_refused(&workspace, arguments, "does not exist");
    }
    assert_refused(&workspace, &["audit", "--profile", "nobody"], "there is no profile nobody");
}

#[test]
fn something_else_than_a_gateway_is_an_error() {
    let workspace = Workspace::new();
    workspace.file("empty/.keep", 0o600, "");
    workspace.file("notes.txt", 0o600, "hello");
    workspace.file("list.json", 0o600, "[1, 2]");
    workspace.file("plugin.zip", 0o600, b"PK\x03\x04rest");
    assert_refused(&workspace, &["audit", "empty"], "holds no gateway");
    assert_refused(&workspace, &["audit", "notes.txt"], "is not a config");
    assert_refused(&workspace, &["audit", "list.json"], "is not a config");
    assert_refused(&workspace, &["audit", "plugin.zip"], "is an archive");
}

#[test]
fn a_gateway_nearby_is_suggested() {
    let workspace = Workspace::new();
    workspace.file("home-of/.openclaw/openclaw.json", 0o600, "{}");
    assert_refused(&workspace, &["audit", "home-of"], "did you mean");
}

#[test]
fn an_option_that_a_subcommand_cannot_use_is_an_error() {
    let workspace = Workspace::new();
    for subcommand in [&["list"][..], &["explain", "gateway.bind_no_auth"]] {
        let arguments = [&["--profile", "work"][..], subcommand].concat();
        let answer = Run::new(&workspace, &arguments).go();
        assert_eq!(answer.exit, 2, "{arguments:?}: {}{}", answer.stdout, answer.stderr);
    }
}
