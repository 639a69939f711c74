//! Whether the config says which agent gets the work that is not assigned to one.

use chitin_openclaw::roster::Roster;
use chitin_sdk::{Host, Node, Outcome, text};

use crate::rule;

pub(crate) fn check(host: &dyn Host) -> Outcome {
    let agents = host.effective("/agents")?;
    let agents = agents.root();
    if !declares_agents(&agents) {
        return Ok(());
    }
    let roster = Roster::of(&agents);
    let markers =
        roster.entries().iter().filter(|agent| agent.node().get("default").is_true()).count();
    let detail = if agents.get("ownership").is("explicit") {
        if markers == 0 {
            return Ok(());
        }
        format!(
            "Expected no agent with default=true, because agents.ownership=\"explicit\" leaves no default \
             agent; found {markers}. The markers do not decide which agent gets unassigned sessions."
        )
    } else {
        if roster.default_agent().is_some() {
            return Ok(());
        }
        format!(
            "Expected a sole agent, one default=true marker or agents.ownership=\"explicit\"; found {markers} \
             markers across {}. Which agent, with which tools, answers an unassigned message is undefined.",
            text::count(roster.entries().len(), "agent", "agents")
        )
    };
    rule::AGENT_ROSTER_INVALID_DEFAULT_COUNT
        .finding()
        .detail(detail)
        .remediation("Run `openclaw doctor --fix`, which repairs the agent roster.")
        .at(&declared_at(&agents))
        .report(host);
    Ok(())
}

/// An empty legacy list declares nothing: OpenClaw puts the agent `main` in its place while loading.
fn declares_agents(agents: &Node<'_>) -> bool {
    let (entries, list) = (agents.get("entries"), agents.get("list"));
    entries.is_object() || (entries.is_absent() && !list.items().is_empty())
}

fn declared_at<'t>(agents: &Node<'t>) -> Node<'t> {
    let entries = agents.get("entries");
    if entries.is_absent() { agents.get("list") } else { entries }
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, Said};
    use chitin_sdk::{Location, Severity, Value};
    use serde_json::json;

    use super::*;
    use crate::GROUPS;

    fn audit(agents: &Value) -> Said {
        FakeHost::with_config(json!({"agents": agents})).run(GROUPS)
    }

    #[test]
    fn no_roster_is_fine() {
        assert!(FakeHost::with_config(json!({})).run(GROUPS).findings.is_empty());
        for agents in [json!({}), json!({"defaults": {}}), json!({"list": []})] {
            assert!(audit(&agents).findings.is_empty(), "{agents}");
        }
    }

    #[test]
    fn an_empty_roster_has_no_default() {
        assert!(
            audit(&json!({"entries": {}}))
                .detail(rule::AGENT_ROSTER_INVALID_DEFAULT_COUNT.id)
                .contains("found 0")
        );
    }

    #[test]
    fn one_marker_or_one_agent_decides() {
        for agents in [
            json!({"entries": {"a": {}}}),
            json!({"entries": {"a": {"default": true}, "b": {}}}),
            json!({"list": [{"id": "a"}, {"id": "b", "default": true}]}),
            json!({"list": [{}]}),
        ] {
            assert!(audit(&agents).findings.is_empty(), "{agents}");
        }
    }

    #[test]
    fn several_agents_need_exactly_one_marker() {
        for (agents, found) in [
            (json!({"entries": {"a": {}, "b": {}}}), "found 0 markers across 2 agents"),
            (
                json!({"entries": {"main": {"default": true}, "ops": {"default": true}}}),
                "found 2 markers across 2 agents",
            ),
            (json!({"list": [{"id": "a"}, {"id": "b"}]}), "found 0 markers across 2 agents"),
            (
                json!({"entries": {"a": {"default": "true"}, "b": {"default": 1}}}),
                "found 0 markers across 2 agents",
            ),
        ] {
            let said = audit(&agents);
            assert_eq!(
                said.severity(rule::AGENT_ROSTER_INVALID_DEFAULT_COUNT.id),
                Some(Severity::Warn),
                "{agents}"
            );
            assert!(
                said.detail(rule::AGENT_ROSTER_INVALID_DEFAULT_COUNT.id).contains(found),
                "{}",
                said.detail(rule::AGENT_ROSTER_INVALID_DEFAULT_COUNT.id)
            );
        }
    }

    #[test]
    fn explicit_ownership_allows_no_marker() {
        assert!(
            audit(&json!({"ownership": "explicit", "entries": {"a": {}, "b": {}}}))
                .findings
                .is_empty()
        );
        let said = audit(&json!({
            "ownership": "explicit", "entries": {"alpha": {"default": true}, "beta": {}}
        }));
        assert!(said.detail(rule::AGENT_ROSTER_INVALID_DEFAULT_COUNT.id).contains("Expected no"));
        assert!(said.detail(rule::AGENT_ROSTER_INVALID_DEFAULT_COUNT.id).contains("found 1"));
    }

    #[test]
    fn the_finding_is_at_the_form_that_is_used() {
        let entries = audit(&json!({"entries": {"a": {}, "b": {}}, "list": [{"id": "c"}]}));
        assert_eq!(entries.findings[0].locations, [Location::Config("/agents/entries".to_owned())]);
        let list = audit(&json!({"list": [{"id": "a"}, {"id": "b"}]}));
        assert_eq!(list.findings[0].locations, [Location::Config("/agents/list".to_owned())]);
    }

    #[test]
    fn wrong_types_are_absent() {
        for agents in [
            json!("x"),
            json!([]),
            json!({"entries": []}),
            json!({"entries": null, "list": [{"id": "a"}, {"id": "b"}]}),
            json!({"list": {"a": {}, "b": {}}}),
        ] {
            assert!(audit(&agents).findings.is_empty(), "{agents}");
        }
    }
}
