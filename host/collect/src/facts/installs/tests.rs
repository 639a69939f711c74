//! Every place that records may be in, and what becomes of them together.

use std::fs;
use std::time::{Duration, SystemTime};

use serde_json::json;

use super::*;
use crate::facts::fixture::{State, TABLES};

fn plugins(state: &State, in_config: &Value) -> InstallRecords {
    install_records(InstallKind::Plugin, Some(in_config), &state.roots(), &state.database())
}

fn hooks(state: &State, in_config: &Value) -> InstallRecords {
    install_records(InstallKind::Hook, Some(in_config), &state.roots(), &state.database())
}

fn index(state: &State, records: &Value) {
    state.machine_state(
        "plugins.installedIndex",
        &json!({"index": {"installRecords": records}}).to_string(),
    );
}

/// An npm package that is a plugin.
fn package(state: &State, path: &str, version: &str) {
    let manifest = json!({"version": version, "openclaw": {"extensions": ["./i.js"]}});
    state.write(&format!("{path}/package.json"), manifest.to_string());
}

fn project(state: &State, path: &str, dependencies: &Value) {
    state.write(&format!("{path}/package.json"), json!({"dependencies": dependencies}).to_string());
}

fn npm(id: &str, spec: &str) -> InstallRecord {
    InstallRecord {
        id: id.to_owned(),
        source: "npm".to_owned(),
        spec: Some(spec.to_owned()),
        integrity: None,
        recorded_version: None,
        installed_version: None,
    }
}

#[test]
fn reads_records_of_the_config() {
    let state = State::new();
    let found = plugins(
        &state,
        &json!({
            "b": {"source": "npm", "spec": " p@1.2.3 ", "integrity": "sha512-x", "version": "1", "resolvedVersion": "2"},
            "a": {"source": "path", "spec": 5, "integrity": "  "},
            "c": "no record",
        }),
    );
    let mut a = npm("a", "");
    (a.source, a.spec) = ("path".to_owned(), None);
    let mut b = npm("b", "p@1.2.3");
    (b.integrity, b.recorded_version) = (Some("sha512-x".to_owned()), Some("2".to_owned()));
    assert_eq!(found, InstallRecords { records: vec![a, b], unreadable: Vec::new() });
    for nothing in [json!(null), json!([]), json!("x"), json!({})] {
        assert_eq!(plugins(&state, &nothing), InstallRecords::default());
        assert_eq!(hooks(&state, &nothing), InstallRecords::default());
    }
    let none = install_records(InstallKind::Hook, None, &state.roots(), &state.database());
    assert_eq!(none, InstallRecords::default());
}

#[test]
fn later_stores_win_by_id() {
    let state = State::new();
    let in_config = json!({
        "one": {"source": "npm", "spec": "config@1", "integrity": "gone with its record"},
        "two": {"source": "npm", "spec": "config@1"},
        "three": {"source": "npm", "spec": "config@1"},
    });
    let file = json!({"installRecords": {
        "one": {"source": "npm", "spec": "file@1"},
        "two": {"source": "npm", "spec": "file@1"},
    }});
    state.write("plugins/installs.json", file.to_string());
    index(&state, &json!({"one": {"source": "npm", "spec": "database@1"}}));
    let found = plugins(&state, &in_config);
    assert_eq!(
        found.records,
        [npm("one", "database@1"), npm("three", "config@1"), npm("two", "file@1")]
    );
    assert_eq!(found.unreadable, Vec::<String>::new());
}

#[test]
fn hooks_have_their_own_records() {
    let state = State::new();
    index(&state, &json!({"plugin": {"source": "npm", "spec": "p"}}));
    state.machine_state(
        "hooks.internal.installs",
        r#"{"hook": {"source": "npm", "spec": "database"}}"#,
    );
    let found = hooks(
        &state,
        &json!({"hook": {"source": "npm", "spec": "config"}, "other": {"source": "npm", "spec": "x"}}),
    );
    assert_eq!(found.records, [npm("hook", "database"), npm("other", "x")]);
    assert_eq!(plugins(&state, &json!({})).records, [npm("plugin", "p")]);
}

#[test]
fn malformed_stores_are_named_and_the_others_still_count() {
    let state = State::new();
    state.write("plugins/installs.json", "{");
    index(&state, &json!({"good": {"source": "npm"}, "bad": {"source": "npm", "spec": 5}}));
    state.machine_state("hooks.internal.installs", "[1]");
    let in_config = json!({"mine": {"source": "npm", "spec": "p"}});
    let found = plugins(&state, &in_config);
    assert_eq!(found.records, [npm("mine", "p")]);
    assert_eq!(
        found.unreadable,
        [
            "`plugins/installs.json`: it is not valid JSON",
            "`plugins.installedIndex` in the state database: an install record in it is malformed",
        ]
    );
    let found = hooks(&state, &in_config);
    assert_eq!(found.records, [npm("mine", "p")]);
    assert_eq!(
        found.unreadable,
        ["`hooks.internal.installs` in the state database: it holds no map of install records"]
    );
}

#[test]
fn every_malformed_shape_is_named() {
    for value in ["", "{", "null", "{}", r#"{"index":{}}"#, r#"{"index":{"installRecords":[]}}"#] {
        let state = State::new();
        state.machine_state("plugins.installedIndex", value);
        assert_eq!(plugins(&state, &json!({})).unreadable.len(), 1, "{value:?}");
    }
    for value in
        ["[]", "{}", r#"{"installRecords":{"a":{}}}"#, r#"{"installRecords":{"a":{"source":1}}}"#]
    {
        let state = State::new();
        state.write("plugins/installs.json", value);
        assert_eq!(plugins(&state, &json!({})).unreadable.len(), 1, "{value:?}");
    }
}

#[test]
fn a_database_that_is_none_is_named() {
    let state = State::new();
    state.write("state/openclaw.sqlite", "x".repeat(5000));
    let found = hooks(&state, &json!({"mine": {"source": "npm", "spec": "p"}}));
    assert_eq!(found.records, [npm("mine", "p")]);
    assert_eq!(found.unreadable, ["state database `state/openclaw.sqlite`: it is not a database"]);
}

#[test]
fn a_missing_table_has_no_records() {
    let state = State::new();
    state.sql("CREATE TABLE x (a)");
    assert_eq!(plugins(&state, &json!({})), InstallRecords::default());
    state.sql(TABLES);
    assert_eq!(plugins(&state, &json!({})), InstallRecords::default());
}

#[test]
fn the_installed_version_is_that_of_the_package() {
    let state = State::new();
    state.write("extensions/voice-call/package.json", r#"{"version": "9.9.9"}"#);
    state.write("extensions/@s/p/package.json", r#"{"version": "2.0.0"}"#);
    state.write("hooks/test-hooks/package.json", r#"{"version": "8.8.8"}"#);
    state.write("elsewhere/package.json", r#"{"version": "7.7.7"}"#);
    state.write("../outside/package.json", r#"{"version": "6.6.6"}"#);
    std::os::unix::fs::symlink("../../outside", state.path("extensions/linked")).unwrap();
    let installed =
        |records: InstallRecords| records.records.into_iter().next().unwrap().installed_version;
    let by_path = |path: &str| {
        let path = state.path("").join(path);
        installed(plugins(&state, &json!({"voice-call": {"source": "npm", "installPath": path}})))
    };
    let by_id = |id: &str| installed(plugins(&state, &json!({id: {"source": "npm"}})));
    assert_eq!(by_id("voice-call").as_deref(), Some("9.9.9"));
    assert_eq!(by_id("@s/p").as_deref(), Some("2.0.0"));
    let hook = installed(hooks(&state, &json!({"test-hooks": {"source": "npm"}})));
    assert_eq!(hook.as_deref(), Some("8.8.8"));
    assert_eq!(by_path("elsewhere").as_deref(), Some("7.7.7"));
    assert_eq!(by_path("extensions/../elsewhere").as_deref(), Some("7.7.7"));

    // Nothing is read elsewhere, and the recorded path is not replaced by another.
    for path in ["../outside", "extensions/linked", "/etc", "none"] {
        assert_eq!(by_path(path), None, "{path}");
    }
    for id in ["none", "linked", "../elsewhere", "", ".", "a\0b"] {
        assert_eq!(by_id(id), None, "{id}");
    }
}

#[test]
fn versions_that_are_not_texts_do_not_count() {
    for manifest in ["", "{", "[]", r#"{"version": 1}"#, r#"{"version": " "}"#, "{}"] {
        let state = State::new();
        state.write("extensions/a/package.json", manifest);
        let found = plugins(&state, &json!({"a": {"source": "npm"}}));
        assert_eq!(found.records[0].installed_version, None, "{manifest:?}");
    }
}

#[test]
fn packages_without_a_record_are_recovered() {
    for folder in ["npm", "npm/projects/p1"] {
        let state = State::new();
        project(
            &state,
            folder,
            &json!({"@x/p": " ^1.0.0 ", "gone": "1", "library": "1", "blank": " ", "odd": 1, "../up": "1"}),
        );
        package(&state, &format!("{folder}/node_modules/@x/p"), "1.2.3");
        state.write(
            &format!("{folder}/node_modules/@x/p/openclaw.plugin.json"),
            r#"{"id": " pp "}"#,
        );
        state.write(
            &format!("{folder}/node_modules/library/package.json"),
            r#"{"openclaw": {"extensions": [1]}}"#,
        );
        let mut expected = npm("pp", "@x/p@^1.0.0");
        expected.recorded_version = Some("1.2.3".to_owned());
        expected.installed_version = Some("1.2.3".to_owned());
        assert_eq!(plugins(&state, &json!({})).records, [expected]);
        assert_eq!(hooks(&state, &json!({})).records, []);
    }
}

#[test]
fn a_recovered_id_is_the_package_name_and_must_be_an_id() {
    for (name, id) in [
        ("", Some("dep")),
        ("own", Some("own")),
        ("@s/own", Some("@s/own")),
        ("a/b", None),
        ("..", None),
        ("@s", None),
        (r"a\b", None),
        ("@/x", None),
    ] {
        let state = State::new();
        project(&state, "npm", &json!({"dep": "1"}));
        let manifest = json!({"name": name, "openclaw": {"extensions": ["x"]}});
        state.write("npm/node_modules/dep/package.json", manifest.to_string());
        let found: Vec<_> =
            plugins(&state, &json!({})).records.into_iter().map(|record| record.id).collect();
        assert_eq!(found, Vec::from_iter(id.map(str::to_owned)), "{name:?}");
    }
}

#[test]
fn a_stored_record_stays_when_it_is_right() {
    let state = State::new();
    project(&state, "npm", &json!({"p": "1.2.3"}));
    package(&state, "npm/node_modules/p", "1.2.3");
    let path = state.path("npm/node_modules/p");
    for record in [
        json!({"source": "npm", "spec": "p@latest", "integrity": "i", "version": "1.2.3", "installPath": path}),
        json!({"source": "npm", "spec": "p@latest", "integrity": "i", "version": "0.0.1"}),
        json!({"source": "npm", "spec": "p@latest", "integrity": "i", "version": "0.0.1", "installPath": "/elsewhere"}),
        json!({"source": "path", "spec": "p@latest", "integrity": "i", "version": "0.0.1", "installPath": path}),
    ] {
        let found = plugins(&state, &json!({"p": record}));
        assert_eq!(found.records[0].spec.as_deref(), Some("p@latest"), "{record}");
        assert_eq!(found.records[0].integrity.as_deref(), Some("i"), "{record}");
    }
}

#[test]
fn another_version_at_the_recorded_path_replaces_the_record() {
    let state = State::new();
    project(&state, "npm", &json!({"p": "^2"}));
    package(&state, "npm/node_modules/p", "2.0.0");
    let path = state.path("npm/node_modules/p");
    let record = json!({"source": "npm", "spec": "p@1.0.0", "integrity": "i", "version": "1.0.0", "installPath": path});
    let found = plugins(&state, &json!({"p": record}));
    let mut expected = npm("p", "p@^2");
    (expected.recorded_version, expected.installed_version) =
        (Some("2.0.0".to_owned()), Some("2.0.0".to_owned()));
    assert_eq!(found.records, [expected]);
}

#[test]
fn a_recorded_path_that_is_gone_is_replaced_and_the_spec_kept_where_it_fits() {
    let state = State::new();
    project(&state, "npm/projects/new", &json!({"@s/p": "^2"}));
    package(&state, "npm/projects/new/node_modules/@s/p", "2.0.0");
    let old = state.path("npm/projects/old/node_modules/@s/p");
    for (spec, expected) in [
        ("@s/p@latest", "@s/p@latest"),
        ("@s/p", "@s/p"),
        ("@s/p@2.0.0", "@s/p@2.0.0"),
        ("@s/p@v2.0.0", "@s/p@v2.0.0"),
        ("@s/p@1.0.0", "@s/p@^2"),
        ("other@latest", "@s/p@^2"),
    ] {
        let record = json!({"source": "npm", "spec": spec, "integrity": "i", "version": "1.0.0", "installPath": old});
        let found = plugins(&state, &json!({"@s/p": record}));
        let mut expected = npm("@s/p", expected);
        (expected.recorded_version, expected.installed_version) =
            (Some("2.0.0".to_owned()), Some("2.0.0".to_owned()));
        assert_eq!(found.records, [expected], "{spec}");
    }
}

#[test]
fn of_several_packages_the_recorded_or_else_the_newest_counts() {
    let state = State::new();
    for (folder, version, age) in [("a", "1.0.0", 300), ("b", "2.0.0", 100), ("c", "3.0.0", 200)] {
        let folder = format!("npm/projects/{folder}");
        project(&state, &folder, &json!({"p": version}));
        package(&state, &format!("{folder}/node_modules/p"), version);
        let manifest = fs::File::options()
            .write(true)
            .open(state.path(&format!("{folder}/package.json")))
            .unwrap();
        manifest.set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
    }
    assert_eq!(plugins(&state, &json!({})).records[0].spec.as_deref(), Some("p@2.0.0"));
    let record = json!({"source": "npm", "spec": "p", "version": "0", "installPath": state.path("npm/projects/a/node_modules/p")});
    assert_eq!(plugins(&state, &json!({"p": record})).records[0].spec.as_deref(), Some("p@1.0.0"));
}

#[test]
fn a_folder_without_end_is_named() {
    let state = State::new();
    let many: Value = (0..5000)
        .map(|index| (format!("p{index}"), json!("1")))
        .collect::<serde_json::Map<_, _>>()
        .into();
    project(&state, "npm", &many);
    let found = plugins(&state, &json!({"mine": {"source": "npm", "spec": "p"}}));
    assert_eq!(found.records, [npm("mine", "p")]);
    assert_eq!(found.unreadable, ["`npm`: it holds more than 5000 packages"]);
}

#[test]
fn links_out_of_the_npm_folder_are_not_followed() {
    let state = State::new();
    project(&state, "npm", &json!({"p": "1"}));
    state.directory("npm/node_modules");
    package(&state, "../outside", "1.0.0");
    std::os::unix::fs::symlink("../../../outside", state.path("npm/node_modules/p")).unwrap();
    assert_eq!(plugins(&state, &json!({})), InstallRecords::default());
    std::os::unix::fs::symlink("../../outside", state.path("npm/projects")).unwrap();
    let found = plugins(&state, &json!({}));
    assert_eq!(found.unreadable, ["`state:npm/projects` leads out of its root through a link"]);
}
