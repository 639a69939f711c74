use std::fs;

use super::*;
use crate::document::SourceLocation;
use crate::line_index::Position;
use crate::testing::{self, Gateway};

fn the_problem(gateway: &Gateway) -> Problem {
    let config = gateway.load();
    assert!(config.document.is_none());
    let [problem] = config.problems.as_slice() else { panic!("{:?}", config.problems) };
    assert_ne!(problem.kind, ProblemKind::IncludeFailed);
    assert_eq!(problem.path, config.path);
    assert_eq!(problem.pointer, "");
    problem.clone()
}

#[test]
fn a_missing_file_is_an_empty_config() {
    let config = Gateway::with(&[]).load();
    assert_eq!(config.printed(), "{}");
    assert!(config.problems.is_empty() && config.files.is_empty());
    assert_eq!(config.location_of("/gateway"), SourceLocation::default());
    assert_eq!(config.locate(&SourceLocation::default()), None);
}

#[test]
fn reads_the_file_that_a_link_leads_to() {
    let gateway = Gateway::with(&[("elsewhere/real.json", "{a: 1}")]);
    std::os::unix::fs::symlink("../elsewhere/real.json", gateway.path("state/openclaw.json"))
        .unwrap();
    let config = gateway.load();
    assert_eq!(config.printed(), r#"{"a":1}"#);
    assert_eq!(gateway.relative(&config.files[0].path), "state/openclaw.json");
    assert!(!config.files[0].included);

    let copied = gateway.copied_here();
    assert!(the_problem(&copied).message.contains("cannot be read"));
    copied.write("state/real.json", "{b: 1}");
    fs::remove_file(copied.path("state/openclaw.json")).unwrap();
    std::os::unix::fs::symlink("real.json", copied.path("state/openclaw.json")).unwrap();
    assert_eq!(copied.load().printed(), r#"{"b":1}"#);
}

#[test]
fn reports_a_file_that_does_not_parse() {
    let problem = the_problem(&Gateway::of("{\n  token: 'hush\n}"));
    assert_eq!(
        problem.message,
        "the config does not parse: a string is not closed on its line (line 2, column 15)"
    );
    assert_eq!(problem.position, Some(Position { line: 2, column: 15 }));
    assert!(the_problem(&Gateway::of("")).message.contains("(line 1, column 1)"));
}

#[test]
fn reports_what_is_not_an_object() {
    for text in ["[]", "1", "null", "'x'"] {
        assert_eq!(
            the_problem(&Gateway::of(text)).message,
            "the config's top level is not an object"
        );
    }
    let gateway = Gateway::of("{$include: './list.json'}");
    gateway.write("state/list.json", "[1]");
    assert_eq!(the_problem(&gateway).message, "the config's top level is not an object");
}

#[test]
fn survives_hostile_files() {
    let problem = the_problem(&Gateway::of(&"[".repeat(100_000)));
    assert!(problem.message.contains("more than 512 levels"), "{}", problem.message);
    let limits = ConfigLimits { main_bytes: 10, ..ConfigLimits::default() };
    let problem = the_problem(&Gateway::of("{a: 'xxxxxxxxxx'}").within(limits));
    assert!(problem.message.ends_with("larger than 10 bytes"), "{}", problem.message);

    let gateway = Gateway::with(&[]);
    let path = gateway.path("state/openclaw.json");
    rustix::fs::mkfifoat(rustix::fs::CWD, &path, rustix::fs::Mode::RUSR).unwrap();
    assert!(the_problem(&gateway).message.ends_with("not a regular file"));
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(the_problem(&gateway).message.ends_with("it is a directory"));
}

#[test]
fn reads_the_deepest_config_that_is_allowed() {
    let text = format!("{}{}", "{a:".repeat(511) + "[{$include:'x'}]", "}".repeat(511));
    assert!(the_problem(&Gateway::of(&text)).message.contains("512 levels"));
    let text = format!("{}'${{A}}'{}", "{a:".repeat(512), "}".repeat(512));
    let config = Gateway::of(&text).set("A", "x").load();
    assert_eq!(config.value(&"/a".repeat(512)).and_then(Value::text), Some("x"));
    let place = config.location_of(&"/a".repeat(512));
    assert_eq!(config.locate(&place), Some(Position { line: 1, column: 511 * 3 + 2 }));
}

#[test]
fn pointers_of_long_keys_are_bounded() {
    let limits = ConfigLimits { derived_bytes: 100_000, ..ConfigLimits::default() };
    let text = format!("{{{}: [{}]}}", "k".repeat(1000), "1,".repeat(1000));
    let problem = the_problem(&Gateway::of(&text).within(limits));
    assert!(problem.message.contains("grows too large"), "{}", problem.message);
    let limits = ConfigLimits { derived_bytes: 1000, ..ConfigLimits::default() };
    let gateway = Gateway::of("{a: '${A}${A}'}").within(limits).set("A", &"x".repeat(600));
    assert!(the_problem(&gateway).message.contains("grows too large"));
}

#[test]
fn keeps_ecmascript_order_and_numbers() {
    let config =
        Gateway::of("{b: 1.0, '10': -0, a: 1e3, '2': 1e300, b: {z: 0xff, '1': 2.5}, c: NaN}")
            .load();
    let expected = r#"{"2":1e+300,"10":0,"b":{"1":2.5,"z":255},"a":1000,"c":null}"#;
    assert_eq!(config.printed(), expected);
}

#[test]
fn drops_proto() {
    let config = Gateway::of(r#"{"__proto__": {x: 1}, constructor: {prototype: 1}}"#).load();
    assert_eq!(config.printed(), r#"{"constructor":{"prototype":1}}"#);
}

#[test]
fn finds_values_and_positions_by_pointers() {
    let config = Gateway::of("{\n  list: [\n    {'a/b~c': 1},\n  ],\n  x: 1, x: 2\n}").load();
    assert!(config.value("/list/0/a~1b~0c").is_some());
    for pointer in ["/list/00", "/list/+0", "/list/1", "/list/-", "/x/y", "/none", "list"] {
        assert!(config.value(pointer).is_none() == (pointer != "list"), "{pointer}");
    }
    let at = |pointer: &str| {
        let position = config.locate(&config.location_of(pointer)).unwrap();
        (position.line, position.column)
    };
    assert_eq!(at(""), (1, 1));
    assert_eq!(at("/list"), (2, 3));
    assert_eq!(at("/list/0"), (3, 5));
    assert_eq!(at("/list/0/a~1b~0c/d"), (3, 6));
    assert_eq!(at("/x"), (5, 9));
    assert_eq!(at("/list/0/none"), (3, 5));
}

#[test]
fn the_env_section_is_part_of_the_environment() {
    let text = r#"{
        env: {
            vars: {TOKEN: "listed", BOTH: "listed", NODE_OPTIONS: "x", "BAD-NAME": "x", REF: "${TOKEN}", ESCAPED: "$${X}"},
            BOTH: "direct", SET: "config", BLANK: "config", EMPTY: " ", NUMBER: 1, shellEnv: "x", " SPACED ": "x",
        },
        used: ["${TOKEN}", "${BOTH}", "${SET}", "${BLANK}", "${SPACED}", "${NODE_OPTIONS}"],
    }"#;
    let gateway = Gateway::of(text).set("SET", "process").set("BLANK", " ");
    let (config, environment) = gateway.load_with_environment();
    let names: Vec<&str> = environment.names().collect();
    assert_eq!(names, ["BLANK", "BOTH", "ESCAPED", "SET", "SPACED", "TOKEN"]);
    let used = config.value("/used").map(|value| testing::json(value).to_string());
    assert_eq!(used.unwrap(), r#"["listed","direct","process","config","x","${NODE_OPTIONS}"]"#);
    assert_eq!(environment.get("ESCAPED"), Some("$${X}"));
}

#[test]
fn an_env_section_of_wrong_types_is_ignored() {
    for text in ["{env: []}", "{env: 'x'}", "{env: {vars: 'x'}}", "{env: null}"] {
        let (config, environment) = Gateway::of(text).load_with_environment();
        assert_eq!((config.problems.len(), environment.names().count()), (0, 0), "{text}");
    }
}
