//! `security.trust_model.cross_agent_session_access_default`: agents that can read each other's sessions because the config
//! does not restrict it.

use chitin_openclaw::agent_scopes::{AgentScope, AgentScopes};
use chitin_openclaw::roster::Roster;
use chitin_openclaw::tools::CROSS_SESSION;
use chitin_sdk::{Host, Node, Outcome, Severity};

use crate::listing::lines;
use crate::rule;
use crate::signals;

/// Agent-level lists whose presence says that agents are trusted differently.
const RESTRICTIONS: [&str; 3] = ["profile", "allow", "deny"];

/// An agent and what it can do to the sessions of others.
struct Member<'c, 't> {
    id: String,
    context: &'c AgentScope<'t>,
    tools: Vec<&'static str>,
    /// The sandbox does not keep the session tools to the agent's own sessions.
    unclamped: bool,
}

pub(crate) fn session_access(host: &dyn Host) -> Outcome {
    let (agents, tools) = (host.effective("/agents")?, host.effective("/tools")?);
    let (agents, tools) = (agents.root(), tools.root());
    let ids = Roster::of(&agents).ids();
    if ids.len() < 2 || !is_shared(&tools) {
        return Ok(());
    }
    let contexts = AgentScopes::of(&agents, &tools);
    let clamp_is_off = agents.at(["defaults", "sandbox", "sessionToolsVisibility"]).is("all");
    let members: Vec<Member<'_, '_>> =
        ids.iter().map(|id| Member::of(id.clone(), contexts.of_id(id), clamp_is_off)).collect();
    if !members.iter().any(Member::reaches_others) {
        return Ok(());
    }

    let channels = host.effective("/channels")?;
    let signals = trust_signals(&members, &channels.root());
    let severity = if signals.is_empty() { Severity::Info } else { Severity::Warn };
    rule::SECURITY_TRUST_MODEL_CROSS_AGENT_SESSION_ACCESS_DEFAULT
        .finding_at(severity)
        .detail(detail(&ids, &members, &signals))
        .remediation(
            "Set tools.sessions.visibility to \"agent\", \"tree\" or \"self\", name the agents that may talk to each other in \
             tools.agentToAgent.allow, or set tools.agentToAgent.enabled=false: \
             https://docs.openclaw.ai/gateway/config-tools#tools-agenttoagent",
        )
        .at(&tools.at(["sessions", "visibility"]))
        .at(&tools.at(["agentToAgent"]))
        .report(host);
    Ok(())
}

/// Whether the config leaves sessions visible to all agents and lets any agent talk to any other.
fn is_shared(tools: &Node<'_>) -> bool {
    let visibility =
        tools.at(["sessions", "visibility"]).trimmed().unwrap_or_default().to_lowercase();
    let between = tools.get("agentToAgent");
    !matches!(visibility.as_str(), "self" | "tree" | "agent")
        && !between.get("enabled").is_false()
        && between.get("allow").items().is_empty()
}

fn trust_signals(members: &[Member<'_, '_>], channels: &Node<'_>) -> Vec<String> {
    let of_people = signals::of_channels(channels).into_iter().map(|signal| signal.text);
    members.iter().flat_map(Member::trust_signals).chain(of_people).collect()
}

fn detail(ids: &[String], members: &[Member<'_, '_>], signals: &[String]) -> String {
    let (reachers, others): (Vec<_>, Vec<_>) =
        members.iter().partition(|member| member.reaches_others());
    let reachers: Vec<String> = reachers.into_iter().map(Member::reach).collect();
    let others: Vec<String> = others.into_iter().map(Member::restraint).collect();
    let mut parts = vec![
        format!("Agents:\n{}", lines(ids)),
        "tools.sessions.visibility resolves to \"all\", and tools.agentToAgent is on without an allow list. These agents \
         can reach the sessions of the others, with the transcripts of other people:"
            .to_owned(),
        lines(&reachers),
    ];
    if !others.is_empty() {
        parts.push(format!(
            "These cannot, but their own transcripts stay readable to the agents above:\n{}",
            lines(&others)
        ));
    }
    parts.push("Incognito sessions remain hidden.".to_owned());
    if !signals.is_empty() {
        parts.push(format!(
            "Signs that the agents or their users are not equally trusted, while session access spans the gateway:\n{}",
            lines(signals)
        ));
    }
    parts.join("\n")
}

impl<'c, 't> Member<'c, 't> {
    fn of(id: String, context: &'c AgentScope<'t>, clamp_is_off: bool) -> Self {
        Self {
            id,
            context,
            tools: context.allowed_of(CROSS_SESSION),
            unclamped: !context.sandbox().covers_all() || clamp_is_off,
        }
    }

    fn reaches_others(&self) -> bool {
        self.unclamped && !self.tools.is_empty()
    }

    fn reach(&self) -> String {
        let from = match self.context.sandbox().mode {
            "off" => "unsandboxed sessions",
            "non-main" => "unsandboxed main session",
            _ => "sandboxed sessions (clamp disabled)",
        };
        format!("{}: {from}; session tools: {}", self.id, self.tools.join(", "))
    }

    fn restraint(&self) -> String {
        let reason = if self.unclamped {
            "session tools removed by tool policy"
        } else {
            "sandboxed sessions are clamped to their own spawn tree"
        };
        format!("{}: {reason}", self.id)
    }

    fn trust_signals(&self) -> Vec<String> {
        let sandbox = self.context.sandbox();
        let own = self.context.own_tools();
        let restrictions: Vec<String> = RESTRICTIONS
            .iter()
            .filter(|key| own.is_some_and(|own| !own.get(key).is_absent()))
            .map(|key| format!("tools.{key}"))
            .collect();
        let sandboxed =
            (!sandbox.is_off()).then(|| format!("{}: sandbox.mode=\"{}\"", self.id, sandbox.mode));
        let restricted = (!restrictions.is_empty()).then(|| {
            format!("{}: agent-level restrictions ({})", self.id, restrictions.join(", "))
        });
        sandboxed.into_iter().chain(restricted).collect()
    }
}

#[cfg(test)]
mod tests {
    use chitin_sdk::Value;
    use chitin_sdk::fake::{FakeHost, Said};
    use serde_json::json;

    use super::*;
    use crate::GROUPS;

    const RULE: &str = "security.trust_model.cross_agent_session_access_default";

    fn said(agents: &Value, tools: &Value) -> Said {
        FakeHost::with_config(json!({"agents": agents, "tools": tools})).run(GROUPS)
    }

    fn two() -> Value {
        json!({"entries": {"a": {}, "b": {}}})
    }

    #[test]
    fn two_plain_agents_are_worth_a_note() {
        let said = said(&two(), &json!({}));
        assert_eq!(said.severity(RULE), Some(Severity::Info));
        let detail = said.detail(RULE);
        assert!(detail.contains(
            "- a: unsandboxed sessions; session tools: sessions_list, sessions_history, sessions_search, \
             sessions_send, session_status\n- b: unsandboxed"
        ));
        assert!(!detail.contains("Signs that") && !detail.contains("These cannot"));
    }

    #[test]
    fn one_agent_has_no_one_to_reach() {
        for agents in [
            json!({}),
            json!({"entries": {"a": {}}}),
            json!({"list": [{"id": "a"}, {"id": "A"}, {}]}),
        ] {
            assert!(said(&agents, &json!({})).of(RULE).is_empty(), "{agents}");
        }
    }

    #[test]
    fn any_answer_in_the_config_is_enough() {
        for tools in [
            json!({"agentToAgent": {"enabled": false}}),
            json!({"agentToAgent": {"allow": ["a"]}}),
            json!({"sessions": {"visibility": "agent"}}),
            json!({"sessions": {"visibility": " Tree "}}),
            json!({"sessions": {"visibility": "self"}}),
        ] {
            assert!(said(&two(), &tools).of(RULE).is_empty(), "{tools}");
        }
        for tools in [
            json!({"agentToAgent": {"enabled": "false"}}),
            json!({"agentToAgent": {"allow": []}}),
            json!({"sessions": {"visibility": "all"}}),
            json!({"sessions": {"visibility": "other"}}),
            json!({"sessions": {"visibility": 1}}),
        ] {
            assert!(!said(&two(), &tools).of(RULE).is_empty(), "{tools}");
        }
    }

    #[test]
    fn a_sandbox_for_everything_clamps_unless_configured_otherwise() {
        let all = json!({"sandbox": {"mode": "all"}});
        let one = said(&json!({"entries": {"a": all, "b": {}}}), &json!({}));
        assert_eq!(one.severity(RULE), Some(Severity::Warn));
        assert!(one.detail(RULE).contains("- a: sandboxed sessions are clamped"));
        assert!(one.detail(RULE).contains("- a: sandbox.mode=\"all\""));
        assert!(said(&json!({"entries": {"a": all, "b": all}}), &json!({})).of(RULE).is_empty());

        let open = json!({"mode": "all", "sessionToolsVisibility": "all"});
        let unclamped = said(
            &json!({"defaults": {"sandbox": open}, "entries": {"a": {}, "b": {}}}),
            &json!({}),
        );
        assert!(unclamped.detail(RULE).contains("- a: sandboxed sessions (clamp disabled)"));
        let main = said(
            &json!({"defaults": {"sandbox": {"mode": "non-main"}}, "entries": {"a": {}, "b": {}}}),
            &json!({}),
        );
        assert!(main.detail(RULE).contains("- a: unsandboxed main session"));
        assert_eq!(main.severity(RULE), Some(Severity::Warn));
    }

    #[test]
    fn agents_without_session_tools_reach_no_one() {
        let denied = json!({"deny": ["group:sessions"]});
        assert!(said(&two(), &denied).of(RULE).is_empty());
        let one = said(&json!({"entries": {"a": {"tools": denied}, "b": {}}}), &json!({}));
        assert!(one.detail(RULE).contains("- a: session tools removed by tool policy"));
        assert!(one.detail(RULE).contains("- a: agent-level restrictions (tools.deny)"));
        assert_eq!(one.severity(RULE), Some(Severity::Warn));
    }

    #[test]
    fn people_from_outside_make_it_a_warning() {
        let config = json!({"agents": two(), "channels": {"telegram": {"dmPolicy": "open"}}});
        let said = FakeHost::with_config(config).run(GROUPS);
        assert_eq!(said.severity(RULE), Some(Severity::Warn));
        assert!(said.detail(RULE).ends_with("- channels.telegram.dmPolicy=\"open\""));
    }
}
