//! No canary in anything that the program prints.

use super::canaries::{Canaries, found_in};
use super::fixture::{ConfigFile, Fixture};
use crate::live::gateway::Gateway;
use crate::support::runner::{Answer, Run};
use crate::support::workspace::Workspace;

fn assert_silent(answer: &Answer) {
    for text in [&answer.stdout, &answer.stderr] {
        if let Some(found) = found_in(text) {
            panic!("a secret is printed: {found}");
        }
    }
}

#[test]
fn no_audit_prints_a_secret() {
    for config_file in [ConfigFile::Whole, ConfigFile::Broken, ConfigFile::BrokenInclude] {
        let Fixture { workspace, env } = Fixture::new(config_file);
        for arguments in [&[][..], &["--json"], &["--fail-on", "info"], &["--no-color"]] {
            let run = Run::audit(&workspace).envs(env.clone());
            let answer = arguments.iter().fold(run, |run, argument| run.arg(*argument)).go();
            assert!(!answer.stdout.is_empty(), "{}", answer.stderr);
            assert_silent(&answer);
        }
        // As a directory that was brought here.
        let state = workspace.state();
        assert_silent(
            &Run::new(&workspace, &["audit", "--json"]).arg(state).envs(env.clone()).go(),
        );
    }
}

#[test]
fn no_fix_prints_or_keeps_a_secret() {
    let Fixture { workspace, env } = Fixture::new(ConfigFile::Whole);
    // On the lines that change, too.
    let config = workspace.read("state/openclaw.json");
    let opened = config.replacen('{', "{\"logging\": {\"redactSensitive\": \"off\"}, ", 1);
    workspace.file("state/openclaw.json", 0o644, &opened);
    for arguments in
        [&["fix", "--dry-run"][..], &["audit", "--fix", "--json"], &["undo"], &["fix", "--yes"]]
    {
        let run = Run::new(&workspace, arguments).env("OPENCLAW_STATE_DIR", workspace.state());
        let answer = run.envs(env.clone()).go();
        assert!(!answer.stdout.is_empty(), "{arguments:?}: {}", answer.stderr);
        assert_silent(&answer);
    }
    let journal = workspace.path("home/.local/state/chitin/fixes");
    for run in std::fs::read_dir(journal).unwrap() {
        for file in std::fs::read_dir(run.unwrap().path()).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            assert_eq!(found_in(&text), None);
        }
    }
}

#[test]
fn no_secret_of_the_command_line_is_printed() {
    let canaries = Canaries::default();
    let Fixture { workspace, env } = Fixture::new(ConfigFile::Whole);
    let (token, password) = (canaries.plain(), canaries.plain());
    for arguments in [
        vec!["--auth", "token", "--token", &token],
        vec!["--auth", "password", "--password", &password],
        vec!["--auth", "none", "--token", &token, "--password", &password],
        vec!["--token", &token, "--json"],
    ] {
        let run = Run::audit(&workspace).envs(env.clone());
        assert_silent(&arguments.into_iter().fold(run, Run::arg).go());
    }
}

#[test]
fn credentials_sent_to_the_live_gateway_are_not_printed() {
    let canaries = Canaries::default();
    let Fixture { workspace, env } = Fixture::new(ConfigFile::Whole);
    let gateway = Gateway::echoing("you said");
    let login = canaries.plain();
    let url =
        format!("ws://{login}:{login}@127.0.0.1:{}/?token={}", gateway.port, canaries.plain());
    let (token, password) = (canaries.plain(), canaries.plain());
    let given = ["--token", &token, "--password", &password];
    for arguments in [&["--json"][..], &[], &["--json", given[0], given[1]], &given] {
        let run = Run::audit(&workspace).envs(env.clone()).env("OPENCLAW_GATEWAY_URL", &url);
        let run = arguments.iter().fold(run.arg("--deep"), |run, argument| run.arg(*argument));
        let answer = run.go();
        assert!(answer.stdout.contains("you said"), "{}", answer.stdout);
        assert_silent(&answer);
    }
    assert_eq!(gateway.connections(), 4);
}

#[test]
fn no_secret_is_printed_when_the_command_line_is_wrong() {
    let canaries = Canaries::default();
    let workspace = Workspace::new();
    let (token, password) = (canaries.plain(), canaries.plain());
    let joined = format!("--token={token}");
    for arguments in [
        vec!["audit", "--auth", "nonsense", "--token", &token],
        vec!["audit", "--auth", "password", "--token", &token],
        vec!["audit", "--token", &token, "--token", &token],
        vec!["audit", &joined, "--no-such-option"],
        vec!["audit", "--password", &password, "one", "two"],
        vec!["audit", "--limit", "x", "--password", &password],
        vec!["list", &joined],
        vec!["explain", &joined, "x"],
    ] {
        let answer = Run::new(&workspace, &arguments).go();
        assert_eq!(answer.exit, 2, "{arguments:?}: {}", answer.stderr);
        assert_silent(&answer);
    }
}

#[test]
fn rules_are_listed_without_secrets() {
    let Fixture { workspace, env } = Fixture::new(ConfigFile::Whole);
    for arguments in
        [&["list"][..], &["list", "--json"], &["explain", "gateway.bind_no_auth"], &["--help"]]
    {
        assert_silent(&Run::new(&workspace, arguments).envs(env.clone()).go());
    }
}
