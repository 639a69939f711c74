//! The sandbox settings that hold for the defaults or for one agent. Which tools a sandbox leaves is in `policy`.

use chitin_document::Node;

use crate::roster::Roster;

/// Resolved settings. Values are taken as written: OpenClaw's audit compares them and does not validate them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sandbox<'t> {
    /// `off`, `non-main` or `all`.
    pub mode: &'t str,
    /// `none`, `ro` or `rw`.
    pub workspace_access: &'t str,
    /// `agent`, `session` or `shared`. With `shared` the agent's own `docker` and `browser` blocks are ignored.
    pub scope: &'t str,
}

impl<'t> Sandbox<'t> {
    /// The settings where no agent is meant.
    pub fn of_defaults(roster: &Roster<'t>) -> Self {
        Self::resolve(&roster.defaults().get("sandbox"), None)
    }

    /// The settings of the agent that OpenClaw takes for an id; those of the defaults when there is none.
    pub fn of_agent(roster: &Roster<'t>, id: &str) -> Self {
        let own = roster.find(id).map(|agent| agent.node().get("sandbox"));
        Self::resolve(&roster.defaults().get("sandbox"), own.as_ref())
    }

    fn resolve(defaults: &Node<'t>, own: Option<&Node<'t>>) -> Self {
        let text = |key: &str| {
            own.and_then(|own| own.get(key).as_str()).or_else(|| defaults.get(key).as_str())
        };
        let per_session = own
            .and_then(|own| own.get("perSession").value().as_bool())
            .or_else(|| defaults.get("perSession").value().as_bool());
        Self {
            mode: text("mode").unwrap_or("off"),
            workspace_access: text("workspaceAccess").unwrap_or("none"),
            scope: text("scope").unwrap_or(match per_session {
                Some(true) => "session",
                Some(false) => "shared",
                None => "agent",
            }),
        }
    }

    /// Nothing is sandboxed.
    pub fn is_off(&self) -> bool {
        self.mode == "off"
    }

    /// Every session is sandboxed. Only then does the sandbox guard anything: `non-main` leaves the main session out.
    pub fn covers_all(&self) -> bool {
        self.mode == "all"
    }
}

#[cfg(test)]
mod tests {
    use chitin_document::{Tree, Value};
    use serde_json::json;

    use super::*;

    fn of_agent(agents: Value, id: &str) -> (String, String, String) {
        let tree = Tree::new("/agents", Some(agents));
        let roster = Roster::of(&tree.root());
        let sandbox = Sandbox::of_agent(&roster, id);
        (sandbox.mode.into(), sandbox.workspace_access.into(), sandbox.scope.into())
    }

    fn expected(mode: &str, access: &str, scope: &str) -> (String, String, String) {
        (mode.into(), access.into(), scope.into())
    }

    #[test]
    fn nothing_is_sandboxed_by_default() {
        assert_eq!(of_agent(json!({}), "a"), expected("off", "none", "agent"));
        assert_eq!(of_agent(json!({"defaults": 1}), "a"), expected("off", "none", "agent"));
    }

    #[test]
    fn an_agent_goes_before_the_defaults_setting_by_setting() {
        let agents = json!({
            "defaults": {"sandbox": {"mode": "all", "workspaceAccess": "rw", "scope": "session"}},
            "entries": {"a": {"sandbox": {"mode": "off", "workspaceAccess": null}}, "b": {}},
        });
        assert_eq!(of_agent(agents.clone(), "a"), expected("off", "rw", "session"));
        assert_eq!(of_agent(agents.clone(), "b"), expected("all", "rw", "session"));
        assert_eq!(of_agent(agents, "unknown"), expected("all", "rw", "session"));
    }

    #[test]
    fn the_old_per_session_switch_makes_a_scope() {
        for (switch, scope) in
            [(json!(true), "session"), (json!(false), "shared"), (json!("x"), "agent")]
        {
            let agents = json!({"defaults": {"sandbox": {"perSession": switch}}});
            assert_eq!(of_agent(agents, "a").2, scope);
        }
        let agents = json!({
            "defaults": {"sandbox": {"perSession": true}},
            "list": [{"id": "a", "sandbox": {"perSession": false}}, {"id": "b", "sandbox": {"scope": "agent"}}],
        });
        assert_eq!(of_agent(agents.clone(), "a").2, "shared");
        assert_eq!(of_agent(agents, "b").2, "agent");
    }

    #[test]
    fn a_mode_is_compared_as_written() {
        let tree = Tree::new("/agents", Some(json!({"defaults": {"sandbox": {"mode": "All"}}})));
        let sandbox = Sandbox::of_defaults(&Roster::of(&tree.root()));
        assert_eq!(sandbox.mode, "All");
        assert!(!sandbox.covers_all() && !sandbox.is_off());
    }
}
