//! `tools.profile_minimal_overridden`: a minimal profile for all that some agents do not have.

use chitin_openclaw::roster::Roster;
use chitin_sdk::{Host, Node, Outcome};

use crate::list_format;
use crate::rule;

/// How many agents a finding names.
const SHOWN: usize = 20;

pub(crate) fn minimal_overridden(host: &dyn Host) -> Outcome {
    let profile = host.effective("/tools/profile")?;
    if !profile.root().is("minimal") {
        return Ok(());
    }
    let agents = host.effective("/agents")?;
    let overrides: Vec<(String, Node<'_>)> = Roster::of(&agents.root())
        .agents()
        .filter_map(|agent| {
            let own = agent.node().at(["tools", "profile"]);
            let name = own.as_str().filter(|name| !name.is_empty() && *name != "minimal")?;
            Some((format!("{}={name}", agent.label()), own))
        })
        .collect();
    if overrides.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = overrides.iter().map(|(line, _)| line.clone()).collect();
    overrides
        .iter()
        .take(SHOWN)
        .fold(
            rule::PROFILE_MINIMAL_OVERRIDDEN.finding(),
            |finding, (_, node)| finding.at(node),
        )
        .detail(format!(
            "tools.profile=\"minimal\" is set globally, but these agents set another profile:\n{}",
            list_format::lines(&lines, SHOWN)
        ))
        .remediation(
            "Set tools.profile=\"minimal\" for these agents too, or remove their override, if minimal is meant to \
             apply everywhere.",
        )
        .report(host);
    Ok(())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::Value;
    use chitin_sdk::fake::{FakeHost, Said};
    use serde_json::json;

    use crate::GROUPS;

    const RULE: &str = "tools.profile_minimal_overridden";

    fn said(global: &Value, own: &Value) -> Said {
        FakeHost::with_config(json!({
            "tools": {"profile": global},
            "agents": {"entries": {"a": {"tools": own}}},
        }))
        .run(GROUPS)
    }

    #[test]
    fn an_own_profile_overrides_minimal() {
        for profile in ["coding", "full", "Minimal"] {
            let found = said(&json!("minimal"), &json!({"profile": profile}));
            assert_eq!(found.ids(), [RULE]);
            assert!(found.detail(RULE).ends_with(&format!("- agents.entries.a={profile}")));
        }
        for own in [
            json!({"profile": "minimal"}),
            json!({"profile": ""}),
            json!({"alsoAllow": ["exec"]}),
            json!({}),
        ] {
            assert!(said(&json!("minimal"), &own).of(RULE).is_empty(), "{own}");
        }
        assert!(said(&json!("coding"), &json!({"profile": "full"})).of(RULE).is_empty());
    }

    #[test]
    fn without_agents_nothing_is_overridden() {
        let config = json!({"tools": {"profile": "minimal"}});
        assert!(FakeHost::with_config(config).run(GROUPS).findings.is_empty());
    }
}
