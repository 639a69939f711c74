//! Records: what a module saw, without a secret, for another machine.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use super::{Told, command, component, module};
use crate::library::SPY;
use crate::place::Place;

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

/// A place with a component in it.
fn place(config: &str, component: &[u8]) -> Place {
    let place = Place::with_config_text(config);
    place.file("module.wasm", 0o600, component);
    place
}

fn record(place: &Place) -> Value {
    let arguments = ["record", "module.wasm", "--state-dir", "state", "-o", "record.json"];
    module(place.root(), &[&arguments[..], &LIMITS].concat()).succeeds();
    serde_json::from_str(&fs::read_to_string(place.path("record.json")).unwrap()).unwrap()
}

fn replay(place: &Place, file: &str) -> Told {
    module(place.root(), &[&["replay", file, "record.json"][..], &LIMITS].concat())
}

fn my_check() -> Vec<u8> {
    fs::read(component()).unwrap()
}

#[test]
fn a_record_says_the_same_again_without_the_gateway() {
    let place = place("{gateway: {bind: 'lan', auth: {token: 'made-up-token'}}}", &my_check());
    let record = record(&place);
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

    place.file("state/openclaw.json", 0o600, "{}");
    let told = replay(&place, "module.wasm").succeeds();
    assert!(told.stdout.contains("tests.my-check.reachable"), "{}", told.stdout);
    assert!(told.stdout.ends_with("The same as recorded.\n"), "{}", told.stdout);
}

#[test]
fn a_record_is_for_its_owner_and_takes_an_older_ones_place() {
    let place = place("{}", &my_check());
    place.file("record.json", 0o644, "old");
    record(&place);
    let mode = fs::metadata(place.path("record.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn hostile_text_in_a_record_is_escaped_and_comes_back() {
    let place = place("{gateway: {bind: '\u{202e}\u{1b}[2J'}}", &my_check());
    let record = record(&place);
    let text = fs::read_to_string(place.path("record.json")).unwrap();
    assert!(!text.contains(['\u{202e}', '\u{1b}']), "{text}");
    assert_eq!(record["interactions"][0]["reply"]["answer"], "\u{202e}\u{1b}[2J");
    let told = replay(&place, "module.wasm").succeeds();
    assert!(!told.stdout.contains(['\u{202e}', '\u{1b}']), "{:?}", told.stdout);
    assert!(told.stdout.ends_with("The same as recorded.\n"), "{}", told.stdout);
}

#[test]
fn what_is_not_in_the_record_is_named() {
    let place = place("{}", &my_check());
    record(&place);
    place.file("other.wasm", 0o600, SPY);
    let told = replay(&place, "other.wasm");
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
    let place = place("{gateway: ", &my_check());
    let record = record(&place);
    let reason = record["interactions"][0]["reply"]["unavailable"].as_str().unwrap();
    assert!(reason.contains("cannot be read"), "{reason}");
    let told = replay(&place, "module.wasm");
    assert_eq!(told.exit, 3);
    assert!(told.stdout.ends_with("The same as recorded.\n"), "{}", told.stdout);
}

#[test]
fn a_file_that_is_no_record_is_refused() {
    let place = place("{}", &my_check());
    let whole = record(&place);
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
        place.file("record.json", 0o600, text);
        replay(&place, "module.wasm").fails(reason);
    }
}

/// Even of a module that is granted everything, over a gateway with secrets everywhere.
#[test]
fn no_secret_is_in_a_record() {
    for (place, env) in crate::secrets::worlds() {
        place.file("module.wasm", 0o600, SPY);
        let told = command(super::CHITIN, place.root())
            .args(["module", "record", "module.wasm", "--state-dir", "state", "-o", "record.json"])
            .args(LIMITS)
            .args(["--limit", "read=1073741824", "--limit", "text=1048576"])
            .env("HOME", place.home())
            .envs(env.iter().map(|(name, value)| (*name, value)))
            .output()
            .unwrap();
        let told = Told::of(told).succeeds();
        let text = fs::read_to_string(place.path("record.json")).unwrap();
        assert!(text.contains("\"call\": \"read\""), "nothing was asked: {}", told.stdout);
        for text in [&text, &told.stdout, &told.stderr] {
            crate::secrets::assert_none_in(text);
        }
    }
}
