//! What is printed, and that nothing in it is hostile.

use chitin_report::scan::{json, text};
use insta::assert_snapshot;

use super::{Scan, place};
use crate::neutral::{assert_neutral, without_colour};
use crate::place::Place;

fn mixed() -> Place {
    let place = place(&[
        ("a.js", "const x = 1;\n  eval(x);\nevil(x)"),
        ("b.js", "mode:note"),
        ("c.js", "mode:trap"),
        (".hidden.js", ""),
        ("SKILL.md", "# Demo\nmode:echo"),
    ]);
    place.file("code/addon.node", 0o600, "x");
    place
}

fn redacted(place: &Place, text: &str) -> String {
    text.replace(place.root().to_str().unwrap(), "@@ROOT@@")
}

#[test]
fn as_json() {
    let place = mixed();
    let report = Scan::of(&place, "code").report();
    assert_snapshot!(redacted(&place, &json(&report).unwrap()));
}

#[test]
fn as_text() {
    let place = mixed();
    let report = Scan::of(&place, "code").report();
    assert_snapshot!(without_colour(&redacted(&place, &text(&report))));
}

#[test]
fn several_paths() {
    let place = mixed();
    let report = Scan::of(&place, "code").and(&place, "code/a.js").report();
    assert_snapshot!("several_paths_as_text", without_colour(&redacted(&place, &text(&report))));
    assert_snapshot!("several_paths_as_json", redacted(&place, &json(&report).unwrap()));
}

#[test]
fn clean() {
    let place = place(&[("a.js", "")]);
    let report = Scan::of(&place, "code").report();
    assert_snapshot!(without_colour(&redacted(&place, &text(&report))));
}

#[test]
fn names_and_findings_are_shown_and_not_sent() {
    let place = place(&[
        ("\u{1b}[2Jname\u{202e}.js", "mode:escape"),
        ("\u{1b}[31mlink\u{200b}.node", ""),
        ("evidence.js", "eval('\u{1b}]0;owned\u{7}')"),
    ]);
    let report = Scan::of(&place, "code").report();
    let (text, json) = (without_colour(&text(&report)), json(&report).unwrap());
    assert_neutral(&text);
    assert_neutral(&json);
    assert!(text.contains(r"\u{1b}[2Jname\u{202e}.js:1:1"), "{text}");
    assert!(text.contains(r"evidence \u{1b}]0;owned\u{7}"), "{text}");
}

#[test]
fn credentials_in_code_are_blanked() {
    let key = format!("sk-proj-{}", "Zq8Lw2Xv5Tn9Rb4Ky7Mp1Cd6Fg3Hj0Wa");
    let place = place(&[("a.js", &format!("eval('{key}')"))]);
    let report = Scan::of(&place, "code").report();
    assert!(!text(&report).contains(&key[8..20]));
    assert!(!json(&report).unwrap().contains(&key[8..20]));
}
