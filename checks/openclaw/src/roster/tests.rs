use chitin_document::{Tree, Value};
use serde_json::json;

use super::*;

fn tree(agents: Value) -> Tree {
    Tree::new("/agents", Some(agents))
}

fn labels(agents: Value) -> Vec<String> {
    let tree = tree(agents);
    Roster::of(&tree.root()).agents().map(|agent| agent.label().to_owned()).collect()
}

fn default_agent(agents: Value) -> Option<String> {
    Roster::of(&tree(agents).root()).default_agent()
}

#[test]
fn both_forms_are_read_and_the_map_wins() {
    assert_eq!(
        labels(json!({"entries": {"b": {}, "a": {}}})),
        ["agents.entries.b", "agents.entries.a"]
    );
    assert_eq!(labels(json!({"list": [{"id": "a"}]})), ["agents.list.a"]);
    assert_eq!(labels(json!({"entries": {"a": {}}, "list": [{"id": "b"}]})), ["agents.entries.a"]);
    assert!(labels(json!({"entries": null, "list": [{"id": "b"}]})).is_empty());
    assert!(labels(json!({})).is_empty());
}

#[test]
fn what_is_no_agent_is_left_out() {
    assert_eq!(
        labels(json!({"entries": {"a": {}, "b": 1, "c": [], "d": null}})),
        ["agents.entries.a"]
    );
    assert_eq!(labels(json!({"list": ["a", {"id": 5}, {}, {"id": "c"}]})), ["agents.list.c"]);
    assert!(labels(json!({"list": {"id": "a"}})).is_empty());
    assert!(labels(json!({"entries": ["a"]})).is_empty());
}

#[test]
fn entries_without_an_id_can_still_be_read() {
    let tree = tree(json!({"list": [{"model": "x"}, {"id": "a"}]}));
    let roster = Roster::of(&tree.root());
    let seen: Vec<(&str, &str)> =
        roster.entries().iter().map(|agent| (agent.id(), agent.node().pointer())).collect();
    assert_eq!(seen, [("", "/agents/list/0"), ("a", "/agents/list/1")]);
}

#[test]
fn the_key_of_the_map_is_the_id() {
    let tree = tree(json!({"entries": {"a": {"id": "b"}}}));
    let roster = Roster::of(&tree.root());
    assert!(roster.find("a").is_some() && roster.find("b").is_none());
}

#[test]
fn ids_are_compared_normalised_and_the_first_wins() {
    let tree = tree(json!({"list": [{"id": "My Bot"}, {"id": "my-bot"}, {"id": "Ops"}]}));
    let roster = Roster::of(&tree.root());
    assert_eq!(roster.find("my-bot").map(Agent::id), Some("My Bot"));
    assert_eq!(roster.find(" OPS ").map(Agent::id), Some("Ops"));
    assert!(roster.find("").is_none() && roster.find("main").is_none());
    assert_eq!(roster.ids(), ["my-bot", "ops"]);
}

#[test]
fn ids_normalise_as_in_openclaw() {
    let long = "x".repeat(70);
    for (id, expected) in [
        ("Main", "main"),
        ("  a_b-c ", "a_b-c"),
        ("a-", "a-"),
        ("-a", "a"),
        ("a b  c", "a-b-c"),
        ("a.b", "a-b"),
        ("é!", "main"),
        ("", "main"),
        ("---", "main"),
        ("_x", "_x"),
        (long.as_str(), &long[..64]),
    ] {
        assert_eq!(normalized_id(id), expected, "{id:?}");
    }
}

#[test]
fn without_a_roster_there_is_main() {
    let tree = tree(json!({"defaults": {}}));
    let roster = Roster::of(&tree.root());
    assert!(!roster.is_declared());
    assert_eq!(roster.ids(), ["main"]);
    assert_eq!(roster.default_agent().as_deref(), Some("main"));
    assert!(roster.agents().next().is_none());
}

#[test]
fn the_default_agent_is_the_marked_or_the_only_one() {
    assert_eq!(default_agent(json!({"entries": {"A": {}}})).as_deref(), Some("a"));
    assert_eq!(default_agent(json!({"entries": {"a": {}, "b": {}}})), None);
    assert_eq!(
        default_agent(json!({"entries": {"a": {}, "b": {"default": true}}})).as_deref(),
        Some("b")
    );
    assert_eq!(default_agent(json!({"entries": {"a": {}, "b": {"default": "true"}}})), None);
    assert_eq!(
        default_agent(json!({"entries": {"a": {"default": true}, "b": {"default": true}}})),
        None
    );
    assert_eq!(
        default_agent(
            json!({"ownership": "explicit", "entries": {"a": {}, "b": {"default": true}}})
        ),
        None
    );
    assert_eq!(default_agent(json!({"entries": {}})), None);
}
