//! Who has a skill allowlist and can run commands outside a sandbox.

use chitin_openclaw::roster::{Agent, DEFAULTS_LABEL, Roster};
use chitin_openclaw::sandbox::Sandbox;
use chitin_sdk::{Host, Node, Refusal};

use crate::approvals::Approvals;
use crate::exec::{Ask, Layer, Security};

/// Settings with a skill allowlist, and what exec can do under them.
#[derive(Debug)]
pub(crate) struct Scope<'t> {
    id: &'t str,
    /// Where the allowlist comes from.
    source: String,
    host: &'t str,
    security: Security,
    ask: Ask,
    /// The allowlist.
    pub(crate) skills: Node<'t>,
}

impl Scope<'_> {
    pub(crate) fn line(&self) -> String {
        format!(
            "{}: {}, exec.host={}, security={}, ask={}",
            self.id,
            self.source,
            self.host,
            self.security.name(),
            self.ask.name()
        )
    }
}

/// The defaults and the agents with a skill allowlist, their own or that of the defaults, if their commands run on a host
/// and are not denied.
pub(crate) fn reaching_host<'t>(
    host: &dyn Host,
    agents: &Node<'t>,
) -> Result<Vec<Scope<'t>>, Refusal> {
    let roster = Roster::of(agents);
    let of_defaults = roster.defaults().get("skills");
    let listed = listed(&roster, &of_defaults);
    if listed.is_empty() {
        return Ok(Vec::new());
    }
    let exec = host.effective("/tools/exec")?;
    let approvals = Approvals::read(host)?;
    Ok(listed
        .into_iter()
        .filter_map(|listed| listed.reaching_host(&roster, &exec.root(), &approvals))
        .collect())
}

/// The defaults or an agent with a skill allowlist.
struct Listed<'t> {
    agent: Option<Agent<'t>>,
    source: String,
    skills: Node<'t>,
}

/// An allowlist exists as soon as `skills` is set, whatever its value.
fn listed<'t>(roster: &Roster<'t>, of_defaults: &Node<'t>) -> Vec<Listed<'t>> {
    let source = format!("{DEFAULTS_LABEL}.skills");
    let inherited = (!of_defaults.is_absent()).then(|| of_defaults.clone());
    let defaults =
        inherited.clone().map(|skills| Listed { agent: None, source: source.clone(), skills });
    let agents = roster.agents().filter_map(|agent| {
        let own = agent.node().get("skills");
        let (source, skills) = if own.is_absent() {
            (format!("{source} (inherited)"), inherited.clone()?)
        } else {
            (format!("{}.skills", agent.label()), own)
        };
        Some(Listed { agent: Some(agent.clone()), source, skills })
    });
    defaults.into_iter().chain(agents).collect()
}

impl<'t> Listed<'t> {
    /// None when exec stays in a sandbox or is denied.
    fn reaching_host(
        self,
        roster: &Roster<'t>,
        global: &Node<'_>,
        approvals: &Approvals,
    ) -> Option<Scope<'t>> {
        let id = self.agent.as_ref().map(Agent::id);
        let sandbox =
            id.map_or_else(|| Sandbox::of_defaults(roster), |id| Sandbox::of_agent(roster, id));
        let own = id.and_then(|id| roster.find(id)).map(|agent| agent.node().at(["tools", "exec"]));
        let host = effective_host(own.as_ref(), global, sandbox)?;
        let (security, ask) = trust(own.as_ref(), global, approvals, id);
        (security != Security::Deny).then_some(Scope {
            id: id.unwrap_or(DEFAULTS_LABEL),
            source: self.source,
            host,
            security,
            ask,
            skills: self.skills,
        })
    }
}

/// Where commands run; none in a sandbox.
fn effective_host(
    own: Option<&Node<'_>>,
    global: &Node<'_>,
    sandbox: Sandbox<'_>,
) -> Option<&'static str> {
    let own = own.and_then(|own| own.get("host").as_str());
    match own.or_else(|| global.get("host").as_str()).unwrap_or("auto") {
        "sandbox" => None,
        "auto" => sandbox.is_off().then_some("gateway"),
        "node" => Some("node"),
        _ => Some("gateway"),
    }
}

/// The config's setting for exec, limited by that of the approvals. If neither is set, exec is fully trusted.
fn trust(
    own: Option<&Node<'_>>,
    global: &Node<'_>,
    approvals: &Approvals,
    id: Option<&str>,
) -> (Security, Ask) {
    let approved_security = approvals.security(id).unwrap_or(Security::Full);
    let approved_ask = approvals.ask(id).unwrap_or(Ask::Off);
    let (mut security, mut ask) = (approved_security, approved_ask);
    for layer in [Some(global), own].into_iter().flatten().map(Layer::of) {
        security = layer.security.unwrap_or(security);
        ask = layer.ask.unwrap_or(ask);
    }
    (security.min(approved_security), ask.max(approved_ask))
}
