//! For which agents the tool policy allows the tools of installed plugins.

use std::collections::BTreeSet;

use chitin_openclaw::agent_scopes::{AgentScope, AgentScopes};
use chitin_openclaw::plugins::{LoadPolicy, canonical};
use chitin_sdk::text::bullets;
use chitin_sdk::{Finding, Host, Node, Outcome};

use crate::installed;
use crate::rule;

/// A tool that no list names. Where it is allowed, so is any tool of a plugin.
const PROBE: &str = "__openclaw_plugin_probe__";
/// The entry that means the tools of all plugins.
const ALL_PLUGINS: &str = "group:plugins";
const SHOWN: usize = 50;

pub(crate) fn plugin_tools(host: &dyn Host) -> Outcome {
    let installed = installed::names(host)?;
    if installed.is_empty() {
        return Ok(());
    }
    let plugins = host.effective("/plugins")?;
    let policy = LoadPolicy::read(&plugins.root());
    let enabled: Vec<String> =
        installed.iter().filter(|id| policy.admits(id)).map(|id| canonical(id)).collect();
    if enabled.is_empty() {
        return Ok(());
    }
    let (agents, tools) = (host.effective("/agents")?, host.effective("/tools")?);
    let (agents, tools) = (agents.root(), tools.root());
    let named: BTreeSet<&str> = enabled.iter().map(String::as_str).chain([ALL_PLUGINS]).collect();
    let contexts = AgentScopes::of(&agents, &tools);
    let permissive: Vec<&AgentScope<'_>> =
        contexts.iter().filter(|context| is_permissive(context, &tools, &named)).collect();
    if !permissive.is_empty() {
        finding(&enabled, &permissive, &tools).report(host);
    }
    Ok(())
}

/// Either nothing denies an unknown tool, or a list allows plugins by name and no profile denies them.
fn is_permissive(context: &AgentScope<'_>, tools: &Node<'_>, named: &BTreeSet<&str>) -> bool {
    let invites = |tools: &Node<'_>| {
        names_one(tools, named)
            || tools.get("byProvider").members().iter().any(|(_, entry)| names_one(entry, named))
    };
    context.allows_plugin_tool(PROBE)
        || (!context.has_restrictive_profile()
            && (invites(tools) || context.own_tools().is_some_and(invites)))
}

/// An allow list of these settings has one of the names.
fn names_one(settings: &Node<'_>, named: &BTreeSet<&str>) -> bool {
    ["allow", "alsoAllow"]
        .iter()
        .flat_map(|list| settings.get(list).strings())
        .any(|entry| named.contains(canonical(entry).as_str()))
}

fn finding(enabled: &[String], permissive: &[&AgentScope<'_>], tools: &Node<'_>) -> Finding {
    let labels: Vec<&str> = permissive.iter().map(|context| label(context)).collect();
    let shown = enabled.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    let rest = match enabled.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(", …{more} more"),
    };
    let finding = rule::TOOLS_REACHABLE_PERMISSIVE_POLICY
        .finding()
        .detail(format!(
            "Enabled extension plugins: {shown}{rest}.\nThe tool policy allows their tools in these contexts:\n{}",
            bullets(&labels, SHOWN)
        ))
        .remediation(
            "For agents that read untrusted input set tools.profile to \"minimal\" or \"coding\", or a tools.allow list \
             without the tools of plugins.",
        );
    permissive
        .iter()
        .take(SHOWN)
        .fold(finding, |finding, context| finding.at(context.own_tools().unwrap_or(tools)))
}

fn label<'c>(context: &'c AgentScope<'_>) -> &'c str {
    if context.agent_id().is_some() { context.label() } else { "default" }
}

#[cfg(test)]
mod tests {
    use chitin_sdk::Value;
    use chitin_sdk::fake::{FakeHost, Said, directory_mode};
    use serde_json::json;

    use crate::GROUPS;

    const RULE: &str = "plugins.tools_reachable_permissive_policy";

    fn run(config: Value) -> Said {
        FakeHost::with_config(config)
            .file("extensions", "some-plugin", directory_mode(0o700))
            .run(GROUPS)
    }

    fn contexts(config: Value) -> Vec<String> {
        let said = run(config);
        said.detail(RULE)
            .lines()
            .filter_map(|line| line.strip_prefix("- ").map(str::to_owned))
            .collect()
    }

    fn with_tools(tools: &Value) -> Value {
        json!({"plugins": {"allow": ["some-plugin"]}, "tools": tools})
    }

    #[test]
    fn without_settings_everything_is_allowed() {
        for config in [json!({}), with_tools(&json!({}))] {
            assert_eq!(contexts(config), ["default"]);
        }
        assert!(run(json!({})).detail(RULE).contains("some-plugin"));
    }

    #[test]
    fn only_an_enabled_plugin_has_tools() {
        for plugins in [
            json!({"enabled": false}),
            json!({"deny": ["Some-Plugin"]}),
            json!({"allow": ["other"]}),
            json!({"entries": {"some-plugin": {"enabled": false}}}),
        ] {
            assert!(contexts(json!({"plugins": plugins})).is_empty(), "{plugins}");
        }
        assert!(FakeHost::with_config(json!({})).run(GROUPS).findings.is_empty());
    }

    #[test]
    fn a_profile_or_a_list_keeps_plugins_out() {
        for tools in [
            json!({"profile": "coding"}),
            json!({"profile": "minimal"}),
            json!({"profile": "messaging"}),
            json!({"allow": ["read"]}),
            json!({"deny": ["*"]}),
            json!({"profile": "coding", "alsoAllow": ["group:plugins"]}),
            json!({"profile": "coding", "alsoAllow": ["*"]}),
            json!({"profile": "coding", "byProvider": {"x": {"allow": ["some-plugin"]}}}),
        ] {
            assert!(contexts(with_tools(&tools)).is_empty(), "{tools}");
        }
    }

    #[test]
    fn lists_with_plugins_or_everything_allow_them() {
        for tools in [
            json!({"alsoAllow": ["read"]}),
            json!({"allow": []}),
            json!({"allow": ["*"]}),
            json!({"allow": ["read", "group:plugins"]}),
            json!({"allow": ["read", " Some-Plugin "]}),
            json!({"allow": ["read"], "alsoAllow": ["some-plugin"]}),
            json!({"allow": ["read"], "byProvider": {"x": {"alsoAllow": ["group:plugins"]}}}),
            json!({"profile": "full"}),
            json!({"profile": "full", "allow": ["some-plugin"]}),
            json!({"profile": "Coding"}),
            json!({"profile": "text-only"}),
            json!({"deny": ["some-plugin", "group:plugins"]}),
        ] {
            assert_eq!(contexts(with_tools(&tools)), ["default"], "{tools}");
        }
    }

    #[test]
    fn an_entry_for_another_plugin_does_not_count() {
        assert!(contexts(with_tools(&json!({"allow": ["read", "other-plugin"]}))).is_empty());
    }

    #[test]
    fn each_agent_is_a_separate_context() {
        assert_eq!(
            contexts(json!({
                "tools": {"profile": "coding"},
                "agents": {"entries": {
                    "a": {"tools": {"profile": "full"}},
                    "b": {},
                    "c": {"tools": {"allow": ["group:plugins"]}},
                }},
            })),
            ["agents.entries.a"]
        );
        assert_eq!(
            contexts(json!({
                "tools": {"allow": ["read"]},
                "agents": {"entries": {
                    "b": {},
                    "c": {"tools": {"alsoAllow": ["group:plugins"]}},
                    "d": {"tools": {"byProvider": {"x": {"allow": ["some-plugin"]}}}},
                }},
            })),
            ["agents.entries.c", "agents.entries.d"]
        );
    }

    #[test]
    fn a_sandbox_for_all_sessions_has_no_plugin_tools() {
        let sandboxed =
            |mode: &str| contexts(json!({"agents": {"defaults": {"sandbox": {"mode": mode}}}}));
        assert!(sandboxed("all").is_empty());
        assert_eq!(sandboxed("non-main"), ["default"]);
        assert_eq!(
            contexts(json!({
                "agents": {"defaults": {"sandbox": {"mode": "all"}}},
                "tools": {"sandbox": {"tools": {"allow": ["*"]}}},
            })),
            ["default"]
        );
    }

    #[test]
    fn a_long_list_of_plugins_is_cut() {
        let host = (0..80).fold(FakeHost::with_config(json!({})), |host, number| {
            host.file("extensions", &format!("p{number:02}"), directory_mode(0o700))
        });
        let said = host.run(GROUPS);
        assert!(said.detail(RULE).contains("p49, …30 more."));
    }
}
