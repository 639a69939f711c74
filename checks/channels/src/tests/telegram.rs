//! Telegram's lists of senders.

use chitin_sdk::Severity;
use serde_json::json;

use super::*;

const INVALID: &str = "channels.telegram.allowFrom.invalid_entries";
const WILDCARD: &str = "channels.telegram.groups.allowFrom.wildcard";
const MISSING: &str = "channels.telegram.groups.allowFrom.missing";

/// The ids about lists of senders.
fn lists(section: &Value, more: &Value) -> Vec<String> {
    let mut found = with("telegram", section, more);
    found.retain(|id| id.contains("allowFrom"));
    found
}

fn telegram(section: &Value) -> Vec<String> {
    lists(section, &json!({}))
}

#[test]
fn groups_need_a_list_of_senders() {
    assert_eq!(telegram(&json!({"groups": {"*": {}}})), [MISSING]);
    assert!(telegram(&json!({"groups": {"*": {}}, "groupAllowFrom": ["123"]})).is_empty());
    assert_eq!(telegram(&json!({"groups": {"*": {}}, "groupAllowFrom": ["*"]})), [WILDCARD]);
    assert_eq!(telegram(&json!({"groupPolicy": "open"})), [MISSING]);
    assert!(telegram(&json!({})).is_empty());
    assert!(telegram(&json!({"groups": {"*": {}}, "groupPolicy": "disabled"})).is_empty());
    assert!(lists(&json!({"groups": {"*": {}}}), &json!({"commands": {"text": false}})).is_empty());
    assert_eq!(telegram(&json!({"groups": {"*": {}}, "allowFrom": ["1"]})), [MISSING]);
    assert!(telegram(&json!({"groups": {"-1": {"allowFrom": ["*"]}}})).is_empty());
    assert!(
        telegram(&json!({"groups": {"-1": {"topics": {"7": {"allowFrom": ["1"]}}}}})).is_empty()
    );
}

#[test]
fn the_pairing_store_is_a_list_of_senders() {
    let config = config("telegram", &json!({"groups": {"-1": {}}}), &json!({}));
    let said = host(&config).paired("telegram", "default", &["123"]).run(GROUPS);
    assert!(said.of(MISSING).is_empty() && said.of(INVALID).is_empty());
    let said = host(&config).paired("telegram", "default", &["bob"]).run(GROUPS);
    assert!(said.detail(INVALID).contains("bob"));
}

#[test]
fn entries_must_be_user_ids() {
    assert_eq!(telegram(&json!({"groups": {"-1": {"allowFrom": ["@bob"]}}})), [INVALID]);
    assert_eq!(telegram(&json!({"allowFrom": ["@bob"]})), [INVALID]);
    assert_eq!(telegram(&json!({"groups": {"-1": {}}, "groupAllowFrom": ["-100123"]})), [INVALID]);
    assert!(telegram(&json!({"groupAllowFrom": ["@bob"]})).is_empty(), "no groups");
    let fine = json!({"allowFrom": ["tg:1", 2, " 3 ", "*", "", null, {"x": 1}]});
    assert!(telegram(&fine).is_empty());
    let two_groups =
        json!({"groups": {"-1": {"allowFrom": ["1"]}, "-2": {"allowFrom": ["@late"]}}});
    assert_eq!(telegram(&two_groups), [INVALID], "every group is read");
}

#[test]
fn the_detail_says_what_and_how_many() {
    let names: Vec<String> = (0..7).map(|n| format!("@n{n}")).collect();
    let report = said(&config("telegram", &json!({"allowFrom": names}), &json!({})));
    let detail = report.detail(INVALID);
    assert!(detail.contains("@n4") && !detail.contains("@n5") && detail.contains("(+2 more)"));
    let skills = |more: &Value| {
        let report = said(&config("telegram", &json!({"groupPolicy": "open"}), more));
        assert_eq!(report.severity(MISSING), Some(Severity::Critical));
        report.detail(MISSING).contains("skill commands")
    };
    assert!(skills(&json!({})));
    assert!(!skills(&json!({"commands": {"nativeSkills": false}})));
}
