//! Configs and directories that attack a fix.

use std::fmt::Write as _;

use super::{Fixed, run};
use crate::support::workspace::Workspace;

#[test]
fn names_from_the_config_reach_no_terminal_as_they_are() {
    let hostile = "\\u001b]0;x\\u0007\\u202e";
    let workspace = Workspace::with_config_text(format!(
        "{{\"channels\": {{\"x{hostile}\": {{\"groupPolicy\": \"open\"}}}}}}"
    ));
    for arguments in [&["fix", "--dry-run"][..], &["audit", "--fix", "--json"], &["undo"]] {
        let answer = run(&workspace, arguments);
        for text in [&answer.stdout, &answer.stderr] {
            assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{arguments:?}: {text:?}");
        }
    }
}

#[test]
fn a_secret_that_is_used_as_a_name_is_not_printed() {
    let token = "123456789:AAEcanaryZ0canaryZ1canaryZ2canaryZ3";
    let config = format!(
        "{{channels: {{telegram: {{accounts: {{'{token}': {{groupPolicy: 'open', // canary\n \
         botToken: '{token}'}}}}}}}}}}"
    );
    let workspace = Workspace::with_config_text(&config);
    for arguments in [&["fix", "--dry-run"][..], &["audit", "--fix", "--json"], &["undo"]] {
        let answer = run(&workspace, arguments);
        assert_eq!(answer.exit, 0, "{}", answer.stderr);
        for text in [&answer.stdout, &answer.stderr] {
            assert!(!text.contains("canary"), "{arguments:?}: {text}");
        }
    }
    assert_eq!(workspace.read("state/openclaw.json"), config);
}

#[test]
fn a_config_that_is_full_of_accounts_is_fixed_in_time() {
    let mut config = "{\"channels\":{\"whatsapp\":{\"accounts\":{".to_owned();
    for number in 0..20_000 {
        let comma = if number == 0 { "" } else { "," };
        write!(config, "{comma}\"a{number}\":{{\"groupPolicy\":\"open\"}}").unwrap();
    }
    config.push_str("}}}}");
    let workspace = Workspace::with_config_text(&config);
    workspace.file("state/credentials/whatsapp-allowFrom.json", 0o600, r#"{"allowFrom":["+1"]}"#);
    let fixed = Fixed::of(&workspace);
    assert!(fixed.ok(), "{:?}", fixed.errors());
    assert_eq!(fixed.changes().len(), 40_000);
    assert!(Fixed::of(&workspace).changes().is_empty());
    assert_eq!(run(&workspace, &["undo"]).exit, 0);
    assert_eq!(workspace.read("state/openclaw.json"), config);
}

#[test]
fn an_unbounded_number_of_files_is_refused() {
    let workspace = Workspace::with_config_text("{}");
    workspace.dir("state/credentials", 0o700);
    for number in 0..20_010 {
        std::fs::write(workspace.path(format!("state/credentials/{number}.json")), "").unwrap();
    }
    let fixed = Fixed::of(&workspace);
    let [error] = fixed.errors()[..] else { panic!("{:?}", fixed.errors()) };
    assert!(error.starts_with("collectSecurityPermissionTargets failed: "), "{error}");
    assert!(error.ends_with("it has more than 20000 entries"), "{error}");
}
