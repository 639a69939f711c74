//! The exec approvals document: what people have allowed the gateway to run, outside of the config.

use std::collections::BTreeSet;

use chitin_sdk::{Host, Node, Outcome, Refusal, Tree, text};

use crate::exec::{Ask, Security};
use crate::list_format;
use crate::rule;

/// How many places a finding names.
const SHOWN: usize = 20;

/// The name of the settings for all agents in the document.
const ALL_AGENTS: &str = "*";

/// Older documents keep the settings of [`MAIN`] under this name too.
const LEGACY_MAIN: &str = "default";
const MAIN: &str = "main";

/// The document; an absent one allows nothing and forbids nothing.
#[derive(Debug)]
pub(crate) struct Approvals(Tree);

impl Approvals {
    pub(crate) fn read(host: &dyn Host) -> Result<Self, Refusal> {
        Ok(Self(host.exec_approvals()?.unwrap_or_else(|| Tree::new("", None))))
    }

    fn defaults(&self) -> Node<'_> {
        self.0.at(["defaults"])
    }

    /// The agents of the document in its order, with [`LEGACY_MAIN`] merged into [`MAIN`].
    pub(crate) fn agents(&self) -> Vec<ApprovedAgent<'_>> {
        let members = self.0.at(["agents"]).members();
        let legacy =
            members.iter().find(|(id, _)| *id == LEGACY_MAIN).map(|(_, legacy)| legacy.clone());
        let mut agents: Vec<ApprovedAgent<'_>> = members
            .into_iter()
            .filter(|(id, _)| *id != LEGACY_MAIN)
            .map(|(id, node)| {
                let legacy = legacy.clone().filter(|_| id == MAIN);
                ApprovedAgent { id, layers: std::iter::once(node).chain(legacy).collect() }
            })
            .collect();
        if let Some(legacy) = legacy.filter(|_| agents.iter().all(|agent| agent.id != MAIN)) {
            agents.push(ApprovedAgent { id: MAIN, layers: vec![legacy] });
        }
        agents
    }

    /// The first setting of an agent, of all agents, or of the defaults. One that exists but is invalid is
    /// ignored in favour of the defaults.
    fn setting<T>(
        &self,
        agent: Option<&str>,
        key: &str,
        parse: impl Fn(&Node<'_>) -> Option<T>,
    ) -> Option<T> {
        let of_agents = self.0.at(["agents"]);
        let own = agent
            .into_iter()
            .chain([ALL_AGENTS])
            .map(|id| of_agents.at([id, key]))
            .find(|node| !node.is_nullish());
        own.and_then(|own| parse(&own)).or_else(|| parse(&self.defaults().get(key)))
    }

    pub(crate) fn security(&self, agent: Option<&str>) -> Option<Security> {
        self.setting(agent, "security", |node| Security::named(node.as_str()?))
    }

    pub(crate) fn ask(&self, agent: Option<&str>) -> Option<Ask> {
        self.setting(agent, "ask", Ask::of)
    }
}

/// An agent as the document knows it.
#[derive(Debug)]
pub(crate) struct ApprovedAgent<'t> {
    pub(crate) id: &'t str,
    /// Its own settings, then the legacy ones.
    layers: Vec<Node<'t>>,
}

impl<'t> ApprovedAgent<'t> {
    fn auto_allows_skills(&self) -> bool {
        let mut settings = self.layers.iter().map(|layer| layer.get("autoAllowSkills"));
        settings.find(|setting| !setting.is_nullish()).is_some_and(|setting| setting.is_true())
    }

    /// The patterns that it may run, each once.
    pub(crate) fn patterns(&self) -> Vec<&'t str> {
        let mut seen = BTreeSet::new();
        self.layers
            .iter()
            .flat_map(|layer| layer.get("allowlist").items())
            .filter_map(|entry| match entry.trimmed() {
                Some(pattern) => Some(pattern),
                None => entry.get("pattern").as_str().filter(|text| !text::trim(text).is_empty()),
            })
            .filter(|pattern| seen.insert(text::trim(pattern).to_lowercase()))
            .collect()
    }
}

/// `tools.exec.auto_allow_skills_enabled`: the programs that a skill declares run without approval.
pub(crate) fn auto_allow_skills(host: &dyn Host) -> Outcome {
    let approvals = Approvals::read(host)?;
    let of_defaults = approvals.defaults().get("autoAllowSkills").is_true();
    let of_agents = approvals.agents();
    let of_agents = of_agents.iter().filter(|agent| agent.auto_allows_skills());
    let places: Vec<String> = of_defaults
        .then(|| "defaults.autoAllowSkills".to_owned())
        .into_iter()
        .chain(of_agents.map(|agent| format!("agents.{}.autoAllowSkills", agent.id)))
        .collect();
    if places.is_empty() {
        return Ok(());
    }
    rule::EXEC_AUTO_ALLOW_SKILLS_ENABLED
        .finding()
        .detail(format!(
            "The exec approvals set:\n{}\nA program that a skill declares then runs as if it were on the \
             allowlist.",
            list_format::lines(&places, SHOWN)
        ))
        .remediation("Turn autoAllowSkills off in the exec approvals, and put the programs you need on the allowlist.")
        .report(host);
    Ok(())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::Value;
    use chitin_sdk::fake::FakeHost;
    use serde_json::json;

    use super::*;
    use crate::GROUPS;

    const RULE: &str = "tools.exec.auto_allow_skills_enabled";

    fn approvals(document: Value) -> Approvals {
        Approvals(Tree::new("", Some(document)))
    }

    fn places(document: Value) -> Vec<String> {
        let said = FakeHost::with_config(json!({})).approvals(document).run(GROUPS);
        let lines = said.detail(RULE).lines();
        lines.filter_map(|line| line.strip_prefix("- ")).map(str::to_owned).collect()
    }

    #[test]
    fn only_true_allows_skills() {
        assert_eq!(
            places(json!({"defaults": {"autoAllowSkills": true}})),
            ["defaults.autoAllowSkills"]
        );
        assert_eq!(
            places(json!({"agents": {"*": {"autoAllowSkills": true}}})),
            ["agents.*.autoAllowSkills"]
        );
        for value in [json!("true"), json!(1), json!(false), json!(null)] {
            assert!(places(json!({"defaults": {"autoAllowSkills": value}})).is_empty());
        }
        assert!(FakeHost::with_config(json!({})).run(GROUPS).findings.is_empty());
    }

    #[test]
    fn the_legacy_agent_is_merged_into_main() {
        let legacy = json!({"autoAllowSkills": true});
        assert_eq!(places(json!({"agents": {"default": legacy}})), ["agents.main.autoAllowSkills"]);
        assert_eq!(
            places(json!({"agents": {"default": legacy, "main": {}, "z": legacy}})),
            ["agents.main.autoAllowSkills", "agents.z.autoAllowSkills"]
        );
        assert!(
            places(json!({"agents": {"default": legacy, "main": {"autoAllowSkills": false}}}))
                .is_empty()
        );
    }

    #[test]
    fn patterns_come_in_two_spellings() {
        let document = approvals(json!({"agents": {
            "main": {"allowlist": [" ls ", {"pattern": "/bin/cat "}, {"pattern": " "}, "", 7, {"x": 1}, "LS"]},
            "default": {"allowlist": ["ls", "rg"]},
            "other": {"allowlist": "ls"},
        }}));
        let patterns: Vec<Vec<&str>> =
            document.agents().iter().map(ApprovedAgent::patterns).collect();
        assert_eq!(patterns, [vec!["ls", "/bin/cat ", "rg"], vec![]]);
    }

    #[test]
    fn a_setting_is_searched_from_the_agent_outwards() {
        let document = approvals(json!({
            "defaults": {"security": "deny", "ask": "always"},
            "agents": {"a": {"security": "full"}, "*": {"security": "allowlist"}, "b": {"security": "?"}},
        }));
        assert_eq!(document.security(Some("a")), Some(Security::Full));
        assert_eq!(document.security(Some("c")), Some(Security::Allowlist));
        assert_eq!(document.security(Some("b")), Some(Security::Deny));
        assert_eq!(document.security(None), Some(Security::Allowlist));
        assert_eq!(document.ask(Some("a")), Some(Ask::Always));
        assert_eq!(approvals(json!([])).security(Some("a")), None);
    }

    #[test]
    fn without_the_document_its_rules_are_not_run() {
        let said = FakeHost::with_config(json!({"agents": {"defaults": {"skills": []}}}))
            .without_fact("exec-approvals")
            .run(GROUPS);
        let rules: Vec<&str> = said.not_run.iter().map(|(rule, _)| rule.as_str()).collect();
        assert_eq!(
            rules,
            [
                RULE,
                "tools.exec.allowlist_interpreter_without_strict_inline_eval",
                "tools.exec.mcporter_registry_inspection_incomplete",
                "tools.exec.agent_skill_mcp_boundary_drift",
            ]
        );
    }
}
