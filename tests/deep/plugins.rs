//! Which code counts as a plugin's, and what is said about it.

use serde_json::json;

use super::{BAD, assert_places, audit, full, told};
use crate::place::Place;
use crate::runner::Run;

const SAFETY: &str = "plugins.code_safety";
const FAILED: &str = "plugins.code_safety.scan_failed";
const INCOMPLETE: &str = "plugins.code_safety.incomplete";
const MANIFEST: &str = "plugins.code_safety.manifest_parse_error";

fn manifest(entries: &[&str]) -> String {
    json!({"name": "p", "openclaw": {"extensions": entries}}).to_string()
}

#[test]
fn an_ordinary_audit_reads_no_code() {
    let place = Place::with_config(&json!({}));
    place.file("state/extensions/p/index.js", 0o600, BAD);
    place.file("state/extensions/p/package.json", 0o600, "{");
    let report = Run::audit_json(&place).go().json();
    for rule in [SAFETY, FAILED, INCOMPLETE, MANIFEST] {
        assert_eq!(report.ledger(rule), ("skipped", "needs --deep"), "{rule}");
    }
}

#[test]
fn every_place_that_plugins_are_loaded_from_is_read() {
    let place = Place::new();
    let config = json!({
        "plugins": {"load": {"paths": [full(&place, "one"), full(&place, "many"), "~/home-plugin"]}},
        "agents": {"defaults": {"workspace": full(&place, "workspace")}},
    });
    place.file("state/openclaw.json", 0o600, config.to_string());
    let places = [
        "state/extensions/p",
        "state/npm/node_modules/@x/p",
        "state/npm/projects/a/node_modules/p",
        "one",
        "many/a",
        "many/b",
        "home/home-plugin",
        "workspace/.openclaw/extensions/p",
    ];
    for path in places {
        place.file(format!("{path}/src/index.js"), 0o600, BAD);
        place.file(format!("{path}/package.json"), 0o600, manifest(&["./src/index.js"]));
    }
    place.file("state/npm/package.json", 0o600, json!({"dependencies": {"@x/p": "1"}}).to_string());
    place.file(
        "state/npm/projects/a/package.json",
        0o600,
        json!({"dependencies": {"p": "1", "none": "1"}}).to_string(),
    );
    let report = audit(&place);
    assert_places(&report, SAFETY, &places.map(|path| full(&place, path)));
    assert_eq!(report.not_run(), []);
}

#[test]
fn a_place_that_is_named_twice_is_read_once() {
    let place = Place::new();
    let extensions = full(&place, "state/extensions");
    let config = json!({"plugins": {"load": {"paths": [extensions, format!("{extensions}/p")]}}});
    place.file("state/openclaw.json", 0o600, config.to_string());
    place.file("state/extensions/p/index.js", 0o600, BAD);
    assert_places(&audit(&place), SAFETY, &[format!("{extensions}/p")]);
}

#[test]
fn a_finding_names_rule_place_and_evidence() {
    let place = Place::with_config(&json!({}));
    place.file("state/extensions/demo/lib/a.js", 0o600, BAD);
    let report = audit(&place);
    let text = told(&report, SAFETY).remove(0);
    for part in [
        "\"demo\"",
        "1 scanned file",
        "[dangerous-exec]",
        "suspicious.dangerous_exec",
        "execSync(input)",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.contains("(lib/a.js:2)"), "{text}");
    let at = &report.locations(SAFETY)[0];
    assert_eq!(at["line"], 2);
    assert!(at["file"].as_str().unwrap().ends_with("extensions/demo/lib/a.js"), "{at}");
}

#[test]
fn declared_entries_are_read_where_a_walk_does_not_go() {
    for hidden in [".hidden/index.js", "dist/node_modules/x.js"] {
        let place = Place::with_config(&json!({}));
        place.file(format!("state/extensions/p/{hidden}"), 0o600, BAD);
        assert!(told(&audit(&place), SAFETY).is_empty(), "{hidden}");
        place.file("state/extensions/p/package.json", 0o600, manifest(&[hidden]));
        let report = audit(&place);
        assert_eq!(told(&report, SAFETY).len(), 1, "{hidden}");
        assert_eq!(told(&report, "plugins.code_safety.entry_path").len(), 1, "{hidden}");
    }
}

#[test]
fn an_entry_behind_a_link_out_is_read_and_noted() {
    let place = Place::with_config(&json!({}));
    place.file("elsewhere/x.js", 0o600, BAD);
    place.link("state/extensions/p/x.js", place.path("elsewhere/x.js"));
    place.file("state/extensions/p/package.json", 0o600, manifest(&["x.js"]));
    let told = told(&audit(&place), SAFETY);
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("leaves the plugin, to"), "{}", told[0]);
}

#[test]
fn an_entry_outside_is_not_read() {
    let place = Place::with_config(&json!({}));
    place.file("state/outside.js", 0o600, BAD);
    let entries = ["../../outside.js", "/etc/passwd"];
    place.file("state/extensions/p/package.json", 0o600, manifest(&entries));
    let report = audit(&place);
    assert_eq!(report.hits().iter().filter(|(id, _)| id.starts_with(SAFETY)).count(), 1);
    let text = told(&report, "plugins.code_safety.entry_escape").remove(0);
    assert!(entries.iter().all(|entry| text.contains(entry)), "{text}");
}

#[test]
fn a_manifest_that_cannot_be_read_is_told_and_the_code_read() {
    const PATH: &str = "state/extensions/p/package.json";
    let with = |make: fn(&Place)| {
        let place = Place::with_config(&json!({}));
        place.file("state/extensions/p/index.js", 0o600, BAD);
        make(&place);
        let report = audit(&place);
        assert_eq!(told(&report, SAFETY).len(), 1);
        assert!(told(&report, FAILED).is_empty());
        told(&report, MANIFEST).len()
    };
    assert_eq!(with(|place| place.file(PATH, 0o600, "{ not valid json !!!")), 1);
    assert_eq!(with(|place| place.dir(PATH, 0o700)), 1);
    assert_eq!(with(|place| place.fifo(PATH)), 1);
    assert_eq!(with(|place| place.file(PATH, 0o600, " ".repeat(1_048_577))), 1);
    assert_eq!(
        with(|place| {
            place.file("state/extensions/p/real.json", 0o600, "{}");
            place.link(PATH, "real.json");
        }),
        1
    );
    assert_eq!(with(|place| place.file(PATH, 0o600, " \n")), 0);
    assert_eq!(with(|place| place.file(PATH, 0o600, "[]")), 0);
    assert_eq!(with(|_| {}), 0);
}

#[test]
fn a_plugin_that_was_not_read_whole_is_not_clean() {
    let place = Place::with_config(&json!({}));
    place.file("state/extensions/p/big.js", 0o600, "a".repeat((4 << 20) + 1));
    place.file("elsewhere/q/index.js", 0o600, BAD);
    place.link("state/extensions/q", place.path("elsewhere/q"));
    let report = audit(&place);
    let told_of = told(&report, INCOMPLETE);
    assert_eq!(told_of.len(), 2, "{told_of:#?}");
    assert!(told_of.iter().any(|text| text.contains("big.js")), "{told_of:#?}");
    assert!(told_of.iter().any(|text| text.contains("extensions/q: it is a link")), "{told_of:#?}");
    assert!(told(&report, SAFETY).is_empty());
}

#[test]
fn skills_that_a_plugin_hides_are_read_with_it() {
    let place = Place::with_config(&json!({}));
    place.file("state/extensions/p/.skills/s/run.js", 0o600, BAD);
    place.file(
        "state/extensions/p/openclaw.plugin.json",
        0o600,
        json!({"id": "p", "skills": ["./.skills"]}).to_string(),
    );
    let told = told(&audit(&place), SAFETY);
    assert!(told.len() == 1 && told[0].contains("(.skills/s/run.js:2)"), "{told:#?}");
}
