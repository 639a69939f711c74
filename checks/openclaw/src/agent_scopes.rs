//! For whom the audit asks what is allowed: once for the settings without an agent, and once for each agent.
//!
//! A scope joins the roster, the sandbox and the tool policies. What a rule concludes from it is decided by the checks.

pub mod exec;

use chitin_document::Node;

use crate::policy::{self, Policy};
use crate::roster::{Agent, DEFAULTS_LABEL, FirstById, Roster};
use crate::sandbox::Sandbox;
use crate::tools;

/// The settings that hold where no agent is meant, or for one agent.
#[derive(Debug, Clone)]
pub struct AgentScope<'t> {
    agent: Option<Agent<'t>>,
    node: Node<'t>,
    global_tools: Node<'t>,
    own_tools: Option<Node<'t>>,
    sandbox: Sandbox<'t>,
    profile: Option<Policy>,
    others: Vec<Policy>,
}

impl<'t> AgentScope<'t> {
    fn of_defaults(roster: &Roster<'t>, tools: &Node<'t>) -> Self {
        let sandbox = Sandbox::of_defaults(roster);
        Self {
            agent: None,
            node: roster.defaults().clone(),
            global_tools: tools.clone(),
            own_tools: None,
            sandbox,
            profile: profile_policy(tools, None),
            others: other_policies(tools, None, sandbox_policy(tools, None, sandbox)),
        }
    }

    fn of_agent(roster: &Roster<'t>, agent: &Agent<'t>, tools: &Node<'t>) -> Self {
        let sandbox = Sandbox::of_agent(roster, agent.id());
        let own = agent.node().get("tools");
        // Of two entries with one id OpenClaw asks the first for its sandbox, and each for its tools.
        let first = roster.find(agent.id()).map(|agent| agent.node().get("tools"));
        let in_sandbox = sandbox_policy(tools, first.as_ref(), sandbox);
        Self {
            agent: Some(agent.clone()),
            node: agent.node().clone(),
            global_tools: tools.clone(),
            sandbox,
            profile: profile_policy(tools, Some(&own)),
            others: other_policies(tools, Some(&own), in_sandbox),
            own_tools: Some(own),
        }
    }

    /// `agents.defaults`, `agents.entries.<id>` or `agents.list.<id>`.
    pub fn label(&self) -> &str {
        self.agent.as_ref().map_or(DEFAULTS_LABEL, Agent::label)
    }

    /// The agent's id as written; none for the defaults.
    pub fn agent_id(&self) -> Option<&'t str> {
        self.agent.as_ref().map(Agent::id)
    }

    /// The agent's entry, or `/agents/defaults`.
    pub fn node(&self) -> &Node<'t> {
        &self.node
    }

    /// The agent's own `tools`; none for the defaults.
    pub fn own_tools(&self) -> Option<&Node<'t>> {
        self.own_tools.as_ref()
    }

    /// The sandbox settings that hold here.
    pub fn sandbox(&self) -> Sandbox<'t> {
        self.sandbox
    }

    /// A setting below `tools`: the agent's, or the config's where the agent has none or null.
    pub fn tool_setting(&self, path: &[&str]) -> Node<'t> {
        self.own_tools
            .as_ref()
            .map(|own| own.at(path.iter().copied()))
            .filter(|own| !own.is_nullish())
            .unwrap_or_else(|| self.global_tools.at(path.iter().copied()))
    }

    /// The name of the profile that is set here, known or not.
    pub fn profile(&self) -> Option<&'t str> {
        profile_name(&self.global_tools, self.own_tools.as_ref())
    }

    /// The profile that is set here is a known one and does not allow everything.
    pub fn has_restrictive_profile(&self) -> bool {
        self.profile().and_then(tools::profile).is_some_and(|allow| !allow.contains(&"*"))
    }

    /// Whether a tool may be used, whatever the model.
    pub fn allows(&self, tool: &str) -> bool {
        self.profile.iter().chain(&self.others).all(|policy| policy.allows(tool))
    }

    /// As [`AgentScope::allows`], with what `byProvider` says of a model.
    pub fn allows_for_model(&self, tool: &str, provider: &str, model: &str) -> bool {
        let of_model =
            |tools: &Node<'t>| policy::provider(&tools.get("byProvider"), provider, model);
        let by_provider = [Some(&self.global_tools), self.own_tools.as_ref()];
        self.allows(tool)
            && by_provider
                .into_iter()
                .flatten()
                .filter_map(of_model)
                .all(|policy| policy.allows(tool))
    }

    /// As [`AgentScope::allows`], but `alsoAllow` does not widen the profile: so OpenClaw judges the tools of plugins.
    pub fn allows_plugin_tool(&self, tool: &str) -> bool {
        let shipped = self.profile().and_then(tools::profile);
        let in_profile =
            shipped.is_none_or(|allow| Policy::new(allow.iter().copied(), []).allows(tool));
        in_profile && self.others.iter().all(|policy| policy.allows(tool))
    }

    /// Those of some tools that may be used, in the given order.
    pub fn allowed_of(&self, tools: &[&'static str]) -> Vec<&'static str> {
        tools.iter().copied().filter(|tool| self.allows(tool)).collect()
    }

    /// `exec` and `process`, as far as they may be used.
    pub fn runtime_tools(&self) -> Vec<&'static str> {
        self.allowed_of(tools::RUNTIME)
    }

    /// `read`, `write`, `edit` and `apply_patch`, as far as they may be used.
    pub fn fs_tools(&self) -> Vec<&'static str> {
        self.allowed_of(tools::FILES)
    }

    /// File tools stay in the workspace. Only the value true guards.
    pub fn fs_workspace_only(&self) -> bool {
        self.tool_setting(&["fs", "workspaceOnly"]).is_true()
    }

    /// Commands can be run outside a sandbox.
    pub fn runtime_unguarded(&self) -> bool {
        !self.sandbox.covers_all() && !self.runtime_tools().is_empty()
    }

    /// Files outside the workspace can be reached outside a sandbox.
    pub fn fs_unguarded(&self) -> bool {
        !self.sandbox.covers_all() && !self.fs_workspace_only() && !self.fs_tools().is_empty()
    }

    /// Commands or files are unguarded.
    pub fn is_risky(&self) -> bool {
        self.runtime_unguarded() || self.fs_unguarded()
    }

    /// What makes this scope risky or not, on one line.
    pub fn line(&self) -> String {
        format!(
            "{} (sandbox={}; runtime=[{}]; fs=[{}]; fs.workspaceOnly={})",
            self.label(),
            self.sandbox.mode,
            listed(&self.runtime_tools()),
            listed(&self.fs_tools()),
            self.fs_workspace_only(),
        )
    }
}

/// All scopes of a config: the defaults, which are always there, and the agents with an id.
#[derive(Debug, Clone)]
pub struct AgentScopes<'t> {
    defaults: AgentScope<'t>,
    agents: Vec<AgentScope<'t>>,
    first: FirstById,
}

impl<'t> AgentScopes<'t> {
    /// From `/agents` and `/tools`.
    pub fn of(agents: &Node<'t>, tools: &Node<'t>) -> Self {
        let roster = Roster::of(agents);
        Self {
            defaults: AgentScope::of_defaults(&roster, tools),
            agents: roster
                .agents()
                .map(|agent| AgentScope::of_agent(&roster, agent, tools))
                .collect(),
            first: FirstById::of(roster.agents().map(|agent| Some(agent.id()))),
        }
    }

    pub fn defaults(&self) -> &AgentScope<'t> {
        &self.defaults
    }

    /// The agents in config order.
    pub fn agents(&self) -> &[AgentScope<'t>] {
        &self.agents
    }

    /// The defaults, then the agents.
    pub fn iter(&self) -> impl Iterator<Item = &AgentScope<'t>> {
        std::iter::once(&self.defaults).chain(&self.agents)
    }

    /// The scope of the agent that OpenClaw takes for an id; the defaults when there is no such agent.
    pub fn of_id(&self, id: &str) -> &AgentScope<'t> {
        self.first.position(id).and_then(|at| self.agents.get(at)).unwrap_or(&self.defaults)
    }
}

fn profile_name<'t>(global: &Node<'t>, own: Option<&Node<'t>>) -> Option<&'t str> {
    own.and_then(|own| own.get("profile").as_str()).or_else(|| global.get("profile").as_str())
}

fn profile_policy(global: &Node<'_>, own: Option<&Node<'_>>) -> Option<Policy> {
    let also = own
        .map(|own| own.get("alsoAllow"))
        .filter(Node::is_array)
        .unwrap_or_else(|| global.get("alsoAllow"));
    policy::profile(profile_name(global, own)?, &also)
}

fn sandbox_policy(
    global: &Node<'_>,
    own: Option<&Node<'_>>,
    sandbox: Sandbox<'_>,
) -> Option<Policy> {
    sandbox.covers_all().then(|| policy::sandbox(global, own))
}

fn other_policies(
    global: &Node<'_>,
    own: Option<&Node<'_>>,
    in_sandbox: Option<Policy>,
) -> Vec<Policy> {
    let configured = [policy::configured(global), own.and_then(policy::configured)];
    configured.into_iter().flatten().chain(in_sandbox).collect()
}

fn listed(tools: &[&str]) -> String {
    if tools.is_empty() { "off".to_owned() } else { tools.join(", ") }
}

#[cfg(test)]
mod tests;
