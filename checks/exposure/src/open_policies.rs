//! Channels where anyone may write, together with tools that a stranger should not control.
//!
//! `tools.exec`, approvals and `tools.elevated.allowFrom` do not matter here: the question is what a message could make an
//! agent attempt, not what it would be allowed to do.

use chitin_openclaw::agent_scopes::{AgentScope, AgentScopes};
use chitin_openclaw::open_policies::{self, OpenPolicy};
use chitin_openclaw::tools::CONTROL_PLANE;
use chitin_sdk::{Host, Outcome, Severity};

use crate::listing::{at_all, lines};
use crate::rule;

pub(crate) fn with_elevated_tools(host: &dyn Host) -> Outcome {
    let channels = host.effective("/channels")?;
    let open = open_policies::inbound(&channels.root());
    let elevated = host.effective("/tools/elevated/enabled")?;
    if open.is_empty() || elevated.root().is_false() {
        return Ok(());
    }
    let finding = rule::SECURITY_EXPOSURE_OPEN_GROUPS_WITH_ELEVATED
        .finding()
        .detail(format!(
            "{}\ntools.elevated is on, so a prompt injection in one of these conversations can have a high impact.",
            listed(&open)
        ))
        .remediation(
            "Set each of these policies to \"allowlist\" and keep tools.elevated.allowFrom short, \
             or set tools.elevated.enabled to false.",
        );
    at_all(finding, open.iter().map(|policy| &policy.node)).at(&elevated.root()).report(host);
    Ok(())
}

pub(crate) fn with_agent_tools(host: &dyn Host) -> Outcome {
    let channels = host.effective("/channels")?;
    let open = open_policies::inbound(&channels.root());
    if open.is_empty() {
        return Ok(());
    }
    let (agents, tools) = (host.effective("/agents")?, host.effective("/tools")?);
    let contexts = AgentScopes::of(&agents.root(), &tools.root());
    with_runtime_or_file_tools(host, &open, &contexts);
    with_control_plane_tools(host, &open, &contexts);
    Ok(())
}

fn with_runtime_or_file_tools(
    host: &dyn Host,
    open: &[OpenPolicy<'_>],
    contexts: &AgentScopes<'_>,
) {
    let risky: Vec<&AgentScope<'_>> =
        contexts.iter().filter(|context| context.is_risky()).collect();
    if risky.is_empty() {
        return;
    }
    let severity = if risky.iter().any(|context| context.runtime_unguarded()) {
        Severity::Critical
    } else {
        Severity::Warn
    };
    let described: Vec<String> = risky.iter().map(|context| context.line()).collect();
    let finding = rule::SECURITY_EXPOSURE_OPEN_GROUPS_WITH_RUNTIME_OR_FS
        .finding_at(severity)
        .detail(format!(
            "{}\nCommand or file tools are not confined in:\n{}\nA prompt injection in an open conversation can run \
             commands or touch files there.",
            listed(open),
            lines(&described)
        ))
        .remediation(
            "For open groups and direct messages prefer tools.profile=\"messaging\" or deny group:runtime and group:fs, \
             set tools.fs.workspaceOnly=true, and set agents.defaults.sandbox.mode=\"all\".",
        );
    at_all(finding, open.iter().map(|policy| &policy.node)).report(host);
}

fn with_control_plane_tools(host: &dyn Host, open: &[OpenPolicy<'_>], contexts: &AgentScopes<'_>) {
    let exposed: Vec<String> = contexts.iter().filter_map(control_plane_line).collect();
    if exposed.is_empty() {
        return;
    }
    let finding = rule::SECURITY_EXPOSURE_OPEN_GROUPS_WITH_CONTROL_PLANE_TOOLS
        .finding()
        .detail(format!(
            "{}\nTools that change the gateway are allowed in:\n{}\nA prompt injection in an open conversation can start \
             updates, change plugins or plant scheduled jobs.",
            listed(open),
            lines(&exposed)
        ))
        .remediation(format!(
            "Deny {} for the agents of open conversations (tools.profile=\"messaging\" still allows gateway), and set \
             dmPolicy and groupPolicy to \"pairing\" or \"allowlist\" where possible.",
            CONTROL_PLANE.join(", ")
        ));
    at_all(finding, open.iter().map(|policy| &policy.node)).report(host);
}

fn control_plane_line(context: &AgentScope<'_>) -> Option<String> {
    let allowed = context.allowed_of(CONTROL_PLANE);
    (!allowed.is_empty()).then(|| {
        format!(
            "{} (profile={}; controlPlane=[{}])",
            context.label(),
            context.profile().unwrap_or("none"),
            allowed.join(", ")
        )
    })
}

fn listed(open: &[OpenPolicy<'_>]) -> String {
    let paths: Vec<&str> = open.iter().map(|policy| policy.path.as_str()).collect();
    format!("The policy is \"open\" at:\n{}", lines(&paths))
}

#[cfg(test)]
mod tests;
