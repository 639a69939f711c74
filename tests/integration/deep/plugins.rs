//! Which code counts as a plugin's, and what is said about it.

use serde_json::json;

use super::{BAD, assert_places, audit, full, told};
use crate::support::runner::Run;
use crate::support::workspace::Workspace;

const SAFETY: &str = "plugins.code_safety";
const FAILED: &str = "plugins.code_safety.scan_failed";
const INCOMPLETE: &str = "plugins.code_safety.incomplete";
const MANIFEST: &str = "plugins.code_safety.manifest_parse_error";

fn manifest(entries: &[&str]) -> String {
    json!({"name": "p", "openclaw": {"extensions": entries}}).to_string()
}

#[test]
fn an_ordinary_audit_reads_no_code() {
    let workspace = Workspace::with_config(&json!({}));
    workspace.file("state/extensions/p/index.js", 0o600, BAD);
    workspace.file("state/extensions/p/package.json", 0o600, "{");
    let report = Run::audit_json(&workspace).go().json();
    for rule in [SAFETY, FAILED, INCOMPLETE, MANIFEST] {
        assert_eq!(report.ledger(rule), ("skipped", "needs --deep"), "{rule}");
    }
}

#[test]
fn every_place_that_plugins_are_loaded_from_is_read() {
    let workspace = Workspace::new();
    let config = json!({
        "plugins": {"load": {"paths": [full(&workspace, "one"), full(&workspace, "many"), "~/home-plugin"]}},
        "agents": {"defaults": {"workspace": full(&workspace, "workspace")}},
    });
    workspace.file("state/openclaw.json", 0o600, config.to_string());
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
        workspace.file(format!("{path}/src/index.js"), 0o600, BAD);
        workspace.file(format!("{path}/package.json"), 0o600, manifest(&["./src/index.js"]));
    }
    workspace.file(
        "state/npm/package.json",
        0o600,
        json!({"dependencies": {"@x/p": "1"}}).to_string(),
    );
    workspace.file(
        "state/npm/projects/a/package.json",
        0o600,
        json!({"dependencies": {"p": "1", "none": "1"}}).to_string(),
    );
    let report = audit(&workspace);
    assert_places(&report, SAFETY, &places.map(|path| full(&workspace, path)));
    assert_eq!(report.not_run(), []);
}

#[test]
fn a_path_that_is_named_twice_is_read_once() {
    let workspace = Workspace::new();
    let extensions = full(&workspace, "state/extensions");
    let config = json!({"plugins": {"load": {"paths": [extensions, format!("{extensions}/p")]}}});
    workspace.file("state/openclaw.json", 0o600, config.to_string());
    workspace.file("state/extensions/p/index.js", 0o600, BAD);
    assert_places(&audit(&workspace), SAFETY, &[format!("{extensions}/p")]);
}

#[test]
fn a_finding_names_rule_place_and_evidence() {
    let workspace = Workspace::with_config(&json!({}));
    workspace.file("state/extensions/demo/lib/a.js", 0o600, BAD);
    let report = audit(&workspace);
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
        let workspace = Workspace::with_config(&json!({}));
        workspace.file(format!("state/extensions/p/{hidden}"), 0o600, BAD);
        assert!(told(&audit(&workspace), SAFETY).is_empty(), "{hidden}");
        workspace.file("state/extensions/p/package.json", 0o600, manifest(&[hidden]));
        let report = audit(&workspace);
        assert_eq!(told(&report, SAFETY).len(), 1, "{hidden}");
        assert_eq!(told(&report, "plugins.code_safety.entry_path").len(), 1, "{hidden}");
    }
}

#[test]
fn an_entry_behind_a_link_out_is_read_and_noted() {
    let workspace = Workspace::with_config(&json!({}));
    workspace.file("elsewhere/x.js", 0o600, BAD);
    workspace.link("state/extensions/p/x.js", workspace.path("elsewhere/x.js"));
    workspace.file("state/extensions/p/package.json", 0o600, manifest(&["x.js"]));
    let told = told(&audit(&workspace), SAFETY);
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("leaves the plugin, to"), "{}", told[0]);
}

#[test]
fn an_entry_outside_is_not_read() {
    let workspace = Workspace::with_config(&json!({}));
    workspace.file("state/outside.js", 0o600, BAD);
    let entries = ["../../outside.js", "/etc/passwd"];
    workspace.file("state/extensions/p/package.json", 0o600, manifest(&entries));
    let report = audit(&workspace);
    assert_eq!(report.hits().iter().filter(|(id, _)| id.starts_with(SAFETY)).count(), 1);
    let text = told(&report, "plugins.code_safety.entry_escape").remove(0);
    assert!(entries.iter().all(|entry| text.contains(entry)), "{text}");
}

#[test]
fn an_unreadable_manifest_is_reported_and_the_code_read() {
    const PATH: &str = "state/extensions/p/package.json";
    let with = |make: fn(&Workspace)| {
        let workspace = Workspace::with_config(&json!({}));
        workspace.file("state/extensions/p/index.js", 0o600, BAD);
        make(&workspace);
        let report = audit(&workspace);
        assert_eq!(told(&report, SAFETY).len(), 1);
        assert!(told(&report, FAILED).is_empty());
        told(&report, MANIFEST).len()
    };
    assert_eq!(with(|workspace| workspace.file(PATH, 0o600, "{ not valid json !!!")), 1);
    assert_eq!(with(|workspace| workspace.dir(PATH, 0o700)), 1);
    assert_eq!(with(|workspace| workspace.fifo(PATH)), 1);
    assert_eq!(with(|workspace| workspace.file(PATH, 0o600, " ".repeat(1_048_577))), 1);
    assert_eq!(
        with(|workspace| {
            workspace.file("state/extensions/p/real.json", 0o600, "{}");
            workspace.link(PATH, "real.json");
        }),
        1
    );
    assert_eq!(with(|workspace| workspace.file(PATH, 0o600, " \n")), 0);
    assert_eq!(with(|workspace| workspace.file(PATH, 0o600, "[]")), 0);
    assert_eq!(with(|_| {}), 0);
}

#[test]
fn a_plugin_that_was_not_read_whole_is_not_clean() {
    let workspace = Workspace::with_config(&json!({}));
    workspace.file("state/extensions/p/big.js", 0o600, "a".repeat((4 << 20) + 1));
    workspace.file("elsewhere/q/index.js", 0o600, BAD);
    workspace.link("state/extensions/q", workspace.path("elsewhere/q"));
    let report = audit(&workspace);
    let told_of = told(&report, INCOMPLETE);
    assert_eq!(told_of.len(), 2, "{told_of:#?}");
    assert!(told_of.iter().any(|text| text.contains("big.js")), "{told_of:#?}");
    assert!(told_of.iter().any(|text| text.contains("extensions/q: it is a link")), "{told_of:#?}");
    assert!(told(&report, SAFETY).is_empty());
}

#[test]
fn skills_that_a_plugin_hides_are_read_with_it() {
    let workspace = Workspace::with_config(&json!({}));
    workspace.file("state/extensions/p/.skills/s/run.js", 0o600, BAD);
    workspace.file(
        "state/extensions/p/openclaw.plugin.json",
        0o600,
        json!({"id": "p", "skills": ["./.skills"]}).to_string(),
    );
    let told = told(&audit(&workspace), SAFETY);
    assert!(told.len() == 1 && told[0].contains("(.skills/s/run.js:2)"), "{told:#?}");
}
