//! The manifest and the code agree on rules, severities and file types.

use std::collections::BTreeMap;

use chitin_check_code::{RULES, Repeat, Severity, is_scannable};

type Rules = BTreeMap<String, Vec<String>>;

fn manifest() -> toml::Table {
    include_str!("../module.toml").parse().unwrap()
}

fn declared() -> Rules {
    let manifest = manifest();
    let texts = |value: &toml::Value| {
        let values = value.as_array().unwrap().iter();
        let mut texts: Vec<_> = values.map(|text| text.as_str().unwrap().to_owned()).collect();
        texts.sort();
        texts
    };
    let rules = manifest["rule"].as_array().unwrap().iter();
    rules
        .map(|rule| (rule["id"].as_str().unwrap().to_owned(), texts(&rule["severities"])))
        .collect()
}

fn used() -> Rules {
    let mut rules = Rules::new();
    for rule in RULES {
        let severity = match rule.severity {
            Severity::Info => "info",
            Severity::Warn => "warn",
            Severity::Critical => "critical",
        };
        let overflow = match rule.repeat {
            Repeat::Once => None,
            Repeat::Each(overflow) => Some(overflow.id),
        };
        for id in std::iter::once(rule.id).chain(overflow) {
            rules.entry(id.to_owned()).or_default().push(severity.to_owned());
        }
    }
    for severities in rules.values_mut() {
        severities.sort();
        severities.dedup();
    }
    rules
}

#[test]
fn rules_match_the_manifest() {
    assert_eq!(declared(), used());
}

#[test]
fn file_types_match_the_manifest() {
    let manifest = manifest();
    for extension in manifest["scanner"]["code"].as_array().unwrap() {
        assert!(is_scannable(&format!("a{}", extension.as_str().unwrap())));
    }
    for extension in manifest["scanner"]["text"].as_array().unwrap() {
        assert!(!is_scannable(&format!("a{}", extension.as_str().unwrap())));
    }
    for name in ["logo.png", "Makefile", "run.js.txt", "js"] {
        assert!(!is_scannable(name));
    }
}
