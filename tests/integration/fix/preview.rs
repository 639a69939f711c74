//! What is shown before anything is changed, what is chosen, and what is taken back.

use std::process::Command;

use super::{Fixed, prepared, run};
use crate::support::workspace::Workspace;

const CONFIG: &str = "// all mine
{channels: {x: {groupPolicy: 'open'}}, gateway: {auth: {token: 'canary-7f3a9b'}}} // canary
";

#[test]
fn a_preview_shows_everything_but_secrets_and_changes_nothing() {
    let workspace = Workspace::with_config_text(CONFIG);
    workspace.mode("state", 0o755);
    let dry = run(&workspace, &["fix", "--dry-run"]);
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
        (workspace.read("state/openclaw.json").as_str(), workspace.mode_of("state")),
        (CONFIG, 0o755)
    );
    assert!(!workspace.path("home/.local").exists());
}

#[test]
fn a_preview_shows_what_is_refused_instead_of_a_diff() {
    let workspace = Workspace::with_config_text(CONFIG);
    std::fs::hard_link(workspace.path("state/openclaw.json"), workspace.path("second")).unwrap();
    let dry = run(&workspace, &["fix", "--dry-run"]).stdout;
    assert!(dry.contains("refused: ") && dry.contains("more than one hard link"), "{dry}");
    assert!(!dry.contains("+++"), "{dry}");
}

#[test]
fn wrong_usage_is_explained() {
    let workspace = Workspace::with_config_text(CONFIG);
    let refused = run(&workspace, &["fix"]);
    assert_eq!(refused.exit, 2);
    assert!(refused.stderr.contains("help: "));
    for arguments in [&["fix", "--dry-run", "--only", "no.such"][..], &["audit", "--fix", "."]] {
        assert_eq!(run(&workspace, arguments).exit, 2, "{arguments:?}");
    }
    assert_eq!(run(&workspace, &["undo"]).exit, 1);
    assert_eq!(run(&workspace, &["undo", "../x"]).exit, 1);
    assert_eq!(workspace.read("state/openclaw.json"), CONFIG);
}

#[test]
fn a_fix_is_applied_and_undone() {
    let workspace = Workspace::with_config_text(CONFIG);
    workspace.mode("state", 0o755);
    let some = run(&workspace, &["fix", "--yes", "--only", "fs.state_dir.perms_readable"]);
    assert_eq!(some.exit, 0, "{}", some.stderr);
    assert!(some.stdout.contains("\n  fs.state_dir.perms_readable\n"), "{}", some.stdout);
    assert_eq!(
        (workspace.read("state/openclaw.json").as_str(), workspace.mode_of("state")),
        (CONFIG, 0o700)
    );

    let all = run(&workspace, &["fix", "--yes"]);
    assert_eq!(all.exit, 0, "{}", all.stderr);
    assert_eq!(workspace.read("state/openclaw.json"), CONFIG.replace("'open'", "'allowlist'"));
    assert!(run(&workspace, &["fix", "--yes"]).stdout.contains("Nothing to fix."));

    let found =
        Command::new("grep").args(["-r", "canary"]).arg(workspace.path("home")).output().unwrap();
    assert!(found.stdout.is_empty(), "a secret is in the journal");
    for _ in 0..2 {
        let undone = run(&workspace, &["undo"]);
        assert_eq!(undone.exit, 0, "{}", undone.stderr);
    }
    assert_eq!(
        (workspace.read("state/openclaw.json").as_str(), workspace.mode_of("state")),
        (CONFIG, 0o755)
    );
    assert_eq!(run(&workspace, &["undo"]).exit, 1);
}

#[test]
fn without_a_journal_nothing_is_changed() {
    let workspace = Workspace::with_config_text("{}");
    let inside = workspace.path("state/xdg");
    workspace.mode("state", 0o755);
    let run =
        |arguments: &[&str]| prepared(&workspace, arguments).env("XDG_STATE_HOME", &inside).go();
    let answer = run(&["audit", "--fix", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
    assert!(report.get("fix").is_none() && report.get("findings").is_some());
    assert!(answer.stderr.contains("set XDG_STATE_HOME"));
    let words = run(&["audit", "--fix"]).stdout;
    assert!(words.contains("\nFixes: failed to apply"), "{words}");
    assert_eq!(workspace.mode_of("state"), 0o755);
    assert!(!inside.exists());
}

#[test]
fn the_report_lists_the_findings_that_a_fix_removed() {
    let workspace = Workspace::with_config_text(CONFIG);
    for name in ["a", "b"] {
        workspace.file(format!("state/agents/{name}/agent/auth-profiles.json"), 0o644, "{}");
    }
    workspace.file("state/openclaw.json", 0o600, "{agents: {entries: {a: {}, b: {}}}}");
    workspace.mode("state", 0o755);
    let rules = |report: &Fixed| -> Vec<(String, u64)> {
        let gone = report.0["chitin"]["gone"].as_array().unwrap();
        let rule = |gone: &serde_json::Value| gone["rule"].as_str().unwrap().to_owned();
        gone.iter().map(|gone| (rule(gone), gone["findings"].as_u64().unwrap())).collect()
    };
    let fixed = Fixed::of(&workspace);
    assert_eq!(
        rules(&fixed),
        [
            ("fs.state_dir.perms_readable".to_owned(), 1),
            ("fs.auth_profiles.perms_readable".to_owned(), 2)
        ]
    );
    let left = fixed.0["report"]["findings"].as_array().unwrap();
    assert!(left.iter().all(|finding| finding["checkId"] != "fs.auth_profiles.perms_readable"));
    assert!(rules(&Fixed::of(&workspace)).is_empty());

    workspace.mode("state", 0o755);
    let words = run(&workspace, &["audit", "--fix"]).stdout;
    assert!(words.contains("GONE (1)\n  fs.state_dir.perms_readable\nFindings left: "), "{words}");
}
