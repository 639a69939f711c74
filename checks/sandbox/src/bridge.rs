//! `sandbox.browser_cdp_bridge_unrestricted`: a sandbox browser that every container on docker's default bridge can
//! control. OpenClaw 2026.9.6 documents the rule but no longer evaluates it; the risk still exists.

use chitin_openclaw::roster::{Agent, DEFAULTS_LABEL, Roster};
use chitin_openclaw::sandbox::Sandbox;
use chitin_sdk::{Host, Node, Outcome, text};

use crate::rule;

/// How many contexts a finding names.
const SHOWN: usize = 20;

/// The browser settings of the defaults or of one agent.
struct Browser<'t> {
    label: String,
    defaults: Node<'t>,
    own: Option<Node<'t>>,
}

impl<'t> Browser<'t> {
    fn of_defaults(roster: &Roster<'t>) -> Self {
        let defaults = roster.defaults().at(["sandbox", "browser"]);
        Self { label: format!("{DEFAULTS_LABEL}.sandbox.browser"), defaults, own: None }
    }

    fn of_agent(roster: &Roster<'t>, agent: &Agent<'t>) -> Self {
        let is_shared = Sandbox::of_agent(roster, agent.id()).scope == "shared";
        let own = roster.find(agent.id()).filter(|_| !is_shared);
        Self {
            label: format!("{}.sandbox.browser", agent.label()),
            own: own.map(|agent| agent.node().at(["sandbox", "browser"])),
            ..Self::of_defaults(roster)
        }
    }

    /// The agent's setting, or that of the defaults where the agent has none.
    fn setting(&self, key: &str) -> Node<'t> {
        let own = self.own.as_ref().map(|own| own.get(key)).filter(|own| !own.is_nullish());
        own.unwrap_or_else(|| self.defaults.get(key))
    }

    fn is_open_to_bridge(&self) -> bool {
        let network = self.setting("network");
        self.setting("enabled").is_true()
            && network.trimmed().is_some_and(|network| network.to_lowercase() == "bridge")
            && self.setting("cdpSourceRange").trimmed().is_none()
    }
}

pub(crate) fn unrestricted(host: &dyn Host) -> Outcome {
    let agents = host.effective("/agents")?;
    let roster = Roster::of(&agents.root());
    let of_agents = roster.agents().map(|agent| Browser::of_agent(&roster, agent));
    let open: Vec<Browser<'_>> = std::iter::once(Browser::of_defaults(&roster))
        .chain(of_agents)
        .filter(Browser::is_open_to_bridge)
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let labels: Vec<&str> = open.iter().map(|browser| browser.label.as_str()).collect();
    open.iter()
        .take(SHOWN)
        .fold(
            rule::BROWSER_CDP_BRIDGE_UNRESTRICTED.finding(),
            |finding, browser| finding.at(&browser.setting("network")),
        )
        .detail(format!(
            "network=\"bridge\" without cdpSourceRange lets every other container on that bridge reach the \
             browser's debugging port and control the browser:\n{}",
            text::bullets(&labels, SHOWN)
        ))
        .remediation(
            "Give the browser a separate network (the default is openclaw-sandbox-browser), or set \
             sandbox.browser.cdpSourceRange to the address that may connect, for example 172.21.0.1/32.",
        )
        .report(host);
    Ok(())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, Said};
    use serde_json::{Value, json};

    use crate::GROUPS;

    const RULE: &str = "sandbox.browser_cdp_bridge_unrestricted";

    fn said(agents: &Value) -> Said {
        FakeHost::with_config(json!({"agents": agents})).run(GROUPS)
    }

    #[test]
    fn an_enabled_browser_on_the_bridge_is_open() {
        for browser in [
            json!({"enabled": true, "network": "bridge"}),
            json!({"enabled": true, "network": " Bridge ", "cdpSourceRange": " "}),
        ] {
            let said = said(&json!({"defaults": {"sandbox": {"browser": browser}}}));
            assert_eq!(said.ids(), [RULE]);
            assert!(said.detail(RULE).ends_with("\n- agents.defaults.sandbox.browser"));
        }
        for browser in [
            json!({"enabled": true, "network": "bridge", "cdpSourceRange": "172.21.0.1/32"}),
            json!({"enabled": true}),
            json!({"network": "bridge"}),
            json!({"enabled": "true", "network": "bridge"}),
            json!({"enabled": true, "network": "bridge-2"}),
        ] {
            let said = said(&json!({"defaults": {"sandbox": {"mode": "all", "browser": browser}}}));
            assert!(said.findings.is_empty(), "{browser}");
        }
    }

    #[test]
    fn agents_inherit_setting_by_setting() {
        let said = said(&json!({
            "defaults": {"sandbox": {"browser": {"enabled": true, "network": "bridge"}}},
            "entries": {
                "same": {},
                "ranged": {"sandbox": {"browser": {"cdpSourceRange": "10.0.0.1/32"}}},
                "off": {"sandbox": {"browser": {"enabled": false, "network": null}}},
            },
        }));
        assert!(said.detail(RULE).ends_with(
            "\n- agents.defaults.sandbox.browser\n- agents.entries.same.sandbox.browser"
        ));
    }

    #[test]
    fn a_shared_sandbox_has_the_browser_of_the_defaults() {
        let open = json!({"enabled": true, "network": "bridge"});
        let shared = said(&json!({
            "entries": {"a": {"sandbox": {"scope": "shared", "browser": open}}},
        }));
        assert!(shared.findings.is_empty());
        let own = said(&json!({"list": [{"id": "a", "sandbox": {"browser": open}}]}));
        assert!(own.detail(RULE).ends_with("\n- agents.list.a.sandbox.browser"));
    }
}
