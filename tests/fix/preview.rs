//! What is shown before anything is changed, what is chosen, and what is taken back.

use std::process::Command;

use super::{Fixed, prepared, run};
use crate::place::Place;

const CONFIG: &str = "// all mine
{channels: {x: {groupPolicy: 'open'}}, gateway: {auth: {token: 'canary-7f3a9b'}}} // canary
";

#[test]
fn a_preview_shows_everything_but_secrets_and_changes_nothing() {
    let place = Place::with_config_text(CONFIG);
    place.mode("state", 0o755);
    let dry = run(&place, &["fix", "--dry-run"]);
    assert_eq!(dry.exit, 0, "{}", dry.stderr);
    let dry = dry.stdout;
    for line in [
        "\n-{channels: {x: {groupPolicy: 'open'}}",
        "\n+{channels: {x: {groupPolicy: 'allowlist'}}",
        "chmod 700 ",
        "(now 755)",
    ] {
        assert!(dry.contains(line), "{dry}");
    }
    assert!(!dry.contains("canary") && !dry.contains("all mine"), "{dry}");
    assert_eq!(
        (place.read("state/openclaw.json").as_str(), place.mode_of("state")),
        (CONFIG, 0o755)
    );
    assert!(!place.path("home/.local").exists());
}

#[test]
fn a_preview_shows_what_is_refused_instead_of_a_diff() {
    let place = Place::with_config_text(CONFIG);
    std::fs::hard_link(place.path("state/openclaw.json"), place.path("second")).unwrap();
    let dry = run(&place, &["fix", "--dry-run"]).stdout;
    assert!(dry.contains("refused: ") && dry.contains("more than one hard link"), "{dry}");
    assert!(!dry.contains("+++"), "{dry}");
}

#[test]
fn wrong_usage_is_explained() {
    let place = Place::with_config_text(CONFIG);
    let refused = run(&place, &["fix"]);
    assert_eq!(refused.exit, 2);
    assert!(refused.stderr.contains("help: "));
    for arguments in [&["fix", "--dry-run", "--only", "no.such"][..], &["audit", "--fix", "."]] {
        assert_eq!(run(&place, arguments).exit, 2, "{arguments:?}");
    }
    assert_eq!(run(&place, &["undo"]).exit, 1);
    assert_eq!(run(&place, &["undo", "../x"]).exit, 1);
    assert_eq!(place.read("state/openclaw.json"), CONFIG);
}

#[test]
fn what_is_chosen_is_fixed_and_taken_back() {
    let place = Place::with_config_text(CONFIG);
    place.mode("state", 0o755);
    let some = run(&place, &["fix", "--yes", "--only", "fs.state_dir.perms_readable"]);
    assert_eq!(some.exit, 0, "{}", some.stderr);
    assert!(some.stdout.contains("\n  fs.state_dir.perms_readable\n"), "{}", some.stdout);
    assert_eq!(
        (place.read("state/openclaw.json").as_str(), place.mode_of("state")),
        (CONFIG, 0o700)
    );

    let all = run(&place, &["fix", "--yes"]);
    assert_eq!(all.exit, 0, "{}", all.stderr);
    assert_eq!(place.read("state/openclaw.json"), CONFIG.replace("'open'", "'allowlist'"));
    assert!(run(&place, &["fix", "--yes"]).stdout.contains("Nothing to fix."));

    let found =
        Command::new("grep").args(["-r", "canary"]).arg(place.path("home")).output().unwrap();
    assert!(found.stdout.is_empty(), "a secret is in the journal");
    for _ in 0..2 {
        let undone = run(&place, &["undo"]);
        assert_eq!(undone.exit, 0, "{}", undone.stderr);
    }
    assert_eq!(
        (place.read("state/openclaw.json").as_str(), place.mode_of("state")),
        (CONFIG, 0o755)
    );
    assert_eq!(run(&place, &["undo"]).exit, 1);
}

#[test]
fn without_a_journal_nothing_is_changed() {
    let place = Place::with_config_text("{}");
    let inside = place.path("state/xdg");
    place.mode("state", 0o755);
    let run = |arguments: &[&str]| prepared(&place, arguments).env("XDG_STATE_HOME", &inside).go();
    let answer = run(&["audit", "--fix", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
    assert!(report.get("fix").is_none() && report.get("findings").is_some());
    assert!(answer.stderr.contains("set XDG_STATE_HOME"));
    let words = run(&["audit", "--fix"]).stdout;
    assert!(words.contains("\nFixes: failed to apply"), "{words}");
    assert_eq!(place.mode_of("state"), 0o755);
    assert!(!inside.exists());
}

#[test]
fn the_report_says_what_is_gone() {
    let place = Place::with_config_text(CONFIG);
    for name in ["a", "b"] {
        place.file(format!("state/agents/{name}/agent/auth-profiles.json"), 0o644, "{}");
    }
    place.file("state/openclaw.json", 0o600, "{agents: {entries: {a: {}, b: {}}}}");
    place.mode("state", 0o755);
    let rules = |report: &Fixed| -> Vec<(String, u64)> {
        let gone = report.0["chitin"]["gone"].as_array().unwrap();
        let rule = |gone: &serde_json::Value| gone["rule"].as_str().unwrap().to_owned();
        gone.iter().map(|gone| (rule(gone), gone["findings"].as_u64().unwrap())).collect()
    };
    let fixed = Fixed::of(&place);
    assert_eq!(
        rules(&fixed),
        [
            ("fs.state_dir.perms_readable".to_owned(), 1),
            ("fs.auth_profiles.perms_readable".to_owned(), 2)
        ]
    );
    let left = fixed.0["report"]["findings"].as_array().unwrap();
    assert!(left.iter().all(|finding| finding["checkId"] != "fs.auth_profiles.perms_readable"));
    assert!(rules(&Fixed::of(&place)).is_empty());

    place.mode("state", 0o755);
    let words = run(&place, &["audit", "--fix"]).stdout;
    assert!(words.contains("GONE (1)\n  fs.state_dir.perms_readable\nFindings left: "), "{words}");
}
