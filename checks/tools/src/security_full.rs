//! `tools.exec.security_full_configured`: agents that may run any command.
//!
//! Only what is written in the config counts here: without `mode` and `security` exec counts as denied, although
//! OpenClaw's own default is wider.

use chitin_openclaw::agent_scopes::exec::{self, Scope, Security};
use chitin_openclaw::open_policies;
use chitin_sdk::{Host, Outcome, Severity};

use crate::list_format;
use crate::rule;

/// How many agents and open channels a finding names.
const SHOWN: usize = 20;

pub(crate) fn configured(host: &dyn Host) -> Outcome {
    let (agents, exec) = (host.effective("/agents")?, host.effective("/tools/exec")?);
    let full: Vec<Scope<'_>> = exec::scopes(&agents.root(), &exec.root())
        .into_iter()
        .filter(|scope| scope.security == Security::Full)
        .collect();
    if full.is_empty() {
        return Ok(());
    }
    let channels = host.effective("/channels")?;
    let open = open_policies::surfaces(&channels.root());
    let ids: Vec<String> = full.iter().map(|scope| scope.id.clone()).collect();
    let mut detail =
        format!("Every command is run without approval for: {}.", list_format::names(&ids, SHOWN));
    let severity = if open.is_empty() {
        Severity::Warn
    } else {
        let paths: Vec<String> = open.iter().map(|policy| policy.path.clone()).collect();
        detail.push_str(" Channels are open to anyone at:\n");
        detail.push_str(&list_format::lines(&paths, SHOWN));
        Severity::Critical
    };
    let finding = rule::EXEC_SECURITY_FULL_CONFIGURED.finding_at(severity);
    let finding = full.iter().take(SHOWN).fold(finding, |finding, scope| finding.at(&scope.exec));
    open.iter()
        .take(SHOWN)
        .fold(finding, |finding, policy| finding.at(&policy.node))
        .detail(detail)
        .remediation(
            "Set tools.exec.mode to \"ask\" or \"allowlist\". Keep \"full\" for an agent that no one else can talk to.",
        )
        .report(host);
    Ok(())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::Value;
    use chitin_sdk::fake::{FakeHost, Said};
    use serde_json::json;

    use super::*;
    use crate::GROUPS;

    const RULE: &str = "tools.exec.security_full_configured";

    fn said(config: Value) -> Said {
        FakeHost::with_config(config).run(GROUPS)
    }

    #[test]
    fn full_trust_counts_only_if_it_is_written() {
        for exec in [json!({"security": "full"}), json!({"mode": "full", "security": "deny"})] {
            let found = said(json!({"tools": {"exec": exec}}));
            assert_eq!(found.severity(RULE), Some(Severity::Warn), "{exec}");
            assert!(found.detail(RULE).ends_with("approval for: main."));
        }
        for exec in [
            json!({}),
            json!({"security": "allowlist"}),
            json!({"security": "Full"}),
            json!({"mode": "ask", "security": "full"}),
        ] {
            assert!(said(json!({"tools": {"exec": exec}})).of(RULE).is_empty(), "{exec}");
        }
    }

    #[test]
    fn an_open_channel_makes_it_critical() {
        for channels in [
            json!({"telegram": {"dmPolicy": "open"}}),
            json!({"slack": {"groups": {"x": {"groupPolicy": "open"}}}}),
        ] {
            let config = json!({"tools": {"exec": {"mode": "full"}}, "channels": channels});
            assert_eq!(said(config).severity(RULE), Some(Severity::Critical), "{channels}");
        }
        let open = said(json!({
            "tools": {"exec": {"security": "full"}},
            "channels": {"slack": {"dmPolicy": "open"}, "discord": {"dm": {"policy": "open"}}},
        }));
        assert!(open.detail(RULE).ends_with("at:\n- channels.slack.dmPolicy"));
    }

    #[test]
    fn an_agent_takes_the_place_of_the_default() {
        let full = json!({"exec": {"security": "full"}});
        let denied = json!({"tools": {"exec": {"security": "deny"}}});
        let sole = json!({"tools": full, "agents": {"entries": {"a": denied}}});
        assert!(said(sole).of(RULE).is_empty());
        let only_global = json!({"tools": full, "agents": {"entries": {"a": denied, "b": denied}}});
        assert!(said(only_global).detail(RULE).ends_with("for: global."));
        let inherited =
            json!({"tools": full, "agents": {"list": [{"id": "a"}, {"id": "b", "default": true}]}});
        assert!(said(inherited).detail(RULE).ends_with("for: b, a."));
    }

    #[test]
    fn an_agent_s_security_beats_the_config_s_mode() {
        let own = json!({"tools": {"exec": {"security": "full"}}});
        let found =
            said(json!({"tools": {"exec": {"mode": "deny"}}, "agents": {"entries": {"a": own}}}));
        assert!(found.detail(RULE).ends_with("for: a."));
    }
}
