//! The `sandbox.docker` blocks of a config, each as it is written. Inheritance does not matter here: a dangerous setting is
//! reported where it is written, even while the sandbox is off.

use chitin_openclaw::roster::{DEFAULTS_LABEL, Roster};
use chitin_sdk::Node;

/// A `sandbox.docker` block.
#[derive(Debug)]
pub(crate) struct Block<'t> {
    /// As an operator writes it: `agents.entries.ops.sandbox.docker`.
    pub(crate) label: String,
    pub(crate) node: Node<'t>,
    /// The agent that the block belongs to; none for the defaults.
    pub(crate) agent: Option<&'t str>,
}

impl Block<'_> {
    /// Whether anything is set in it. OpenClaw treats a list as a block here.
    pub(crate) fn is_configured(&self) -> bool {
        self.node.has_members() || !self.node.items().is_empty()
    }
}

/// The block of the defaults, then those of the agents; absent ones too.
pub(crate) fn docker<'t>(roster: &Roster<'t>) -> Vec<Block<'t>> {
    let block = |label: &str, node: &Node<'t>, agent| Block {
        label: format!("{label}.sandbox.docker"),
        node: node.at(["sandbox", "docker"]),
        agent,
    };
    let of_agents =
        roster.agents().map(|agent| block(agent.label(), agent.node(), Some(agent.id())));
    std::iter::once(block(DEFAULTS_LABEL, roster.defaults(), None)).chain(of_agents).collect()
}
