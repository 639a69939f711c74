//! What is shown before anything is changed, what is chosen, and what is taken back.

use std::process::Command;

use crate::place::{Place, text};

const CONFIG: &str = "// all mine
{channels: {x: {groupPolicy: 'open'}}, gateway: {auth: {token: 'canary-7f3a9b'}}}
";

#[test]
fn a_preview_shows_everything_but_secrets_and_changes_nothing() {
    let place = Place::of(CONFIG);
    place.chmod("state", 0o755);
    let dry = place.run(&["fix", "--dry-run"]);
    assert!(dry.status.success());
    let dry = text(&dry.stdout);
    for line in [
        "\n-{channels: {x: {groupPolicy: 'open'}}",
        "\n+{channels: {x: {groupPolicy: 'allowlist'}}",
        "chmod 700 ",
        "(now 755)",
    ] {
        assert!(dry.contains(line), "{dry}");
    }
    assert!(!dry.contains("canary") && !dry.contains("all mine"), "{dry}");
    assert_eq!((place.read("state/openclaw.json").as_str(), place.mode("state")), (CONFIG, 0o755));
    assert!(!place.path("home/.local").exists());
}

#[test]
fn a_preview_shows_what_is_refused_instead_of_a_diff() {
    let place = Place::of(CONFIG);
    std::fs::hard_link(place.path("state/openclaw.json"), place.path("second")).unwrap();
    let dry = text(&place.run(&["fix", "--dry-run"]).stdout);
    assert!(dry.contains("refused: ") && dry.contains("more than one hard link"), "{dry}");
    assert!(!dry.contains("+++"), "{dry}");
}

#[test]
fn wrong_usage_is_explained() {
    let place = Place::of(CONFIG);
    let refused = place.run(&["fix"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("help: "));
    for arguments in [&["fix", "--dry-run", "--only", "no.such"][..], &["audit", "--fix", "."]] {
        assert_eq!(place.run(arguments).status.code(), Some(2), "{arguments:?}");
    }
    assert_eq!(place.run(&["undo"]).status.code(), Some(1));
    assert_eq!(place.run(&["undo", "../x"]).status.code(), Some(1));
    assert_eq!(place.read("state/openclaw.json"), CONFIG);
}

#[test]
fn what_is_chosen_is_fixed_and_taken_back() {
    let place = Place::of(CONFIG);
    place.chmod("state", 0o755);
    let some = place.run(&["fix", "--yes", "--only", "fs.state_dir.perms_readable"]);
    assert!(some.status.success(), "{}", text(&some.stderr));
    assert!(
        text(&some.stdout).contains("\n  fs.state_dir.perms_readable\n"),
        "{}",
        text(&some.stdout)
    );
    assert_eq!((place.read("state/openclaw.json").as_str(), place.mode("state")), (CONFIG, 0o700));

    let all = place.run(&["fix", "--yes"]);
    assert!(all.status.success(), "{}", text(&all.stderr));
    assert_eq!(place.read("state/openclaw.json"), CONFIG.replace("'open'", "'allowlist'"));
    assert!(text(&place.run(&["fix", "--yes"]).stdout).contains("Nothing to fix."));

    let found =
        Command::new("grep").args(["-r", "canary"]).arg(place.path("home")).output().unwrap();
    assert!(found.stdout.is_empty(), "a secret is in the journal");
    for _ in 0..2 {
        let undone = place.run(&["undo"]);
        assert!(undone.status.success(), "{}", text(&undone.stderr));
    }
    assert_eq!((place.read("state/openclaw.json").as_str(), place.mode("state")), (CONFIG, 0o755));
    assert_eq!(place.run(&["undo"]).status.code(), Some(1));
}

#[test]
fn without_a_journal_nothing_is_changed() {
    let place = Place::of("{}");
    let inside = place.path("state/xdg");
    let place = place.set("XDG_STATE_HOME", inside.display().to_string());
    place.chmod("state", 0o755);
    let output = place.run(&["audit", "--fix", "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report.get("fix").is_none() && report.get("findings").is_some());
    assert!(text(&output.stderr).contains("set XDG_STATE_HOME"));
    let words = text(&place.run(&["audit", "--fix"]).stdout);
    assert!(words.contains("\nFixes: failed to apply"), "{words}");
    assert_eq!(place.mode("state"), 0o755);
    assert!(!inside.exists());
}
