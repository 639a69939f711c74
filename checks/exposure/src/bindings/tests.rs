use chitin_sdk::Tree;
use serde_json::json;

use super::*;

/// The positions of the bindings that a group message can select, for these `match` objects.
fn effective(rules: &Value) -> Vec<usize> {
    let bindings: Vec<Value> = rules
        .as_array()
        .unwrap()
        .iter()
        .map(|rules| json!({"agentId": "a", "match": rules}))
        .collect();
    positions(Value::Array(bindings))
}

fn positions(bindings: Value) -> Vec<usize> {
    let tree = Tree::new("/bindings", Some(bindings));
    let all = of_routes(&tree.root());
    (0..all.len()).filter(|position| all[*position].is_effective(&all)).collect()
}

#[test]
fn of_equal_bindings_the_first_is_selected() {
    assert_eq!(effective(&json!([{"channel": "telegram"}])), [0]);
    assert_eq!(effective(&json!([{"channel": "telegram"}, {"channel": " Telegram "}])), [0]);
    assert_eq!(effective(&json!([{"channel": "telegram"}, {"channel": "slack"}])), [0, 1]);
}

#[test]
fn direct_and_malformed_peers_are_never_selected() {
    for peer in [
        json!({"kind": "direct", "id": "1"}),
        json!({"kind": "dm", "id": "*"}),
        json!({"kind": "crowd", "id": "1"}),
        json!({"kind": "group"}),
        json!({"kind": "group", "id": " "}),
        json!({}),
        json!("x"),
    ] {
        assert!(effective(&json!([{"channel": "t", "peer": peer}])).is_empty(), "{peer}");
    }
    assert_eq!(effective(&json!([{"channel": "t", "peer": null}])), [0]);
}

#[test]
fn a_binding_without_a_channel_is_never_selected() {
    assert!(effective(&json!([{}, {"channel": " "}, {"channel": 5}])).is_empty());
    assert!(positions(json!([{"agentId": "a"}, "x", null])).is_empty());
    assert!(positions(json!({"match": {"channel": "t"}})).is_empty());
}

#[test]
fn a_group_and_a_channel_are_the_same_peer() {
    let peer = |kind: &str, id: Value| json!({"channel": "t", "peer": {"kind": kind, "id": id}});
    assert_eq!(
        effective(&json!([peer("group", json!(-100)), peer("channel", json!("-100"))])),
        [0]
    );
    assert_eq!(effective(&json!([peer("group", json!("1")), peer("group", json!("2"))])), [0, 1]);
    assert_eq!(effective(&json!([peer("group", json!("*")), peer("channel", json!("*"))])), [0]);
}

#[test]
fn a_more_exact_binding_does_not_hide_a_wider_one() {
    let all = json!([
        {"channel": "t"},
        {"channel": "t", "accountId": "*"},
        {"channel": "t", "teamId": "T"},
        {"channel": "t", "guildId": "G"},
        {"channel": "t", "guildId": "G", "roles": ["r"]},
        {"channel": "t", "peer": {"kind": "group", "id": "*"}},
        {"channel": "t", "peer": {"kind": "group", "id": "1"}},
    ]);
    // The wildcard peer takes precedence for every group of the default account; other accounts are matched by the
    // binding for all accounts.
    assert_eq!(effective(&all), [1, 5, 6]);
}

#[test]
fn wider_tiers_follow_in_order() {
    let all = json!([
        {"channel": "t", "accountId": "*"},
        {"channel": "t"},
        {"channel": "t", "teamId": "T"},
        {"channel": "t", "guildId": "G"},
        {"channel": "t", "guildId": "G", "roles": ["r", "s"]},
        {"channel": "t", "guildId": "G", "roles": ["r"]},
        {"channel": "t", "guildId": "G", "roles": ["s", "u"]},
    ]);
    assert_eq!(effective(&all), [0, 1, 2, 3, 4, 6]);
}

#[test]
fn a_guild_goes_before_a_team() {
    let both = json!({"channel": "t", "guildId": "G", "teamId": "T"});
    assert_eq!(effective(&json!([{"channel": "t", "guildId": "G"}, both])), [0]);
    assert_eq!(effective(&json!([{"channel": "t", "teamId": "T"}, both])), [0, 1]);
}

#[test]
fn accounts_are_compared_normalised() {
    let account = |id: &str| json!({"channel": "t", "accountId": id});
    assert_eq!(effective(&json!([account("My Bot"), account("my-bot")])), [0]);
    assert_eq!(effective(&json!([{"channel": "t"}, account("default")])), [0]);
    assert_eq!(effective(&json!([account("a"), account("b"), account("*")])), [0, 1, 2]);
}

#[test]
fn other_bindings_than_routes_are_left_out() {
    let acp = json!({"type": "acp", "agentId": "a", "match": {"channel": "t"}});
    let route = json!({"type": "route", "agentId": "a", "match": {"channel": "t"}});
    assert_eq!(positions(json!([acp, route])), [0]);
    let tree = Tree::new("/bindings", Some(json!([acp, route])));
    assert_eq!(of_routes(&tree.root())[0].node().pointer(), "/bindings/1");
}

#[test]
fn a_binding_describes_what_it_matches() {
    let tree = Tree::new(
        "/bindings",
        Some(json!([
            {"match": {"channel": "discord", "accountId": "x", "peer": {"kind": "group", "id": -5}, "guildId": "g",
                       "teamId": "t", "roles": ["r", "s"]}},
            {"match": {"channel": "telegram"}},
        ])),
    );
    let described: Vec<String> = of_routes(&tree.root()).iter().map(Binding::described).collect();
    assert_eq!(
        described,
        ["discord accountId=x peer=group:-5 guild=g team=t roles=r,s", "telegram"]
    );
}
