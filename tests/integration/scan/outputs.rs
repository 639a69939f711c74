//! What is printed, and that nothing in it is hostile.

use chitin_report::scan::{json, text};
use insta::assert_snapshot;

use super::{Scan, workspace};
use crate::support::output_hygiene::{assert_printable, without_colour};
use crate::support::workspace::Workspace;

fn mixed() -> Workspace {
    let workspace = workspace(&[
        ("a.js", "const x = 1;\n  eval(x);\nevil(x)"),
        ("b.js", "mode:note"),
        ("c.js", "mode:trap"),
        (".hidden.js", ""),
        ("SKILL.md", "# Demo\nmode:echo"),
    ]);
    workspace.file("code/addon.node", 0o600, "x");
    workspace
}

fn redacted(workspace: &Workspace, text: &str) -> String {
    text.replace(workspace.root().to_str().unwrap(), "@@ROOT@@")
}

#[test]
fn as_json() {
    let workspace = mixed();
    let report = Scan::of(&workspace, "code").report();
    assert_snapshot!(redacted(&workspace, &json(&report).unwrap()));
}

#[test]
fn as_text() {
    let workspace = mixed();
    let report = Scan::of(&workspace, "code").report();
    assert_snapshot!(without_colour(&redacted(&workspace, &text(&report))));
}

#[test]
fn several_paths() {
    let workspace = mixed();
    let report = Scan::of(&workspace, "code").and(&workspace, "code/a.js").report();
    assert_snapshot!(
        "several_paths_as_text",
        without_colour(&redacted(&workspace, &text(&report)))
    );
    assert_snapshot!("several_paths_as_json", redacted(&workspace, &json(&report).unwrap()));
}

#[test]
fn clean() {
    let workspace = workspace(&[("a.js", "")]);
    let report = Scan::of(&workspace, "code").report();
    assert_snapshot!(without_colour(&redacted(&workspace, &text(&report))));
}

#[test]
fn terminal_escapes_in_names_and_findings_are_shown_as_text() {
    let workspace = workspace(&[
        ("\u{1b}[2Jname\u{202e}.js", "mode:escape"),
        ("\u{1b}[31mlink\u{200b}.node", ""),
        ("evidence.js", "eval('\u{1b}]0;owned\u{7}')"),
    ]);
    let report = Scan::of(&workspace, "code").report();
    let (text, json) = (without_colour(&text(&report)), json(&report).unwrap());
    assert_printable(&text);
    assert_printable(&json);
    assert!(text.contains(r"\u{1b}[2Jname\u{202e}.js:1:1"), "{text}");
    assert!(text.contains(r"evidence \u{1b}]0;owned\u{7}"), "{text}");
}

#[test]
fn credentials_in_code_are_redacted() {
    let key = format!("sk-proj-{}", "Zq8Lw2Xv5Tn9Rb4Ky7Mp1Cd6Fg3Hj0Wa");
    let workspace = workspace(&[("a.js", &format!("eval('{key}')"))]);
    let report = Scan::of(&workspace, "code").report();
    assert!(!text(&report).contains(&key[8..20]));
    assert!(!json(&report).unwrap().contains(&key[8..20]));
}
