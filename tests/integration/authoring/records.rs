//! Records: what a module saw, without a secret, for another machine.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use super::{CommandOutput, command, component, module};
use crate::support::harness::SPY;
use crate::support::workspace::Workspace;

const LIMITS: [&str; 8] = [
    "--limit",
    "time=60000",
    "--limit",
    "fuel=1000000000000",
    "--limit",
    "memory=1073741824",
    "--limit",
    "report=16777216",
];

/// A workspace with a component in it.
fn workspace(config: &str, component: &[u8]) -> Workspace {
    let workspace = Workspace::with_config_text(config);
    workspace.file("module.wasm", 0o600, component);
    workspace
}

fn record(workspace: &Workspace) -> Value {
    let arguments = ["record", "module.wasm", "--state-dir", "state", "-o", "record.json"];
    module(workspace.root(), &[&arguments[..], &LIMITS].concat()).succeeds();
    serde_json::from_str(&fs::read_to_string(workspace.path("record.json")).unwrap()).unwrap()
}

fn replay(workspace: &Workspace, file: &str) -> CommandOutput {
    module(workspace.root(), &[&["replay", file, "record.json"][..], &LIMITS].concat())
}

fn my_check() -> Vec<u8> {
    fs::read(component()).unwrap()
}

#[test]
fn a_record_replays_without_the_gateway() {
    let workspace =
        workspace("{gateway: {bind: 'lan', auth: {token: 'made-up-token'}}}", &my_check());
    let record = record(&workspace);
    assert_eq!(record["schema"], 2);
    assert_eq!(record["complete"], true);
    assert_eq!(record["module"]["id"], "tests.my-check");
    assert_eq!(
        record["interactions"][0],
        json!({
            "call": "effective",
            "arguments": {"pointer": "/gateway/bind"},
            "reply": {"answer": "lan"},
        })
    );
    assert_eq!(record["interactions"][1]["reply"]["answer"]["token"]["$sealed"]["length"], 13);
    assert_eq!(record["said"]["findings"].as_array().unwrap().len(), 2);

    workspace.file("state/openclaw.json", 0o600, "{}");
    let told = replay(&workspace, "module.wasm").succeeds();
    assert!(told.stdout.contains("tests.my-check.reachable"), "{}", told.stdout);
    assert!(told.stdout.ends_with("The same as recorded.\n"), "{}", told.stdout);
}

#[test]
fn a_record_is_for_its_owner_and_takes_an_older_ones_place() {
    let workspace = workspace("{}", &my_check());
    workspace.file("record.json", 0o644, "old");
    record(&workspace);
    let mode = fs::metadata(workspace.path("record.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn hostile_text_in_a_record_is_escaped_and_comes_back() {
    let workspace = workspace("{gateway: {bind: '\u{202e}\u{1b}[2J'}}", &my_check());
    let record = record(&workspace);
    let text = fs::read_to_string(workspace.path("record.json")).unwrap();
    assert!(!text.contains(['\u{202e}', '\u{1b}']), "{text}");
    assert_eq!(record["interactions"][0]["reply"]["answer"], "\u{202e}\u{1b}[2J");
    let told = replay(&workspace, "module.wasm").succeeds();
    assert!(!told.stdout.contains(['\u{202e}', '\u{1b}']), "{:?}", told.stdout);
    assert!(told.stdout.ends_with("The same as recorded.\n"), "{}", told.stdout);
}

#[test]
fn a_question_missing_from_the_record_is_named() {
    let workspace = workspace("{}", &my_check());
    record(&workspace);
    workspace.file("other.wasm", 0o600, SPY);
    let told = replay(&workspace, "other.wasm");
    assert_eq!(told.exit, 3, "{}{}", told.stdout, told.stderr);
    assert!(
        told.stdout.contains("not in the record: effective {\"pointer\":\"\"}"),
        "{}",
        told.stdout
    );
    assert!(told.stdout.ends_with("Not the same as recorded.\n"), "{}", told.stdout);
    assert!(told.stderr.contains("note: recorded with tests.my-check 0.1.0"), "{}", told.stderr);
}

#[test]
fn refusals_are_recorded_too() {
    let workspace = workspace("{gateway: ", &my_check());
    let record = record(&workspace);
    let reason = record["interactions"][0]["reply"]["unavailable"].as_str().unwrap();
    assert!(reason.contains("cannot be read"), "{reason}");
    let told = replay(&workspace, "module.wasm");
    assert_eq!(told.exit, 3);
    assert!(told.stdout.ends_with("The same as recorded.\n"), "{}", told.stdout);
}

#[test]
fn a_file_that_is_not_a_record_is_refused() {
    let workspace = workspace("{}", &my_check());
    let whole = record(&workspace);
    let mut other = whole.clone();
    other["schema"] = json!(1);
    let mut unknown = whole.clone();
    unknown["extra"] = json!(true);
    let mut lies = whole;
    lies["interactions"][0]["call"] = json!("secrets");
    for (text, reason) in [
        ("nonsense".to_owned(), "not a record"),
        ("{}".to_owned(), "it has no `schema`"),
        ("[".repeat(100_000), "not a record"),
        (other.to_string(), "a record of schema 1; this program reads 2"),
        (unknown.to_string(), "not a record"),
        (lies.to_string(), "not a record"),
    ] {
        workspace.file("record.json", 0o600, text);
        replay(&workspace, "module.wasm").fails(reason);
    }
}

/// Even of a module that is granted everything, over a gateway with secrets everywhere.
#[test]
fn no_secret_is_in_a_record() {
    for (workspace, env) in crate::secrets::fixtures() {
        workspace.file("module.wasm", 0o600, SPY);
        let told = command(super::CHITIN, workspace.root())
            .args(["module", "record", "module.wasm", "--state-dir", "state", "-o", "record.json"])
            .args(LIMITS)
            .args(["--limit", "read=1073741824", "--limit", "text=1048576"])
            .env("HOME", workspace.home())
            .envs(env.iter().map(|(name, value)| (*name, value)))
            .output()
            .unwrap();
        let told = CommandOutput::of(told).succeeds();
        let text = fs::read_to_string(workspace.path("record.json")).unwrap();
        assert!(text.contains("\"call\": \"read\""), "nothing was asked: {}", told.stdout);
        for text in [&text, &told.stdout, &told.stderr] {
            crate::secrets::assert_none_in(text);
        }
    }
}
