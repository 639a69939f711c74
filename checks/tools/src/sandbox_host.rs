//! Exec that is pinned to a sandbox that is off.

use chitin_openclaw::roster::{Agent, Roster};
use chitin_openclaw::sandbox::Sandbox;
use chitin_sdk::{Host, Outcome};

use crate::rule;

/// How many agents a finding names.
const SHOWN: usize = 5;

pub(crate) fn of_defaults(host: &dyn Host) -> Outcome {
    let exec = host.effective("/tools/exec")?;
    let pinned = exec.at(["host"]);
    if !pinned.is("sandbox") {
        return Ok(());
    }
    let agents = host.effective("/agents")?;
    let roster = Roster::of(&agents.root());
    if Sandbox::of_defaults(&roster).is_off() {
        rule::EXEC_HOST_SANDBOX_NO_SANDBOX_DEFAULTS
            .finding()
            .detail(
                "tools.exec.host=\"sandbox\" while agents.defaults.sandbox.mode is off. Without a sandbox to run \
                 commands in, exec fails; older OpenClaw versions run them on the gateway host instead.",
            )
            .remediation(
                "Set agents.defaults.sandbox.mode to \"non-main\" or \"all\", or set tools.exec.host to \"gateway\" \
                 with approvals.",
            )
            .at(&pinned)
            .at(&roster.defaults().at(["sandbox", "mode"]))
            .report(host);
    }
    Ok(())
}

pub(crate) fn of_agents(host: &dyn Host) -> Outcome {
    let agents = host.effective("/agents")?;
    let roster = Roster::of(&agents.root());
    let own_host = |agent: &Agent<'_>| agent.node().at(["tools", "exec", "host"]).is("sandbox");
    let pinned: Vec<&Agent<'_>> = roster
        .agents()
        .filter(|agent| own_host(agent) && Sandbox::of_agent(&roster, agent.id()).is_off())
        .take(SHOWN)
        .collect();
    if pinned.is_empty() {
        return Ok(());
    }
    let ids: Vec<&str> = pinned.iter().map(|agent| agent.id()).collect();
    pinned
        .iter()
        .fold(
            rule::EXEC_HOST_SANDBOX_NO_SANDBOX_AGENTS.finding(),
            |finding, agent| finding.at(&agent.node().at(["tools", "exec", "host"])),
        )
        .detail(format!(
            "tools.exec.host=\"sandbox\" is set for: {}. Their sandbox is off, so exec fails for them; \
             older OpenClaw versions run the commands on the gateway host instead.",
            ids.join(", ")
        ))
        .remediation(
            "Set sandbox.mode of these agents to \"non-main\" or \"all\", or their tools.exec.host to \"gateway\".",
        )
        .report(host);
    Ok(())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::Value;
    use chitin_sdk::fake::{FakeHost, Said};
    use serde_json::json;

    use crate::GROUPS;

    const DEFAULTS: &str = "tools.exec.host_sandbox_no_sandbox_defaults";
    const AGENTS: &str = "tools.exec.host_sandbox_no_sandbox_agents";

    fn said(config: Value) -> Said {
        FakeHost::with_config(config).run(GROUPS)
    }

    #[test]
    fn exec_pinned_for_all() {
        let pinned = json!({"exec": {"host": "sandbox"}});
        assert_eq!(said(json!({"tools": pinned})).ids(), [DEFAULTS]);
        let agent_only =
            json!({"tools": pinned, "agents": {"entries": {"a": {"sandbox": {"mode": "all"}}}}});
        assert_eq!(said(agent_only).ids(), [DEFAULTS]);
        for mode in ["non-main", "all"] {
            let on = json!({"tools": pinned, "agents": {"defaults": {"sandbox": {"mode": mode}}}});
            assert!(said(on).findings.is_empty());
        }
        for host in [json!("gateway"), json!("Sandbox"), json!(" sandbox"), json!(null)] {
            assert!(said(json!({"tools": {"exec": {"host": host}}})).findings.is_empty());
        }
        assert!(said(json!({})).findings.is_empty());
    }

    #[test]
    fn exec_pinned_by_an_agent() {
        let pinned = json!({"exec": {"host": "sandbox"}});
        let found = said(json!({"agents": {"entries": {"a": {"tools": pinned}, "b": {}}}}));
        assert_eq!(found.ids(), [AGENTS]);
        assert!(found.detail(AGENTS).contains("is set for: a."));
        let on = json!({"agents": {"defaults": {"sandbox": {"mode": "all"}}, "entries": {"a": {"tools": pinned}}}});
        assert!(said(on).findings.is_empty());
        let off = json!({"agents": {
            "defaults": {"sandbox": {"mode": "all"}},
            "entries": {"a": {"tools": pinned, "sandbox": {"mode": "off"}}},
        }});
        assert_eq!(said(off).ids(), [AGENTS]);
        let nameless = json!({"agents": {"list": [{"tools": pinned}, "x"]}});
        assert!(said(nameless).findings.is_empty());
        let global = json!({"tools": pinned, "agents": {"entries": {"a": {}}}});
        assert!(said(global).of(AGENTS).is_empty());
    }

    #[test]
    fn five_agents_are_named() {
        let list: Vec<Value> = (0..7)
            .map(|n| json!({"id": format!("a{n}"), "tools": {"exec": {"host": "sandbox"}}}))
            .collect();
        let found = said(json!({"agents": {"list": list}}));
        assert!(found.detail(AGENTS).contains("for: a0, a1, a2, a3, a4. "));
        assert_eq!(found.findings[0].locations.len(), 5);
    }
}
