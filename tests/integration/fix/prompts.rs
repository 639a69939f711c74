//! On a terminal each group of changes is asked about, and only what is agreed to is done.

use super::{prepared, run};
use crate::support::terminal::interact;
use crate::support::workspace::Workspace;

const CONFIG: &str = "{
  logging: {redactSensitive: 'off'}, // noisy
  channels: {x: {groupPolicy: 'open'}},
}
";
const GROUPS: [&str; 3] = [
    "Redact secrets in logs? [y/N] ",
    "Close groups that are open to anyone? [y/N] ",
    "Keep others out of files and directories? [y/N] ",
];
const ESCAPE: char = '\u{1b}';

fn opened() -> Workspace {
    let workspace = Workspace::with_config_text(CONFIG);
    workspace.mode("state", 0o755);
    workspace
}

fn state_of(workspace: &Workspace) -> (String, u32) {
    (workspace.read("state/openclaw.json"), workspace.mode_of("state"))
}

#[test]
fn only_confirmed_changes_are_made() {
    // Every choice of the three.
    for choice in 0..8_usize {
        let workspace = opened();
        let agreed = |group: usize| choice >> group & 1 == 1;
        let mut asked = Vec::new();
        let session = interact(prepared(&workspace, &["fix"]), |question| {
            let group = GROUPS.iter().position(|group| question == *group).unwrap();
            asked.push(group);
            if agreed(group) { "y\n".to_owned() } else { "n\n".to_owned() }
        });
        assert_eq!((session.exit, asked), (0, vec![0, 1, 2]), "{}", session.seen);
        let mut expected = CONFIG.to_owned();
        if agreed(0) {
            expected = expected.replace("'off'", "'tools'");
        }
        if agreed(1) {
            expected = expected.replace("'open'", "'allowlist'");
        }
        let mode = if agreed(2) { 0o700 } else { 0o755 };
        assert_eq!(state_of(&workspace), (expected, mode), "{}", session.seen);
        assert_eq!(session.seen.contains("Nothing was changed."), choice == 0, "{}", session.seen);
        assert_eq!(workspace.path("home/.local").exists(), choice != 0);

        // What was not agreed to is asked about again, and nothing else is.
        let mut again = Vec::new();
        let session = interact(prepared(&workspace, &["fix"]), |question| {
            again.push(GROUPS.iter().position(|group| question == *group).unwrap());
            "\n".to_owned()
        });
        let left: Vec<usize> = (0..3).filter(|group| !agreed(*group)).collect();
        assert_eq!(again, left, "{}", session.seen);
    }
}

#[test]
fn only_yes_is_yes() {
    for answer in ["\n", "yess\n", "no\n", "j\n", "ye\n", "\u{4}", "y n\n"] {
        let workspace = opened();
        let session = interact(prepared(&workspace, &["fix"]), |_| answer.to_owned());
        assert_eq!(session.exit, 0, "{}", session.seen);
        assert_eq!(state_of(&workspace), (CONFIG.to_owned(), 0o755), "{answer:?}");
    }
    for answer in ["y\n", "YES\n", " Yes \n"] {
        let workspace = opened();
        interact(prepared(&workspace, &["fix"]), |_| answer.to_owned());
        assert_eq!(workspace.mode_of("state"), 0o700, "{answer:?}");
    }
}

#[test]
fn the_diff_comes_before_the_questions_and_in_colour() {
    let workspace = opened();
    let session = interact(prepared(&workspace, &["fix"]), |_| "n\n".to_owned());
    let (diff, _) = session.seen.split_once(GROUPS[0]).unwrap();
    for line in [
        "\u{1b}[31m-  channels: {x: {groupPolicy: 'open'}},\u{1b}[0m\n",
        "\u{1b}[32m+  channels: {x: {groupPolicy: 'allowlist'}},\u{1b}[0m\n",
        "\u{1b}[31m-  logging: {redactSensitive: 'off'}, // …\u{1b}[0m\n",
        "chmod 700 ",
    ] {
        assert!(diff.contains(line), "{diff}");
    }
    assert!(!session.seen.contains("noisy"));

    // Not where it is not wanted, and not where nobody sees it.
    for arguments in [&["fix", "--dry-run", "--no-color"][..], &["fix", "--no-color"]] {
        let session = interact(prepared(&workspace, arguments), |_| "n\n".to_owned());
        assert!(!session.seen.contains(ESCAPE), "{}", session.seen);
    }
    let plain = interact(prepared(&workspace, &["fix", "--dry-run"]).env("NO_COLOR", "1"), |_| {
        String::new()
    });
    assert!(
        !plain.seen.contains(ESCAPE) && plain.seen.contains("\n-  channels:"),
        "{}",
        plain.seen
    );
    let piped = run(&workspace, &["fix", "--dry-run"]);
    assert!(!piped.stdout.contains(ESCAPE) && piped.stdout.contains("\n-  channels:"));
}

#[test]
fn nothing_is_asked_with_yes_or_by_audit() {
    for arguments in [&["fix", "--yes"][..], &["audit", "--fix"]] {
        let workspace = opened();
        let session =
            interact(prepared(&workspace, arguments), |question| panic!("it asks {question}"));
        assert_eq!(session.exit, 0, "{}", session.seen);
        assert_eq!(workspace.mode_of("state"), 0o700);
    }
}
