//! `security.exposure.open_channels_with_exec`: anyone may write, and exec is configured to run commands.

use chitin_openclaw::agent_scopes::exec::{self, Scope, Security};
use chitin_openclaw::open_policies;
use chitin_sdk::{Host, Outcome, Severity};

use crate::listing::{at_all, lines};
use crate::rule;

pub(crate) fn reachable(host: &dyn Host) -> Outcome {
    let channels = host.effective("/channels")?;
    let open = open_policies::surfaces(&channels.root());
    if open.is_empty() {
        return Ok(());
    }
    let (agents, exec) = (host.effective("/agents")?, host.effective("/tools/exec")?);
    let enabled: Vec<Scope<'_>> = exec::scopes(&agents.root(), &exec.root())
        .into_iter()
        .filter(|scope| scope.security > Security::Deny)
        .collect();
    if enabled.is_empty() {
        return Ok(());
    }
    let severity = if enabled.iter().any(|scope| scope.security == Security::Full) {
        Severity::Critical
    } else {
        Severity::Warn
    };
    let paths: Vec<&str> = open.iter().map(|policy| policy.path.as_str()).collect();
    let described: Vec<String> = enabled
        .iter()
        .map(|scope| {
            format!("{}: security={}, host={}", scope.id, scope.security.name(), scope.host)
        })
        .collect();
    let finding = rule::SECURITY_EXPOSURE_OPEN_CHANNELS_WITH_EXEC
        .finding_at(severity)
        .detail(format!(
            "Anyone may write at:\n{}\nCommands are configured to run for:\n{}",
            lines(&paths),
            lines(&described)
        ))
        .remediation(
            "Set dmPolicy and groupPolicy to \"pairing\" or \"allowlist\", or set tools.exec.mode=\"deny\" for the agents \
             that shared or public channels reach.",
        );
    let finding = at_all(finding, open.iter().map(|policy| &policy.node));
    at_all(finding, enabled.iter().map(|scope| &scope.exec)).report(host);
    Ok(())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::Value;
    use chitin_sdk::fake::{FakeHost, Said};
    use serde_json::json;

    use super::*;
    use crate::GROUPS;

    const RULE: &str = "security.exposure.open_channels_with_exec";

    fn said(channels: &Value, exec: &Value) -> Said {
        FakeHost::with_config(json!({"channels": channels, "tools": {"exec": exec}})).run(GROUPS)
    }

    #[test]
    fn commands_must_be_configured() {
        for (exec, expected) in [
            (json!({"security": "allowlist"}), Some(Severity::Warn)),
            (json!({"security": "full"}), Some(Severity::Critical)),
            (json!({"mode": "ask"}), Some(Severity::Warn)),
            (json!({"mode": "full"}), Some(Severity::Critical)),
            (json!({"security": "deny"}), None),
            (json!({"mode": "deny", "security": "full"}), None),
            (json!({}), None),
        ] {
            let said = said(&json!({"slack": {"dmPolicy": "open"}}), &exec);
            assert_eq!(said.severity(RULE), expected, "{exec}");
        }
    }

    #[test]
    fn any_depth_of_a_channel_counts_but_not_the_old_dm_policy() {
        let exec = json!({"security": "allowlist"});
        for (channels, fires) in [
            (json!({"discord": {"dm": {"policy": "open"}}}), false),
            (json!({"telegram": {"groups": {"x": {"groupPolicy": "open"}}}}), true),
            (json!({"defaults": {"dmPolicy": "open"}}), true),
            (json!({"telegram": {"dmPolicy": "pairing"}}), false),
            (json!({}), false),
        ] {
            let said = said(&channels, &exec);
            assert_eq!(said.severity(RULE).is_some(), fires, "{channels}");
        }
    }

    #[test]
    fn paths_and_scopes_are_named() {
        let config = json!({
            "channels": {"b": {"dmPolicy": "open"}, "a": {"groupPolicy": "open"}},
            "tools": {"exec": {"mode": "ask", "host": "gateway"}},
            "agents": {"entries": {"x": {}, "y": {"tools": {"exec": {"mode": "full", "host": "node"}}},
                                   "z": {"tools": {"exec": {"security": "deny"}}}}},
        });
        let said = FakeHost::with_config(config).run(GROUPS);
        assert_eq!(said.severity(RULE), Some(Severity::Critical));
        assert!(said.detail(RULE).contains("- channels.a.groupPolicy\n- channels.b.dmPolicy\n"));
        assert!(said.detail(RULE).ends_with(
            "- global: security=allowlist, host=gateway\n- x: security=allowlist, host=gateway\n\
             - y: security=full, host=node"
        ));
    }
}
