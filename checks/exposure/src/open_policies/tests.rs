use chitin_sdk::Value;
use chitin_sdk::fake::{FakeHost, Said};
use serde_json::json;

use super::*;
use crate::GROUPS;

const ELEVATED: &str = "security.exposure.open_groups_with_elevated";
const TOOLS: &str = "security.exposure.open_groups_with_runtime_or_fs";
const CONTROL: &str = "security.exposure.open_groups_with_control_plane_tools";

fn with(channels: &Value, tools: &Value, agents: &Value) -> Said {
    FakeHost::with_config(json!({"channels": channels, "tools": tools, "agents": agents}))
        .run(GROUPS)
}

fn open_telegram(tools: &Value, agents: &Value) -> Said {
    with(&json!({"telegram": {"groupPolicy": "open"}}), tools, agents)
}

#[test]
fn open_policies_with_elevated_tools() {
    for (channels, fires) in [
        (json!({"telegram": {"groupPolicy": "open"}}), true),
        (json!({"telegram": {"dmPolicy": "open"}}), true),
        (json!({"discord": {"accounts": {"a": {"groupPolicy": "open"}}}}), true),
        (json!({"slack": {"dm": {"policy": "open"}}}), true),
        (json!({"slack": {"dmPolicy": "pairing", "dm": {"policy": "open"}}}), false),
        (json!({"defaults": {"groupPolicy": "open"}}), true),
        (json!({"telegram": {"groupPolicy": "Open"}}), false),
        (json!({"telegram": {"enabled": false, "groupPolicy": "open"}}), true),
        (json!({"telegram": {"groups": {"x": {"groupPolicy": "open"}}}}), false),
        (json!({"telegram": {"groupPolicy": "allowlist"}}), false),
        (json!("open"), false),
        (json!({}), false),
    ] {
        let said = with(&channels, &json!({}), &json!({}));
        assert_eq!(said.severity(ELEVATED), fires.then_some(Severity::Critical), "{channels}");
    }
}

#[test]
fn only_false_turns_elevated_tools_off() {
    for (enabled, fires) in
        [(json!(false), false), (json!(true), true), (json!("false"), true), (json!(null), true)]
    {
        let tools = json!({"elevated": {"enabled": enabled, "allowFrom": {}}});
        let said = open_telegram(&tools, &json!({}));
        assert_eq!(said.severity(ELEVATED).is_some(), fires, "{enabled}");
    }
}

#[test]
fn the_open_paths_are_named_and_located() {
    let channels = json!({"slack": {"dm": {"policy": "open"}}, "irc": {"accounts": {"a": {"groupPolicy": "open"}}}});
    let said = with(&channels, &json!({}), &json!({}));
    for rule in [ELEVATED, TOOLS, CONTROL] {
        assert!(
            said.detail(rule).contains(
                "at:\n- channels.slack.dm.policy\n- channels.irc.accounts.a.groupPolicy\n"
            )
        );
        let places = &said.of(rule)[0].locations;
        assert!(places.contains(&chitin_sdk::Location::Config("/channels/slack/dm/policy".into())));
    }
}

#[test]
fn command_and_file_tools_that_anyone_can_reach() {
    let critical = Some(Severity::Critical);
    let safe_defaults = json!({"deny": ["group:runtime", "group:fs"]});
    for (tools, agents, expected) in [
        (json!({}), json!({}), critical),
        (json!({"deny": ["group:runtime"]}), json!({}), Some(Severity::Warn)),
        (json!({"deny": ["group:runtime"], "fs": {"workspaceOnly": true}}), json!({}), None),
        (json!({"fs": {"workspaceOnly": true}}), json!({}), critical),
        (json!({"profile": "messaging"}), json!({}), None),
        (json!({"profile": "minimal"}), json!({}), None),
        (json!({}), json!({"defaults": {"sandbox": {"mode": "all"}}}), None),
        (json!({}), json!({"defaults": {"sandbox": {"mode": "non-main"}}}), critical),
        (json!({}), json!({"entries": {"a": {"tools": safe_defaults}}}), critical),
        (
            json!({"profile": "messaging"}),
            json!({"entries": {"a": {"tools": {"profile": "coding"}}}}),
            critical,
        ),
        (json!({"exec": {"security": "deny"}}), json!({}), critical),
    ] {
        let said = open_telegram(&tools, &agents);
        assert_eq!(said.severity(TOOLS), expected, "{tools} {agents}");
    }
}

#[test]
fn each_risky_context_has_a_line() {
    let agents = json!({"list": [
        {"id": "safe", "sandbox": {"mode": "all"}},
        {"id": "a", "tools": {"deny": ["exec", "process"]}},
    ]});
    let said = open_telegram(&json!({}), &agents);
    let lines: Vec<&str> =
        said.detail(TOOLS).lines().filter(|line| line.contains("sandbox=")).collect();
    assert_eq!(
        lines,
        [
            "- agents.defaults (sandbox=off; runtime=[exec, process]; fs=[read, write, edit, apply_patch]; \
             fs.workspaceOnly=false)",
            "- agents.list.a (sandbox=off; runtime=[off]; fs=[read, write, edit, apply_patch]; \
             fs.workspaceOnly=false)",
        ]
    );
}

#[test]
fn control_plane_tools_that_anyone_can_reach() {
    let all = "agents.defaults (profile=none; controlPlane=[automations, gateway, plugins])";
    for (tools, agents, expected) in [
        (json!({}), json!({}), Some(all)),
        (json!({"deny": ["automations", "gateway", "plugins"]}), json!({}), None),
        (
            json!({"deny": ["cron"]}),
            json!({}),
            Some("(profile=none; controlPlane=[gateway, plugins])"),
        ),
        (
            json!({"profile": "messaging"}),
            json!({}),
            Some("(profile=messaging; controlPlane=[gateway])"),
        ),
        (
            json!({"profile": "minimal"}),
            json!({}),
            Some("(profile=minimal; controlPlane=[gateway])"),
        ),
        (json!({"deny": ["group:automation"]}), json!({}), None),
        (json!({}), json!({"defaults": {"sandbox": {"mode": "all"}}}), None),
        (
            json!({"deny": ["group:automation"], "profile": "full"}),
            json!({"entries": {"a": {"tools": {"profile": "minimal"}}}}),
            None,
        ),
    ] {
        let said = open_telegram(&tools, &agents);
        assert_eq!(said.severity(CONTROL), expected.map(|_| Severity::Critical), "{tools}");
        assert!(said.detail(CONTROL).contains(expected.unwrap_or_default()), "{tools}");
    }
}

#[test]
fn a_closed_gateway_is_not_reported() {
    let said = with(&json!({"telegram": {"groupPolicy": "allowlist"}}), &json!({}), &json!({}));
    assert_eq!(said.ids(), ["summary.attack_surface"]);
}

#[test]
fn a_long_list_is_cut() {
    let channels: serde_json::Map<String, Value> =
        (0..500).map(|n| (format!("c{n}"), json!({"groupPolicy": "open"}))).collect();
    let said = with(&Value::Object(channels), &json!({}), &json!({}));
    assert!(said.detail(ELEVATED).contains("…460 more"));
    assert!(said.of(ELEVATED)[0].locations.len() <= 41);
}
