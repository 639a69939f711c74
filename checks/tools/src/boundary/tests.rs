use chitin_sdk::Content;
use chitin_sdk::fake::{FakeHost, Said};
use serde_json::{Value, json};

use crate::GROUPS;
use crate::rule;

const REGISTRY: &str = "skills/config/mcporter.json";

/// A skill allowlist for all and one MCP server, with other settings put in.
fn config(agents: &Value, tools: &Value) -> Value {
    json!({"agents": agents, "tools": tools, "mcp": {"servers": {"x": {}}}})
}

fn said(agents: &Value, tools: &Value) -> Said {
    FakeHost::with_config(config(agents, tools)).run(GROUPS)
}

fn lines(said: &Said) -> Vec<&str> {
    said.detail(rule::EXEC_AGENT_SKILL_MCP_BOUNDARY_DRIFT.id)
        .lines()
        .filter_map(|line| line.strip_prefix("- "))
        .collect()
}

#[test]
fn a_skill_list_does_not_bind_exec_on_a_host() {
    let found = said(&json!({"defaults": {"skills": []}}), &json!({}));
    assert_eq!(found.ids(), [rule::EXEC_AGENT_SKILL_MCP_BOUNDARY_DRIFT.id]);
    assert_eq!(
        lines(&found),
        [
            "agents.defaults: agents.defaults.skills, exec.host=gateway, security=full, ask=off",
            "mcp.servers: x",
        ]
    );
}

#[test]
fn denied_or_sandboxed_exec_is_not_reported() {
    let skills = json!({"defaults": {"skills": []}});
    assert!(said(&skills, &json!({"exec": {"security": "deny"}})).findings.is_empty());
    assert!(said(&skills, &json!({"exec": {"mode": "deny"}})).findings.is_empty());
    assert!(
        said(&skills, &json!({"exec": {"host": "sandbox"}}))
            .of(rule::EXEC_AGENT_SKILL_MCP_BOUNDARY_DRIFT.id)
            .is_empty()
    );
    let sandboxed = json!({"defaults": {"skills": [], "sandbox": {"mode": "all"}}});
    assert!(said(&sandboxed, &json!({})).findings.is_empty());
    let outside = said(&sandboxed, &json!({"exec": {"host": "node"}}));
    assert!(lines(&outside)[0].contains("exec.host=node"));
    let each = json!({
        "defaults": {"skills": ["docs-search"]},
        "list": [{"id": "docs-agent", "tools": {"exec": {"security": "deny"}}}],
    });
    assert!(said(&each, &json!({"exec": {"security": "deny"}})).findings.is_empty());
}

#[test]
fn without_a_skill_list_or_a_server_there_is_no_boundary() {
    assert!(said(&json!({"entries": {"a": {}}}), &json!({})).findings.is_empty());
    for servers in [json!({"x": {"enabled": false}}), json!({}), json!(["x"]), json!(null)] {
        let config = json!({"agents": {"defaults": {"skills": null}}, "mcp": {"servers": servers}});
        assert!(FakeHost::with_config(config).run(GROUPS).findings.is_empty(), "{servers}");
    }
}

#[test]
fn agents_inherit_the_list_of_the_defaults() {
    let own = json!({"entries": {"a": {"skills": ["s"]}, "b": {}}});
    assert_eq!(lines(&said(&own, &json!({}))).len(), 2);
    let inherited = json!({
        "defaults": {"skills": []},
        "entries": {"a": {"skills": null}, "b": {"tools": {"exec": {"mode": "ask"}}}},
    });
    let found = said(&inherited, &json!({"exec": {"security": "allowlist", "ask": "always"}}));
    assert_eq!(
        lines(&found),
        [
            "agents.defaults: agents.defaults.skills, exec.host=gateway, security=allowlist, ask=always",
            "a: agents.entries.a.skills, exec.host=gateway, security=allowlist, ask=always",
            "b: agents.defaults.skills (inherited), exec.host=gateway, security=allowlist, ask=on-miss",
            "mcp.servers: x",
        ]
    );
}

#[test]
fn approvals_only_narrow() {
    let with = |defaults: Value, exec: Value| {
        let config = config(&json!({"defaults": {"skills": []}}), &json!({"exec": exec}));
        FakeHost::with_config(config).approvals(json!({"defaults": defaults})).run(GROUPS)
    };
    assert!(
        with(json!({"security": "deny"}), json!({"security": "full"}))
            .of(rule::EXEC_AGENT_SKILL_MCP_BOUNDARY_DRIFT.id)
            .is_empty()
    );
    let narrowed = with(json!({"security": "allowlist", "ask": "always"}), json!({"mode": "full"}));
    assert!(lines(&narrowed)[0].ends_with("security=allowlist, ask=always"));
    let not_widened = with(json!({"security": "full"}), json!({"security": "allowlist"}));
    assert!(lines(&not_widened)[0].ends_with("security=allowlist, ask=off"));
}

#[test]
fn long_lists_are_cut() {
    let agents: Vec<Value> = (0..9).map(|n| json!({"id": format!("a{n}"), "skills": []})).collect();
    let servers: serde_json::Map<String, Value> =
        (0..8).map(|n| (format!("s{}", 7 - n), json!({}))).collect();
    let config = json!({"agents": {"list": agents}, "mcp": {"servers": servers}});
    let found = FakeHost::with_config(config).run(GROUPS);
    let lines = lines(&found);
    assert_eq!(lines.len(), 8 + 1 + 1);
    assert_eq!(lines[8], "+1 more");
    assert_eq!(lines[9], "mcp.servers: s0, s1, s2, s3, s4, s5, +2 more");
}

fn with_registry(content: Content, servers: &Value) -> Said {
    let config = json!({"agents": {"defaults": {"skills": []}}, "mcp": {"servers": servers}});
    FakeHost::with_config(config).content("state", REGISTRY, content).run(GROUPS)
}

#[test]
fn the_registry_counts_as_a_source() {
    let text = json!({"mcpServers": {"b": 1, "a": {}, "c": {"enabled": false}}}).to_string();
    let found = with_registry(Content::Text(text), &json!({}));
    assert_eq!(found.ids(), [rule::EXEC_AGENT_SKILL_MCP_BOUNDARY_DRIFT.id]);
    assert_eq!(lines(&found)[1], "skills/config/mcporter.json: a, b");
    for text in ["{}", "[]", "{\"mcpServers\": []}"] {
        assert!(with_registry(Content::Text(text.to_owned()), &json!({})).findings.is_empty());
    }
}

#[test]
fn an_unusable_registry_is_reported_with_its_reason() {
    for (content, reason) in [
        (Content::NotAFile, "not a regular file"),
        (Content::TooLarge, "larger than 16 MiB"),
        (Content::Unreadable("denied".to_owned()), "unreadable"),
        (Content::Malformed, "not valid JSON"),
        (Content::Text("{} // no".to_owned()), "not valid JSON"),
    ] {
        let alone = with_registry(content.clone(), &json!({}));
        assert_eq!(alone.ids(), [rule::EXEC_MCPORTER_REGISTRY_INSPECTION_INCOMPLETE.id]);
        assert!(
            alone.detail(rule::EXEC_MCPORTER_REGISTRY_INSPECTION_INCOMPLETE.id).contains(reason)
        );
        assert_eq!(
            alone.not_run.iter().map(|(rule, _)| rule.as_str()).collect::<Vec<_>>(),
            [rule::EXEC_AGENT_SKILL_MCP_BOUNDARY_DRIFT.id]
        );
        let beside = with_registry(content, &json!({"x": {}}));
        assert_eq!(
            beside.ids(),
            [
                rule::EXEC_MCPORTER_REGISTRY_INSPECTION_INCOMPLETE.id,
                rule::EXEC_AGENT_SKILL_MCP_BOUNDARY_DRIFT.id
            ]
        );
        assert!(beside.not_run.is_empty());
    }
}

#[test]
fn an_unusable_registry_matters_only_where_there_is_a_skill_list() {
    let said = FakeHost::with_config(json!({"mcp": {"servers": {"x": {}}}}))
        .content("state", REGISTRY, Content::NotAFile)
        .run(GROUPS);
    assert!(said.findings.is_empty() && said.not_run.is_empty());
}
