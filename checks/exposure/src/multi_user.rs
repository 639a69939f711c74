//! `security.trust_model.multi_user_heuristic`: signs that several people share a gateway that is made for one.

use chitin_openclaw::agent_scopes::{AgentScope, AgentScopes};
use chitin_sdk::{Host, Outcome};

use crate::listing::{at_all, lines};
use crate::rule;
use crate::signals;

pub(crate) fn likely(host: &dyn Host) -> Outcome {
    let channels = host.effective("/channels")?;
    let signals = signals::of_channels(&channels.root());
    if signals.is_empty() {
        return Ok(());
    }
    let (agents, tools) = (host.effective("/agents")?, host.effective("/tools")?);
    let contexts = AgentScopes::of(&agents.root(), &tools.root());
    let texts: Vec<&str> = signals.iter().map(|signal| signal.text.as_str()).collect();
    let finding = rule::SECURITY_TRUST_MODEL_MULTI_USER_HEURISTIC
        .finding()
        .detail(format!(
            "These settings suggest that several people can reach the gateway:\n{}\n{}\nOpenClaw's security model is a \
             personal assistant with one trusted operator, not hostile multi-tenant isolation on one shared gateway. For \
             several users or organizations, run one isolated gateway per tenant: \
             https://docs.openclaw.ai/gateway/multi-tenant-hosting",
            lines(&texts),
            impact(&contexts)
        ))
        .remediation(
            "If these people may not trust each other, use separate gateways and credentials, and preferably separate OS \
             users or hosts. If sharing is intended, set agents.defaults.sandbox.mode=\"all\" and \
             tools.fs.workspaceOnly=true, deny runtime, file and web tools unless needed, and keep personal accounts and \
             credentials off this gateway.",
        );
    at_all(finding, signals.iter().map(|signal| &signal.node)).report(host);
    Ok(())
}

/// What those people could do.
fn impact(contexts: &AgentScopes<'_>) -> String {
    let risky: Vec<&AgentScope<'_>> =
        contexts.iter().filter(|context| context.is_risky()).collect();
    let runtime = if risky.iter().any(|context| context.runtime_unguarded()) {
        "Runtime tools are exposed without full sandboxing in at least one context."
    } else {
        "No runtime tools are exposed without full sandboxing."
    };
    let described: Vec<String> = risky.iter().map(|context| context.line()).collect();
    if described.is_empty() {
        format!("{runtime}\nNo context leaves runtime or file tools unrestricted.")
    } else {
        format!("{runtime}\nContexts with unrestricted tools:\n{}", lines(&described))
    }
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, Said};
    use chitin_sdk::{Severity, Value};
    use serde_json::json;

    use crate::GROUPS;

    const RULE: &str = "security.trust_model.multi_user_heuristic";

    fn said(config: Value) -> Said {
        FakeHost::with_config(config).run(GROUPS)
    }

    #[test]
    fn one_sign_is_enough() {
        for (channels, fires) in [
            (json!({"telegram": {"groupPolicy": "open"}}), true),
            (json!({"telegram": {"groupPolicy": "allowlist"}}), false),
            (json!({"telegram": {"groupPolicy": "allowlist", "groups": {"-100": {}}}}), true),
            (json!({"telegram": {"groupPolicy": "allowlist", "groups": {}}}), false),
            (json!({"whatsapp": {"allowFrom": ["*"]}}), true),
            (json!({"whatsapp": {"allowFrom": ["+1"]}}), false),
            (json!({"discord": {"dm": {"policy": "open"}}}), true),
            (json!({"discord": {"groups": {"-100": {}}}}), false),
            (json!({"defaults": {"dmPolicy": "open"}}), true),
            (json!({"telegram": {"enabled": false, "dmPolicy": "open"}}), true),
        ] {
            let said = said(json!({"channels": channels}));
            assert_eq!(said.severity(RULE), fires.then_some(Severity::Warn), "{channels}");
        }
    }

    #[test]
    fn signs_and_risky_contexts_are_listed() {
        let said =
            said(json!({"channels": {"telegram": {"groupPolicy": "open", "accounts": {"a": {}}}}}));
        let detail = said.detail(RULE);
        assert!(detail.contains(
            "- channels.telegram.groupPolicy=\"open\"\n- channels.telegram.accounts.a.groupPolicy=\"open\"\nRuntime"
        ));
        assert!(detail.contains("- agents.defaults (sandbox=off; "));
    }

    #[test]
    fn the_impact_is_described_even_when_it_is_small() {
        let config = |tools: Value| json!({"channels": {"telegram": {"groupPolicy": "open"}}, "tools": tools});
        let none = said(config(json!({"profile": "messaging"})));
        assert!(none.detail(RULE).contains("No runtime tools"));
        assert!(none.detail(RULE).contains("No context leaves"));
        let files = said(config(json!({"deny": ["group:runtime"]})));
        assert!(files.detail(RULE).contains("No runtime tools"));
        assert!(files.detail(RULE).contains("- agents.defaults (sandbox=off; runtime=[off]; "));
    }
}
