//! `models.small_params`: small models that read text from strangers.

use chitin_openclaw::agent_scopes::{AgentScope, AgentScopes};
use chitin_sdk::{Host, Outcome, Severity, text};

use crate::references::{ModelRef, collect, provider_and_model};
use crate::rule;
use crate::{size, web};

/// A model with at most this many billion parameters is small.
const SMALL: f64 = 300.0;

/// How many models a finding names.
const SHOWN: usize = 20;

pub(crate) fn small_params(host: &dyn Host) -> Outcome {
    let agents = host.effective("/agents")?;
    let small: Vec<(ModelRef<'_>, f64)> = collect(&agents.root())
        .into_iter()
        .filter(|model| !model.is_for_images())
        .filter_map(|model| size::billions(&model.id).map(|size| (model, size)))
        .filter(|(_, size)| *size <= SMALL)
        .collect();
    if small.is_empty() {
        return Ok(());
    }
    let tools = host.effective("/tools")?;
    let enabled = web::enabled_tools(host, &tools.root())?;
    let contexts = AgentScopes::of(&agents.root(), &tools.root());
    let assessed: Vec<Assessment> = small
        .iter()
        .map(|(model, size)| {
            Assessment::of(model, *size, contexts.of_id(own_agent(model)), &enabled)
        })
        .collect();
    let exposed: Vec<&str> = enabled
        .iter()
        .copied()
        .filter(|tool| assessed.iter().any(|model| model.exposed.contains(tool)))
        .collect();
    let (severity, conclusion) = if exposed.is_empty() {
        (Severity::Info, "These models cannot use web/browser tools.".to_owned())
    } else {
        (
            Severity::Critical,
            format!("Tools that bring in text from strangers: {}.", exposed.join(", ")),
        )
    };
    let lines: Vec<&str> = assessed.iter().map(|model| model.line.as_str()).collect();
    small
        .iter()
        .take(SHOWN)
        .fold(
            rule::SMALL_PARAMS.finding_at(severity),
            |finding, (model, _)| finding.at(&model.node),
        )
        .detail(format!(
            "Small models (at most {SMALL} billion parameters) are configured:\n{}\n{conclusion}\n\
             Small models are not recommended for untrusted input.",
            text::bullets(&lines, SHOWN)
        ))
        .remediation(
            "Take web_search, web_fetch and browser away from small models: everywhere with \
             tools.deny=[\"group:web\",\"browser\"], or for one model with \
             tools.byProvider[\"provider/model\"].deny. Set agents.defaults.sandbox.mode=\"all\" as a second barrier.",
        )
        .report(host);
    Ok(())
}

/// The agent whose settings apply to a model. OpenClaw takes it from the source's text, up to the first dot.
fn own_agent<'t>(model: &ModelRef<'t>) -> &'t str {
    model.agent.split('.').next().unwrap_or_default()
}

/// What a small model can reach.
struct Assessment {
    exposed: Vec<&'static str>,
    line: String,
}

impl Assessment {
    fn of(
        model: &ModelRef<'_>,
        size: f64,
        context: &AgentScope<'_>,
        enabled: &[&'static str],
    ) -> Self {
        let (provider, name) = provider_and_model(&model.id).unwrap_or_default();
        let exposed: Vec<&str> = enabled
            .iter()
            .copied()
            .filter(|tool| context.allows_for_model(tool, &provider, &name))
            .collect();
        let (verdict, web) = if exposed.is_empty() {
            ("ok", "off".to_owned())
        } else {
            ("unsafe", exposed.join(", "))
        };
        let mode = context.sandbox().mode;
        let line = format!(
            "{} ({size}B) @ {} ({verdict}; sandbox={mode}; web=[{web}])",
            model.id, model.source
        );
        Self { exposed, line }
    }
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, Said};
    use serde_json::{Value, json};

    use super::*;
    use crate::GROUPS;

    const RULE: &str = "models.small_params";

    fn said(config: Value) -> Said {
        FakeHost::with_config(config).run(GROUPS)
    }

    /// A config with one small model, merged with other settings.
    fn with_small_model(other: &Value) -> Value {
        let mut config = json!({"agents": {"defaults": {"model": "ollama/llama3.1:8b"}}});
        merge(&mut config, other);
        config
    }

    fn merge(into: &mut Value, from: &Value) {
        match (into.as_object_mut(), from.as_object()) {
            (Some(into), Some(from)) => {
                for (key, value) in from {
                    merge(into.entry(key).or_insert(Value::Null), value);
                }
            }
            _ => *into = from.clone(),
        }
    }

    #[test]
    fn what_a_small_model_can_reach_decides() {
        for (other, severity) in [
            (json!({}), Severity::Critical),
            (json!({"tools": {"deny": ["group:web", "browser"]}}), Severity::Info),
            (json!({"agents": {"defaults": {"sandbox": {"mode": "all"}}}}), Severity::Info),
            (
                json!({"agents": {"defaults": {"sandbox": {"mode": "non-main"}}}}),
                Severity::Critical,
            ),
            (
                json!({"tools": {"web": {"fetch": {"enabled": false}}}, "browser": {"enabled": false}}),
                Severity::Info,
            ),
            (
                json!({"tools": {"byProvider": {"ollama": {"deny": ["group:web", "browser"]}}}}),
                Severity::Info,
            ),
            (
                json!({
                    "agents": {"defaults": {"sandbox": {"mode": "all"}}},
                    "tools": {"sandbox": {"tools": {"allow": ["*"], "deny": []}}},
                }),
                Severity::Critical,
            ),
        ] {
            assert_eq!(said(with_small_model(&other)).severity(RULE), Some(severity), "{other}");
        }
    }

    #[test]
    fn the_line_shows_size_sandbox_and_tools() {
        let said = said(with_small_model(&json!({})));
        assert!(said.detail(RULE).contains(
            "- ollama/llama3.1:8b (8B) @ agents.defaults.model.primary (unsafe; sandbox=off; web=[web_fetch, browser])"
        ));
        assert!(said.detail(RULE).contains("at most 300 billion"));
    }

    #[test]
    fn a_model_s_own_policy_takes_its_tools_away() {
        let said = said(json!({
            "agents": {"defaults": {"model": {"primary": "ollama/mistral-8b"}}},
            "tools": {
                "web": {"search": {"enabled": true}, "fetch": {"enabled": true}},
                "byProvider": {"ollama/mistral-8b": {"deny": ["web_search", "web_fetch", "browser"]}},
            },
            "browser": {"enabled": true},
        }));
        assert!(said.detail(RULE).contains("web=[off]"));
        assert!(!said.detail(RULE).contains("web_search,"));
    }

    #[test]
    fn an_absent_browser_section_counts_as_on() {
        let other = json!({"tools": {"web": {"fetch": {"enabled": false}}}});
        let said = said(with_small_model(&other));
        assert_eq!(said.severity(RULE), Some(Severity::Critical));
        assert!(said.detail(RULE).contains("web=[browser]"));
    }

    #[test]
    fn image_models_and_models_of_unknown_or_large_size_do_not_count() {
        for model in [
            json!({"imageModel": "ollama/llava-7b"}),
            json!({"model": "mistral/mixtral-8x7b"}),
            json!({"model": "meta/llama-3.1-405b"}),
            json!({}),
        ] {
            assert!(said(json!({"agents": {"defaults": model}})).of(RULE).is_empty(), "{model}");
        }
        let limit = said(json!({"agents": {"defaults": {"model": "x/y-300b"}}}));
        assert_eq!(limit.of(RULE).len(), 1);
    }

    #[test]
    fn a_fallback_counts_with_its_own_source() {
        let model = json!({"primary": "openai/gpt-5", "fallbacks": ["qwen2.5-7b"]});
        let said = said(json!({"agents": {"defaults": {"model": model}}}));
        assert_eq!(said.severity(RULE), Some(Severity::Critical));
        assert!(
            said.detail(RULE).contains("openai/qwen2.5-7b (7B) @ agents.defaults.model.fallbacks")
        );
    }

    #[test]
    fn an_agent_s_own_settings_apply_to_its_model() {
        let agent = |id: &str| {
            json!({"agents": {"entries": {id: {
                "model": "ollama/x-8b",
                "sandbox": {"mode": "all"},
            }}}})
        };
        assert_eq!(said(agent("safe")).severity(RULE), Some(Severity::Info));
        // With a dot in its id, the agent's settings are not found.
        assert_eq!(said(agent("un.safe")).severity(RULE), Some(Severity::Critical));
    }

    #[test]
    fn one_unsafe_model_is_enough() {
        let said = said(json!({"agents": {
            "defaults": {"model": "ollama/x-8b", "sandbox": {"mode": "all"}},
            "entries": {"open": {"model": "ollama/y-8b", "sandbox": {"mode": "off"}}},
        }}));
        assert_eq!(said.severity(RULE), Some(Severity::Critical));
        assert!(said.detail(RULE).contains("(ok; sandbox=all; web=[off])"));
        assert!(said.detail(RULE).contains("(unsafe; sandbox=off; web=[web_fetch, browser])"));
    }
}
