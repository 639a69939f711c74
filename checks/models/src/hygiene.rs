//! `models.legacy` and `models.weak_tier`: models that are known to follow injected instructions more easily.

use std::collections::BTreeSet;

use chitin_sdk::{Finding, Host, Outcome, text};

use crate::references::{ModelRef, collect};
use crate::rule;
use crate::tiers;

/// How many models a finding names.
const SHOWN: usize = 12;

/// A model, and the reasons why it is reported.
type Match<'t> = (ModelRef<'t>, String);

pub(crate) fn legacy(host: &dyn Host) -> Outcome {
    let agents = host.effective("/agents")?;
    let matches: Vec<Match<'_>> = collect(&agents.root())
        .into_iter()
        .filter_map(|model| tiers::legacy(&model.id).map(|reason| (model, reason.to_owned())))
        .collect();
    let finding = rule::LEGACY.finding()
        .remediation(
            "Use a current model that was trained to resist injected instructions, especially where it has tools.",
        );
    report(
        host,
        finding,
        "Older models resist prompt injection and tool misuse less well",
        &matches,
    );
    Ok(())
}

pub(crate) fn weak_tier(host: &dyn Host) -> Outcome {
    let agents = host.effective("/agents")?;
    let mut seen = BTreeSet::new();
    let matches: Vec<Match<'_>> = collect(&agents.root())
        .into_iter()
        .map(|model| (tiers::weak(&model.id).join("; "), model))
        .filter(|(reasons, _)| !reasons.is_empty())
        .filter(|(_, model)| seen.insert((model.id.clone(), model.source.clone())))
        .map(|(reasons, model)| (model, reasons))
        .collect();
    let finding = rule::WEAK_TIER.finding().remediation(
        "Use a top-tier model for every agent with tools or an inbox that strangers can write to: \
         GPT-5 or later, Claude 4.5 or later, and no Haiku tier.",
    );
    report(
        host,
        finding,
        "Smaller and older models are more easily manipulated into misusing tools",
        &matches,
    );
    Ok(())
}

/// Completes a finding with the models that it is about; without any, nothing is reported.
fn report(host: &dyn Host, finding: Finding, meaning: &str, matches: &[Match<'_>]) {
    if matches.is_empty() {
        return;
    }
    let lines: Vec<String> = matches
        .iter()
        .map(|(model, reason)| format!("{} ({reason}) @ {}", model.id, model.source))
        .collect();
    matches
        .iter()
        .take(SHOWN)
        .fold(finding, |finding, (model, _)| finding.at(&model.node))
        .detail(format!("{meaning}:\n{}", text::bullets(&lines, SHOWN)))
        .report(host);
}

#[cfg(test)]
mod tests {
    use chitin_sdk::Location;
    use chitin_sdk::fake::{FakeHost, Said};
    use serde_json::{Value, json};

    use crate::GROUPS;

    fn said(agents: &Value) -> Said {
        FakeHost::with_config(json!({"agents": agents})).run(GROUPS)
    }

    #[test]
    fn a_legacy_model_is_named_with_its_reason_and_place() {
        let said = said(&json!({"defaults": {"model": "openai/gpt-3.5-turbo"}}));
        assert_eq!(said.ids(), ["models.legacy", "models.weak_tier"]);
        assert!(said.detail("models.legacy").ends_with(
            ":\n- openai/gpt-3.5-turbo (GPT-3.5 family) @ agents.defaults.model.primary"
        ));
        let place = Location::Config("/agents/defaults/model".to_owned());
        assert_eq!(said.findings[0].locations, [place]);
    }

    #[test]
    fn image_models_count() {
        let said = said(&json!({"defaults": {"imageModel": {"fallbacks": ["claude-2-100k"]}}}));
        assert!(said.detail("models.legacy").contains("openai/claude-2-100k"));
        assert!(said.detail("models.weak_tier").contains("@ agents.defaults.imageModel.fallbacks"));
    }

    #[test]
    fn one_model_may_be_weak_for_two_reasons_and_is_named_once() {
        let said = said(
            &json!({"defaults": {"model": {"fallbacks": ["claude-3-haiku", "claude-3-haiku"]}}}),
        );
        let line = "openai/claude-3-haiku (Haiku tier (smaller model); Below Claude 4.5)";
        assert_eq!(said.detail("models.weak_tier").matches(line).count(), 1);
        assert!(said.of("models.legacy").is_empty());
    }

    #[test]
    fn an_alias_is_checked_as_the_model_it_means() {
        let models = json!({"openai/gpt-4o": {"alias": "gpt-5"}, "anthropic/claude-opus-5": {"alias": "gpt-4"}});
        let weak = said(&json!({"defaults": {"model": "gpt-5", "models": models}}));
        assert_eq!(weak.ids(), ["models.weak_tier"]);
        let strong = said(&json!({"defaults": {"model": "gpt-4", "models": models}}));
        assert!(strong.findings.is_empty());
    }

    #[test]
    fn a_long_list_is_cut() {
        let fallbacks: Vec<String> = (0..15).map(|n| format!("gpt-4-{n}")).collect();
        let said = said(&json!({"defaults": {"model": {"fallbacks": fallbacks}}}));
        let detail = said.detail("models.weak_tier");
        assert_eq!(detail.lines().count(), 1 + 12 + 1);
        assert!(detail.ends_with("…3 more"));
        assert_eq!(said.findings[0].locations.len(), 12);
    }

    #[test]
    fn no_model_is_no_finding() {
        for agents in [json!({}), json!(null), json!({"defaults": {"models": {"gpt-4": {}}}})] {
            assert!(said(&agents).findings.is_empty());
        }
    }

    #[test]
    fn a_refusal_is_reported() {
        let said = FakeHost::with_config(json!({})).without_config("does not parse").run(GROUPS);
        let rules: Vec<&str> = said.not_run.iter().map(|(rule, _)| rule.as_str()).collect();
        assert_eq!(rules, ["models.legacy", "models.weak_tier", "models.small_params"]);
    }
}
