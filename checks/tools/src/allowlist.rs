//! `tools.exec.allowlist_interpreter_without_strict_inline_eval`: an interpreter on the allowlist runs any code on its
//! command line, unless strict inline eval requires approval for that.

mod interpreters;

use chitin_openclaw::roster::Roster;
use chitin_sdk::{Host, Node, Outcome};

use crate::approvals::{Approvals, ApprovedAgent};
use crate::list_format;
use crate::rule;

/// How many patterns a finding names.
const SHOWN: usize = 20;

pub(crate) fn interpreter_without_strict_inline_eval(host: &dyn Host) -> Outcome {
    let approvals = Approvals::read(host)?;
    let approved: Vec<(ApprovedAgent<'_>, Vec<&str>)> = approvals
        .agents()
        .into_iter()
        .map(|agent| {
            let patterns = agent.patterns().into_iter();
            let patterns = patterns.filter(|pattern| interpreters::is_named_by(pattern)).collect();
            (agent, patterns)
        })
        .filter(|(_, patterns): &(_, Vec<&str>)| !patterns.is_empty())
        .collect();
    if approved.is_empty() {
        return Ok(());
    }
    let (agents, strict) =
        (host.effective("/agents")?, host.effective("/tools/exec/strictInlineEval")?);
    let roster = Roster::of(&agents.root());
    let lines: Vec<String> = approved
        .iter()
        .filter(|(agent, _)| !is_strict(&roster, &strict.root(), agent.id))
        .flat_map(|(agent, patterns)| {
            patterns.iter().map(|pattern| format!("agents.{}.allowlist: {pattern}", agent.id))
        })
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    rule::EXEC_ALLOWLIST_INTERPRETER_WITHOUT_STRICT_INLINE_EVAL
        .finding()
        .detail(format!(
            "The exec approvals allow interpreters, and tools.exec.strictInlineEval is not set for them:\n{}\n\
             Without it, `python -c …` is allowed just like `python script.py`.",
            list_format::lines(&lines, SHOWN)
        ))
        .remediation(
            "Set tools.exec.strictInlineEval=true, or for one agent its own tools.exec.strictInlineEval, as long as \
             interpreters such as python, node, ruby or osascript are on an allowlist.",
        )
        .at(&strict.root())
        .report(host);
    Ok(())
}

/// Whether strict inline eval applies to a key of the approvals. Ids are compared as they are written.
fn is_strict(roster: &Roster<'_>, global: &Node<'_>, id: &str) -> bool {
    roster
        .agents()
        .find(|agent| !matches!(id, "" | "*") && agent.id() == id)
        .map(|agent| agent.node().at(["tools", "exec", "strictInlineEval"]))
        .filter(|own| !own.is_nullish())
        .map_or_else(|| global.is_true(), |own| own.is_truthy())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::Value;
    use chitin_sdk::fake::{FakeHost, Said};
    use serde_json::json;

    use crate::GROUPS;

    const RULE: &str = "tools.exec.allowlist_interpreter_without_strict_inline_eval";

    fn said(config: Value, agents: &Value) -> Said {
        let document = json!({"version": 1, "agents": agents});
        FakeHost::with_config(config).approvals(document).run(GROUPS)
    }

    #[test]
    fn an_allowed_interpreter_needs_strict_inline_eval() {
        let agents = json!({"main": {"allowlist": [{"pattern": "/usr/bin/python3"}, "/usr/bin/xargs", "/bin/ls"]}});
        let found = said(json!({}), &agents);
        assert_eq!(found.ids(), [RULE]);
        assert!(found.detail(RULE).contains(
            ":\n- agents.main.allowlist: /usr/bin/python3\n- agents.main.allowlist: /usr/bin/xargs\n"
        ));
        let strict = json!({"tools": {"exec": {"strictInlineEval": true}}});
        assert!(said(strict, &agents).findings.is_empty());
        let no_boolean = json!({"tools": {"exec": {"strictInlineEval": "true"}}});
        assert_eq!(said(no_boolean, &agents).ids(), [RULE]);
    }

    #[test]
    fn an_agent_s_own_setting_beats_the_config_s() {
        let list = json!({"allowlist": ["node"]});
        let agents = json!({"a": list, "b": list, "*": list, "A": list});
        let config = |global: bool, own: bool| {
            json!({
                "tools": {"exec": {"strictInlineEval": global}},
                "agents": {"entries": {
                    "a": {"tools": {"exec": {"strictInlineEval": own}}},
                    "b": {"tools": {"exec": {"strictInlineEval": null}}},
                    "*": {"tools": {"exec": {"strictInlineEval": own}}},
                }},
            })
        };
        let lines = |said: &Said| {
            let lines = said.detail(RULE).lines().filter_map(|line| line.strip_prefix("- agents."));
            lines.map(|line| line.replace(".allowlist: node", "")).collect::<Vec<_>>()
        };
        assert_eq!(lines(&said(config(true, false), &agents)), ["a"]);
        assert_eq!(lines(&said(config(false, true), &agents)), ["b", "*", "A"]);
    }
}
