//! `tools.exec.fs_tools_disabled_but_exec_enabled`: file tools are denied, but a shell that can write files is not.

use chitin_openclaw::agent_scopes::{AgentScope, AgentScopes};
use chitin_sdk::{Host, Node, Outcome};

use crate::list_format;
use crate::rule;

/// How many contexts a finding names.
const SHOWN: usize = 20;

/// The tools that change files.
const WRITING: &[&str] = &["write", "edit", "apply_patch"];

pub(crate) fn check(host: &dyn Host) -> Outcome {
    let (agents, tools) = (host.effective("/agents")?, host.effective("/tools")?);
    let (agents, tools) = (agents.root(), tools.root());
    let drifted: Vec<(String, Node<'_>)> = AgentScopes::of(&agents, &tools)
        .iter()
        .filter(|context| has_drifted(context))
        .map(|context| (line(context), context.own_tools().unwrap_or(&tools).clone()))
        .collect();
    if drifted.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = drifted.iter().map(|(line, _)| line.clone()).collect();
    drifted
        .iter()
        .take(SHOWN)
        .fold(
            rule::EXEC_FS_TOOLS_DISABLED_BUT_EXEC_ENABLED.finding(),
            |finding, (_, node)| finding.at(node),
        )
        .detail(format!(
            "Here write, edit and apply_patch are not available, but exec is:\n{}\nexec is a shell. It can write \
             files wherever its host or sandbox allows it.",
            list_format::lines(&lines, SHOWN)
        ))
        .remediation(
            "Deny exec and process too where an agent is meant to be read-only. Where it needs a shell, set its \
             sandbox to mode \"all\" with workspaceAccess \"ro\" or \"none\".",
        )
        .report(host);
    Ok(())
}

fn has_drifted(context: &AgentScope<'_>) -> bool {
    !is_confined(context)
        && context.allows("exec")
        && !WRITING.iter().any(|tool| context.allows(tool))
}

/// A sandbox around every session, which exec cannot leave, and which cannot write to the workspace.
fn is_confined(context: &AgentScope<'_>) -> bool {
    let sandbox = context.sandbox();
    sandbox.covers_all()
        && !matches!(exec_host(context), "gateway" | "node")
        && sandbox.workspace_access != "rw"
}

fn exec_host<'t>(context: &AgentScope<'t>) -> &'t str {
    context.tool_setting(&["exec", "host"]).as_str().unwrap_or("auto")
}

fn line(context: &AgentScope<'_>) -> String {
    let scope = context
        .agent_id()
        .map_or_else(|| "tools".to_owned(), |_| format!("{}.tools", context.label()));
    let sandbox = context.sandbox();
    format!(
        "{scope}: runtime=[{}], disabledFs=[{}], exec.host={}, sandbox={}, workspaceAccess={}",
        context.runtime_tools().join(", "),
        WRITING.join(", "),
        exec_host(context),
        sandbox.mode,
        sandbox.workspace_access
    )
}

#[cfg(test)]
mod tests {
    use chitin_sdk::Value;
    use chitin_sdk::fake::{FakeHost, Said};
    use serde_json::json;

    use crate::GROUPS;

    const RULE: &str = "tools.exec.fs_tools_disabled_but_exec_enabled";

    fn said(config: Value) -> Said {
        FakeHost::with_config(config).run(GROUPS)
    }

    fn fires(tools: &Value) -> bool {
        !said(json!({"tools": tools})).of(RULE).is_empty()
    }

    #[test]
    fn exec_without_file_tools() {
        for tools in [
            json!({"deny": ["write", "edit", "apply_patch"]}),
            json!({"deny": ["group:fs"]}),
            json!({"allow": ["read", "exec"]}),
        ] {
            assert!(fires(&tools), "{tools}");
        }
        for tools in [
            json!({}),
            json!({"deny": ["group:fs", "exec"]}),
            json!({"deny": ["write", "edit"]}),
            json!({"profile": "messaging"}),
        ] {
            assert!(!fires(&tools), "{tools}");
        }
    }

    #[test]
    fn a_sandbox_confines_exec_unless_it_gets_out() {
        let with = |sandbox: Value, exec: Value| {
            let tools = json!({"deny": ["group:fs"], "exec": exec});
            said(json!({"tools": tools, "agents": {"defaults": {"sandbox": sandbox}}}))
                .of(RULE)
                .len()
        };
        assert_eq!(with(json!({"mode": "all"}), json!({})), 0);
        assert_eq!(with(json!({"mode": "all", "workspaceAccess": "ro"}), json!({})), 0);
        assert_eq!(with(json!({"mode": "all", "workspaceAccess": "rw"}), json!({})), 1);
        assert_eq!(with(json!({"mode": "all"}), json!({"host": "gateway"})), 1);
        assert_eq!(with(json!({"mode": "all"}), json!({"host": "node"})), 1);
        assert_eq!(with(json!({"mode": "all"}), json!({"host": "sandbox"})), 0);
        assert_eq!(with(json!({"mode": "non-main"}), json!({})), 1);
    }

    #[test]
    fn an_agent_is_named_with_what_it_has() {
        let found = said(json!({"agents": {"entries": {"ops": {"tools": {
            "allow": ["read", "exec", "process"],
            "deny": ["write", "edit", "apply_patch"],
        }}}}}));
        assert_eq!(found.ids(), [RULE]);
        assert!(found.detail(RULE).contains(
            "- agents.entries.ops.tools: runtime=[exec, process], disabledFs=[write, edit, apply_patch], \
             exec.host=auto, sandbox=off, workspaceAccess=none"
        ));
    }

    #[test]
    fn the_defaults_come_first() {
        let found =
            said(json!({"tools": {"deny": ["group:fs"]}, "agents": {"list": [{"id": "a"}]}}));
        let lines: Vec<&str> =
            found.detail(RULE).lines().filter(|line| line.starts_with("- ")).collect();
        assert!(
            lines[0].starts_with("- tools: ") && lines[1].starts_with("- agents.list.a.tools: ")
        );
    }
}
