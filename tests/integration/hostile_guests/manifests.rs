//! Manifests that are refused. One error is enough: nothing of such a module is loaded.

use chitin_runtime::Catalogue;
use serde_json::{Value, json};

use super::{bare, manifest, with_section};
use crate::support::harness::HOSTILE;

const SECTION: &str = chitin_build::MANIFEST_SECTION;

/// A component that does nothing, with this in its manifest section.
fn nothing(section: &[u8]) -> Vec<u8> {
    with_section(bare("(component)"), SECTION, section)
}

/// Why modules do not load together.
fn refused(components: &[&[u8]]) -> String {
    let named = components.iter().map(|component| ("file.wasm", *component));
    Catalogue::of_components(chitin_audit::host_rules::reserved(), named)
        .err()
        .expect("it should be refused")
        .to_string()
}

/// Why a manifest with a change is refused.
fn changed(pointer: &str, value: Value) -> String {
    let mut manifest = manifest();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match manifest.pointer_mut(parent).unwrap() {
        Value::Array(items) => items.push(value),
        parent => parent[key] = value,
    }
    refused(&[&nothing(manifest.to_string().as_bytes())])
}

fn with_id(id: &str) -> Vec<u8> {
    let mut manifest = manifest();
    manifest["id"] = id.into();
    nothing(manifest.to_string().as_bytes())
}

fn contains(text: &str, part: &str) {
    assert!(text.contains(part), "`{part}` is not in: {text}");
}

#[test]
fn a_malformed_manifest_is_refused() {
    for section in [&b""[..], b"{", b"[]", b"null", b"\xff\xfe", b"id = \"toml\""] {
        contains(&refused(&[&nothing(section)]), "its manifest is malformed");
    }
    let deep = "[".repeat(100_000);
    contains(&refused(&[&nothing(deep.as_bytes())]), "its manifest is malformed");
    let large = format!("{}{}", " ".repeat(1 << 20), manifest());
    contains(&refused(&[&nothing(large.as_bytes())]), "larger than 1048576 bytes");
    let twice = with_section(nothing(b"{}"), SECTION, b"{}");
    contains(&refused(&[&twice]), "more than one `chitin:manifest` section");
}

#[test]
fn an_unknown_key_is_refused() {
    contains(&changed("/grant", json!({})), "unknown field `grant`");
    contains(&changed("/grants/network", json!([])), "unknown field `network`");
    contains(&changed("/rule/0/secret", json!(true)), "unknown field `secret`");
}

#[test]
fn another_version_of_the_contract_is_refused() {
    for version in ["9.0.0", "0.1.1", "0.1", "", "0.1.0\u{1b}[2J"] {
        contains(&changed("/wit", json!(version)), "is for version");
    }
}

#[test]
fn names_are_plain() {
    for name in ["", "Upper", "a b", "../x", "a/b", "1a", "a\u{1b}[2J", "ä", &"a".repeat(65)] {
        contains(&changed("/id", json!(name)), "is not a name");
        contains(&changed("/publisher", json!(name)), "is not a name");
    }
}

#[test]
fn rules_are_complete_and_well_formed() {
    for id in ["", "one", "a..b", "a. b", ".a.b", "a.b.", "a.\u{202e}b", "a.x*y", &"a.".repeat(65)]
    {
        contains(&changed("/rule/0/id", json!(id)), "an id must be words");
    }
    contains(&changed("/rule/0/severities", json!([])), "declares no severity");
    contains(&changed("/rule/0/severities", json!(["fatal"])), "unknown variant `fatal`");
    contains(&changed("/rule/0/title", json!("")), "needs a title, a why and a fix");
    contains(&changed("/rule/0/order", json!(1)), "unknown field `order`");
    let rules: Vec<Value> = vec![manifest()["rule"][0].clone(); 1001];
    contains(&changed("/rule", json!(rules)), "more than 1000 rules");
}

#[test]
fn grants_are_well_formed() {
    let config = |pointer: &str| changed("/grants/config", json!([pointer]));
    contains(&config("gateway"), "not a JSON pointer");
    contains(&config("/**"), "not a JSON pointer");
    let file = |grant: &str| changed("/grants/files", json!([grant]));
    contains(&file("state:x"), "metadata` or `");
    contains(&file("state:x write"), "metadata` or `");
    contains(&file("elsewhere:x content"), "unknown root");
    contains(&file("/etc:** content"), "unknown root");
    contains(&file("workspace:main:x content"), "unknown root");
    contains(&file("state:../x content"), "no `..`");
    contains(&file("state:a/**/b content"), "no `..`");
    let fact = |fact: &str| changed("/grants/facts", json!([fact]));
    contains(&fact("clock"), "no such fact");
    contains(&fact("environment:*"), "no such fact");
    contains(&fact("environment:A\u{1b}"), "no such fact");
    contains(&changed("/grants/config", json!(vec!["/x"; 513])), "more than 512 grants");
    contains(&config(&"/x".repeat(300)), "longer than 512 bytes");
}

#[test]
fn ids_are_unique() {
    let twice = changed("/rule/1", manifest()["rule"][0].clone());
    contains(&twice, "rule `wat.rule`: is declared twice");
    assert_eq!(refused(&[HOSTILE, HOSTILE]), "modules share the id `tests.hostile`");
    assert_eq!(
        refused(&[&with_id("tests.one"), &with_id("tests.two")]),
        "modules tests.one and tests.two both declare the rule `wat.rule`"
    );
}

#[test]
fn a_module_cannot_replace_a_built_in_one() {
    let refused = |component: &[u8]| {
        let other = Catalogue::of_components(
            chitin_audit::host_rules::reserved(),
            [("file.wasm", component)],
        );
        let together = other.and_then(|other| chitin_builtin::catalogue()?.and(other));
        together.err().expect("it should be refused").to_string()
    };
    assert_eq!(refused(&with_id("chitin.gateway")), "modules share the id `chitin.gateway`");
    let mut manifest = manifest();
    for id in ["gateway.bind_no_auth", "security.audit.suppressions.active"] {
        manifest["rule"][0]["id"] = id.into();
        contains(&refused(&nothing(manifest.to_string().as_bytes())), id);
    }
}
