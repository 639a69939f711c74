//! Agents whose skills are limited by a list, but who can run commands on the host, where MCP servers are reachable. The
//! list limits which skills an agent sees; it does not stop a command from talking to a server.

mod registry;
mod scopes;

use chitin_sdk::{Host, Node, Outcome};

use registry::Registry;
use scopes::Scope;

use crate::list_format;
use crate::rule;

/// How many scopes, and how many servers of a source, a finding names.
const SHOWN_SCOPES: usize = 8;
const SHOWN_SERVERS: usize = 6;

pub(crate) fn inspection_incomplete(host: &dyn Host) -> Outcome {
    let agents = host.effective("/agents")?;
    if scopes::reaching_host(host, &agents.root())?.is_empty() {
        return Ok(());
    }
    if let Registry::Unusable(reason) = registry::read(host)? {
        rule::EXEC_MCPORTER_REGISTRY_INSPECTION_INCOMPLETE
            .finding()
            .detail(format!(
                "{} exists, but {reason}. Which MCP servers a command on the host can reach through it is unknown.",
                registry::PATH
            ))
            .remediation(format!(
                "Repair or remove {}: it should be a regular file of valid JSON that the gateway's user can read, of at \
                 most 16 MiB.",
                registry::PATH
            ))
            .in_file(registry::ROOT, registry::PATH)
            .report(host);
    }
    Ok(())
}

pub(crate) fn drift(host: &dyn Host) -> Outcome {
    let agents = host.effective("/agents")?;
    let scopes = scopes::reaching_host(host, &agents.root())?;
    if scopes.is_empty() {
        return Ok(());
    }
    let configured = host.effective("/mcp/servers")?;
    let mut sources = vec![("mcp.servers", registry::enabled_servers(&configured.root()))];
    let mut is_complete = true;
    match registry::read(host)? {
        Registry::Servers(names) => sources.push((registry::PATH, names)),
        Registry::Unusable(_) => is_complete = false,
    }
    sources.retain(|(_, names)| !names.is_empty());
    if !sources.is_empty() {
        report(host, &scopes, &sources, &configured.root());
    } else if !is_complete {
        host.not_run(
            rule::EXEC_AGENT_SKILL_MCP_BOUNDARY_DRIFT.id,
            "the mcporter registry cannot be inspected",
        );
    }
    Ok(())
}

fn report(
    host: &dyn Host,
    scopes: &[Scope<'_>],
    sources: &[(&str, Vec<String>)],
    configured: &Node<'_>,
) {
    let lines: Vec<String> = scopes.iter().map(Scope::line).collect();
    let servers: Vec<String> = sources
        .iter()
        .map(|(source, names)| format!("{source}: {}", list_format::names(names, SHOWN_SERVERS)))
        .collect();
    let finding = rule::EXEC_AGENT_SKILL_MCP_BOUNDARY_DRIFT.finding();
    scopes
        .iter()
        .take(SHOWN_SCOPES)
        .fold(finding, |finding, scope| finding.at(&scope.skills))
        .at(configured)
        .detail(format!(
            "These have a skill allowlist and can run commands on a host:\n{}\nMCP servers are registered in:\n{}\n\
             A skill allowlist filters which skills an agent sees. It does not limit commands: such a \
             command can start an MCP client.",
            list_format::lines(&lines, SHOWN_SCOPES),
            list_format::lines(&servers, servers.len())
        ))
        .remediation(
            "Where agents must not share MCP servers, set their exec to security=\"deny\" or a tight allowlist, run \
             them in a sandbox or as another OS user that cannot read the registry, move sensitive servers behind a \
             separate gateway, or have each agent sign in to the servers separately.",
        )
        .report(host);
}

#[cfg(test)]
mod tests;
