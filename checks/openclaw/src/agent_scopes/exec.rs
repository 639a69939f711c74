//! How far commands are trusted, and for whom: what `tools.exec` says for the config and for each agent.
//!
//! Only what is written counts here: without `mode` and `security`, commands pass for denied, although OpenClaw runs
//! them by a wider default. Host approvals take no part.

use std::collections::BTreeMap;

use chitin_document::Node;

use crate::roster::Roster;

/// What the config's own settings go by when no agent is the default one.
const GLOBAL: &str = "global";

/// From the least to the most trusting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Security {
    Deny,
    Allowlist,
    Full,
}

impl Security {
    /// What a `tools.exec` block sets; none where it leaves the choice to others. `mode` goes before `security`.
    pub fn set_by(exec: &Node<'_>) -> Option<Self> {
        let mode = match exec.get("mode").as_str() {
            Some("ask" | "auto") => Some(Self::Allowlist),
            mode => mode.and_then(Self::named),
        };
        mode.or_else(|| exec.get("security").as_str().and_then(Self::named))
    }

    /// None for anything else than the three words.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Deny, Self::Allowlist, Self::Full].into_iter().find(|level| level.name() == word)
    }

    /// The word for it in a config.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Allowlist => "allowlist",
            Self::Full => "full",
        }
    }
}

/// For whom exec settings hold.
#[derive(Debug, Clone)]
pub struct Scope<'t> {
    /// An agent's id as written, the normalised id of the default agent, or `global`.
    pub id: String,
    pub security: Security,
    /// Where commands run: `auto`, `sandbox`, `gateway` or `node`.
    pub host: &'t str,
    /// The `tools.exec` block that decides on the security.
    pub exec: Node<'t>,
}

/// The config's settings under the default agent's id, then each agent's. An agent takes the place of a scope with its
/// id.
pub fn scopes<'t>(agents: &Node<'t>, exec: &Node<'t>) -> Vec<Scope<'t>> {
    let roster = Roster::of(agents);
    let global = Scope {
        id: roster.default_agent().unwrap_or_else(|| GLOBAL.to_owned()),
        security: Security::set_by(exec).unwrap_or(Security::Deny),
        host: exec.get("host").as_str().unwrap_or("auto"),
        exec: exec.clone(),
    };
    let own = roster.agents().map(|agent| {
        let own = agent.node().at(["tools", "exec"]);
        let security = Security::set_by(&own);
        Scope {
            id: agent.id().to_owned(),
            security: security.unwrap_or(global.security),
            host: own.get("host").as_str().unwrap_or(global.host),
            exec: if security.is_some() { own } else { exec.clone() },
        }
    });
    in_place(std::iter::once(global.clone()).chain(own))
}

/// The last scope of each id, in the place of the first one.
fn in_place<'t>(all: impl Iterator<Item = Scope<'t>>) -> Vec<Scope<'t>> {
    let mut scopes: Vec<Scope<'t>> = Vec::new();
    let mut places = BTreeMap::new();
    for scope in all {
        let place = *places.entry(scope.id.clone()).or_insert(scopes.len());
        match scopes.get_mut(place) {
            Some(same_id) => *same_id = scope,
            None => scopes.push(scope),
        }
    }
    scopes
}

#[cfg(test)]
mod tests {
    use chitin_document::{Tree, Value};
    use serde_json::json;

    use super::*;

    fn lines(agents: Value, exec: Value) -> Vec<String> {
        let (agents, exec) =
            (Tree::new("/agents", Some(agents)), Tree::new("/tools/exec", Some(exec)));
        scopes(&agents.root(), &exec.root())
            .iter()
            .map(|scope| format!("{} {} {}", scope.id, scope.security.name(), scope.host))
            .collect()
    }

    #[test]
    fn what_is_not_written_is_denied() {
        assert_eq!(lines(json!({}), json!({})), ["main deny auto"]);
        assert_eq!(lines(json!(null), json!("full")), ["main deny auto"]);
        assert_eq!(lines(json!({}), json!({"security": "Full"})), ["main deny auto"]);
    }

    #[test]
    fn a_mode_goes_before_security() {
        for (mode, expected) in [
            ("deny", "deny"),
            ("allowlist", "allowlist"),
            ("ask", "allowlist"),
            ("auto", "allowlist"),
            ("full", "full"),
        ] {
            let exec = json!({"mode": mode, "security": "full", "host": "node"});
            assert_eq!(lines(json!({}), exec), [format!("main {expected} node")]);
        }
    }

    #[test]
    fn an_agent_takes_the_place_of_the_global_scope() {
        let agents = json!({"entries": {"a": {"tools": {"exec": {"security": "deny"}}}}});
        assert_eq!(lines(agents, json!({"security": "full"})), ["a deny auto"]);
        let two = json!({"entries": {"a": {}, "b": {"tools": {"exec": {"host": "gateway"}}}}});
        assert_eq!(
            lines(two, json!({"mode": "ask", "host": "node"})),
            ["global allowlist node", "a allowlist node", "b allowlist gateway"]
        );
    }

    #[test]
    fn an_agents_security_goes_before_a_global_mode() {
        let agents = json!({"list": [{"id": "a", "tools": {"exec": {"security": "full"}}}]});
        assert_eq!(lines(agents, json!({"mode": "deny"})), ["a full auto"]);
    }
}
