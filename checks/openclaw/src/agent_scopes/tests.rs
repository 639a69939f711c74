use chitin_document::{Tree, Value};
use serde_json::json;

use super::*;

struct Config {
    agents: Tree,
    tools: Tree,
}

fn config(agents: Value, tools: Value) -> Config {
    Config { agents: Tree::new("/agents", Some(agents)), tools: Tree::new("/tools", Some(tools)) }
}

impl Config {
    fn scopes(&self) -> AgentScopes<'_> {
        AgentScopes::of(&self.agents.root(), &self.tools.root())
    }

    fn defaults_allow(&self, tool: &str) -> bool {
        self.scopes().defaults().allows(tool)
    }

    fn allow_in(&self, id: &str, tool: &str) -> bool {
        self.scopes().of_id(id).allows(tool)
    }
}

fn of_tools(tools: Value) -> Config {
    config(json!({}), tools)
}

#[test]
fn every_list_must_allow() {
    let agents = json!({"entries": {"a": {"tools": {"allow": ["exec"]}}}});
    let profiled = config(agents, json!({"profile": "messaging"}));
    assert!(!profiled.allow_in("a", "exec") && !profiled.defaults_allow("exec"));
    assert!(!profiled.allow_in("a", "message"), "not in the agent's own list");
    let widened = of_tools(json!({"profile": "messaging", "alsoAllow": ["exec"]}));
    assert!(widened.defaults_allow("exec") && !widened.defaults_allow("process"));
}

#[test]
fn an_agent_chooses_its_profile() {
    let agents = json!({"entries": {
        "a": {"tools": {"profile": "coding"}},
        "none": {"tools": {"profile": ""}},
        "null": {"tools": {"profile": null}},
    }});
    let config = config(agents, json!({"profile": "minimal"}));
    assert!(config.allow_in("a", "exec") && !config.defaults_allow("exec"));
    assert!(config.allow_in("none", "exec") && !config.allow_in("null", "exec"));
    let scopes = config.scopes();
    assert_eq!(scopes.of_id("a").profile(), Some("coding"));
    assert_eq!(scopes.of_id("null").profile(), Some("minimal"));
}

#[test]
fn an_agents_extras_replace_the_global_ones() {
    let agents = json!({"entries": {"a": {"tools": {"alsoAllow": []}}, "b": {"tools": {"alsoAllow": ["read"]}}, "c": {}}});
    let config = config(agents, json!({"profile": "messaging", "alsoAllow": ["exec"]}));
    assert!(!config.allow_in("a", "exec"));
    assert!(!config.allow_in("b", "exec") && config.allow_in("b", "read"));
    assert!(config.allow_in("c", "exec"));
}

#[test]
fn a_sandbox_restricts_tools_only_when_it_covers_everything() {
    let with_mode =
        |mode: &str| config(json!({"defaults": {"sandbox": {"mode": mode}}}), json!({}));
    assert!(
        !with_mode("all").defaults_allow("web_fetch") && with_mode("all").defaults_allow("exec")
    );
    assert!(with_mode("non-main").defaults_allow("web_fetch"));
    assert!(with_mode("off").defaults_allow("web_fetch"));
}

#[test]
fn the_defaults_have_no_tools_of_their_own() {
    let config = config(json!({"defaults": {"tools": {"deny": ["exec"]}}}), json!({}));
    assert!(config.defaults_allow("exec"));
    let scopes = config.scopes();
    assert_eq!(scopes.defaults().label(), "agents.defaults");
    assert_eq!(scopes.defaults().node().pointer(), "/agents/defaults");
    assert!(scopes.defaults().agent_id().is_none() && scopes.defaults().own_tools().is_none());
}

#[test]
fn contexts_are_the_defaults_and_each_agent() {
    let config = config(json!({"list": [{"id": "b"}, {"id": 1}, {"id": "a"}]}), json!({}));
    let scopes = config.scopes();
    let labels: Vec<&str> = scopes.iter().map(AgentScope::label).collect();
    assert_eq!(labels, ["agents.defaults", "agents.list.b", "agents.list.a"]);
    assert_eq!(scopes.of_id("A").node().pointer(), "/agents/list/2");
    assert_eq!(scopes.of_id("x").label(), "agents.defaults");
    assert_eq!(scopes.of_id("").label(), "agents.defaults");
}

#[test]
fn of_two_agents_with_one_id_the_first_lends_its_sandbox() {
    let agents = json!({"list": [
        {"id": "a", "sandbox": {"mode": "all"}, "tools": {"sandbox": {"tools": {"deny": ["read"]}}}},
        {"id": "A", "sandbox": {"mode": "off"}, "tools": {"deny": ["exec"]}},
    ]});
    let config = config(agents, json!({}));
    let scopes = config.scopes();
    let second = &scopes.agents()[1];
    assert_eq!(second.sandbox().mode, "all");
    assert!(!second.allows("read") && !second.allows("exec") && second.allows("process"));
}

#[test]
fn a_models_policy_is_added_for_that_model_only() {
    let agents =
        json!({"entries": {"a": {"tools": {"byProvider": {"ollama": {"deny": ["web_fetch"]}}}}}});
    let config = config(agents, json!({"byProvider": {"ollama": {"deny": ["browser"]}}}));
    let scopes = config.scopes();
    let (defaults, agent) = (scopes.defaults(), scopes.of_id("a"));
    assert!(!defaults.allows_for_model("browser", "ollama", "m"));
    assert!(defaults.allows_for_model("web_fetch", "ollama", "m"));
    assert!(!agent.allows_for_model("browser", "ollama", "m"));
    assert!(!agent.allows_for_model("web_fetch", "ollama", "m"));
    assert!(agent.allows_for_model("web_fetch", "openai", "m") && agent.allows("web_fetch"));
}

#[test]
fn plugin_tools_are_judged_by_the_profile_as_shipped() {
    let probe = "__plugin_probe__";
    assert!(of_tools(json!({})).scopes().defaults().allows_plugin_tool(probe));
    let widened = of_tools(json!({"profile": "coding", "alsoAllow": ["*"]}));
    let scopes = widened.scopes();
    assert!(scopes.defaults().allows(probe));
    assert!(!scopes.defaults().allows_plugin_tool(probe));
    assert!(scopes.defaults().has_restrictive_profile());
    for profile in ["full", "unknown", ""] {
        let config = of_tools(json!({"profile": profile}));
        let scopes = config.scopes();
        assert!(!scopes.defaults().has_restrictive_profile(), "{profile}");
        assert!(scopes.defaults().allows_plugin_tool(probe), "{profile}");
    }
}

#[test]
fn an_unrestricted_context_is_risky() {
    let config = of_tools(json!({}));
    let scopes = config.scopes();
    let defaults = scopes.defaults();
    assert!(defaults.runtime_unguarded() && defaults.fs_unguarded() && defaults.is_risky());
    assert_eq!(
        defaults.line(),
        "agents.defaults (sandbox=off; runtime=[exec, process]; \
         fs=[read, write, edit, apply_patch]; fs.workspaceOnly=false)"
    );
}

#[test]
fn a_sandbox_for_everything_guards_commands_and_files() {
    let config = config(json!({"defaults": {"sandbox": {"mode": "all"}}}), json!({}));
    assert!(!config.scopes().defaults().is_risky());
}

#[test]
fn workspace_only_guards_files_alone_and_only_when_true() {
    let config = |agent: Value, global: Value| {
        config(
            json!({"entries": {"a": {"tools": {"fs": {"workspaceOnly": agent}}}}}),
            json!({"deny": ["group:runtime"], "fs": {"workspaceOnly": global}}),
        )
    };
    for (agent, global, guarded) in [
        (json!(null), json!(true), true),
        (json!(true), json!(false), true),
        (json!(false), json!(true), false),
        (json!("true"), json!(true), false),
        (json!(null), json!("true"), false),
    ] {
        let config = config(agent.clone(), global.clone());
        assert_eq!(config.scopes().of_id("a").is_risky(), !guarded, "{agent} {global}");
    }
    let commands = of_tools(json!({"fs": {"workspaceOnly": true}}));
    let scopes = commands.scopes();
    assert!(scopes.defaults().runtime_unguarded() && !scopes.defaults().fs_unguarded());
}

#[test]
fn a_line_says_off_for_what_is_denied() {
    let config = config(
        json!({"entries": {"a": {"sandbox": {"mode": "non-main"}, "tools": {"deny": ["group:fs"]}}}}),
        json!({"fs": {"workspaceOnly": true}}),
    );
    assert_eq!(
        config.scopes().of_id("a").line(),
        "agents.entries.a (sandbox=non-main; runtime=[exec, process]; fs=[off]; fs.workspaceOnly=true)"
    );
}
