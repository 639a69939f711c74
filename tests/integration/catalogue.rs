//! The rules of all modules together: none is lost, none is declared and never decided, and the manual has them all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs};

use chitin_audit::host_rules;
use chitin_model::manifest::Rule;
use chitin_report::rules;
use chitin_runtime::{Catalogue, Module};
use chitin_sdk::Group;

use crate::support::deviations::DEVIATIONS;
use crate::support::repository;

/// What each module decides, by the name of its folder.
fn groups() -> BTreeMap<&'static str, &'static [Group]> {
    BTreeMap::from([
        ("browser", chitin_check_browser::GROUPS),
        ("channels", chitin_check_channels::GROUPS),
        ("config", chitin_check_config::GROUPS),
        ("exposure", chitin_check_exposure::GROUPS),
        ("filesystem", chitin_check_filesystem::GROUPS),
        ("gateway", chitin_check_gateway::GROUPS),
        ("hooks", chitin_check_hooks::GROUPS),
        ("logging", chitin_check_logging::GROUPS),
        ("models", chitin_check_models::GROUPS),
        ("plugins", chitin_check_plugins::GROUPS),
        ("sandbox", chitin_check_sandbox::GROUPS),
        ("skills", chitin_check_skills::GROUPS),
        ("tools", chitin_check_tools::GROUPS),
    ])
}

fn built_in() -> Catalogue {
    chitin_builtin::catalogue().unwrap_or_else(|error| panic!("{error}"))
}

/// Compares a file with what it should be, or writes it when the variable is set.
fn assert_fresh(path: &Path, expected: &str, variable: &str) {
    if env::var_os(variable).is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, expected).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(found == expected, "{} is stale; run this test with {variable}=1", path.display());
}

#[test]
fn rules_are_added_and_removed_on_purpose() {
    let catalogue = built_in();
    let lines: Vec<String> = rules::of_catalogue(&catalogue)
        .iter()
        .map(|declared| format!("{} {}", declared.rule.id, declared.module))
        .collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/rules.txt");
    assert_fresh(&path, &(lines.join("\n") + "\n"), "CHITIN_UPDATE");
}

#[test]
fn every_rule_of_openclaw_is_declared() {
    let wanted: Vec<String> =
        serde_json::from_str(include_str!("../data/conformance/ids.json")).unwrap();
    let catalogue = built_in();
    let declared = rules::of_catalogue(&catalogue);
    let is_there = |id: &str| {
        let of_finding = id.replace('*', "any");
        declared.iter().any(|declared| declared.rule.id == id || declared.rule.covers(&of_finding))
    };
    let missing: BTreeSet<&str> =
        wanted.iter().map(String::as_str).filter(|id| !is_there(id)).collect();
    let listed: BTreeSet<&str> = DEVIATIONS.rules.keys().map(String::as_str).collect();
    assert_eq!(missing, listed);
}

#[test]
fn every_module_is_embedded() {
    let mut folders: Vec<String> = fs::read_dir(repository::root().join("checks"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|folder| folder.join("module.toml").is_file())
        .map(|folder| format!("chitin.{}", folder.file_name().unwrap().to_str().unwrap()))
        .collect();
    folders.sort();
    let catalogue = built_in();
    let embedded: Vec<&str> =
        catalogue.modules().iter().map(|module| module.manifest.id.as_str()).collect();
    assert_eq!(embedded, folders);
}

#[test]
fn every_declared_rule_is_decided_in_one_place() {
    let groups = groups();
    for Module { manifest, .. } in built_in().checks() {
        let folder = manifest.id.strip_prefix("chitin.").unwrap();
        let groups = groups.get(folder).unwrap_or_else(|| panic!("{folder} is not known here"));
        let mut decided: Vec<&str> = groups.iter().flat_map(|group| group.rules).copied().collect();
        decided.sort_unstable();
        let mut declared: Vec<&str> = manifest.rules.iter().map(|rule| rule.id.as_str()).collect();
        declared.sort_unstable();
        assert_eq!(decided, declared, "{folder}");
    }
}

#[test]
fn every_rule_has_complete_texts() {
    let catalogue = built_in();
    for declared in rules::of_catalogue(&catalogue) {
        let Rule { id, title, why, exploit, fix, references, .. } = declared.rule;
        assert!(!title.ends_with('.') && title.len() < 100, "{id}: {title}");
        assert!(why.len() > 60 && exploit.len() > 30 && fix.len() > 20, "{id}");
        assert!(!references.is_empty(), "{id}");
        assert!(references.iter().all(|url| url.starts_with("https://")), "{id}: {references:?}");
    }
}

/// The pages of the manual, by the name of their file.
fn pages() -> BTreeMap<String, String> {
    let own: Vec<&Rule> = host_rules::rules().iter().collect();
    let summary = "What chitin has to say about the audit itself.";
    let mut pages = BTreeMap::from([(
        format!("{}.md", host_rules::MODULE),
        rules::page(host_rules::MODULE, summary, &own),
    )]);
    for Module { manifest, .. } in built_in().modules() {
        let rules: Vec<&Rule> = manifest.rules.iter().collect();
        let page = rules::page(&manifest.id, &manifest.summary, &rules);
        pages.insert(format!("{}.md", manifest.id), page);
    }
    pages
}

#[test]
fn rule_pages() {
    let folder = repository::root().join("docs/rules");
    let pages = pages();
    for (name, page) in &pages {
        assert_fresh(&folder.join(name), page, "CHITIN_UPDATE_PAGES");
    }
    for entry in fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(pages.contains_key(&name), "docs/rules/{name} is the page of no module");
    }
}
