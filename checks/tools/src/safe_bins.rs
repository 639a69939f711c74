//! `tools.exec.safeBins`: programs that run without approval because they only filter text, and those that do more.

mod names;

use std::collections::BTreeSet;

use chitin_openclaw::roster::Roster;
use chitin_sdk::{Finding, Host, Node, Outcome};

use crate::list_format;
use crate::rule;

/// How many lines a finding has.
const SHOWN: usize = 20;

/// A list of safe binaries, and the profiles that apply to it.
struct Scope<'t> {
    /// As an operator writes it: `agents.entries.ops.tools.exec.safeBins`.
    path: String,
    node: Node<'t>,
    /// As OpenClaw compares them, sorted and without duplicates.
    bins: BTreeSet<String>,
    profiled: BTreeSet<String>,
}

/// The config's list, then those of the agents that have one.
fn scopes<'t>(exec: &Node<'t>, roster: &Roster<'t>) -> Vec<Scope<'t>> {
    let scope = |path: &str, exec: &Node<'t>, profiled: BTreeSet<String>| Scope {
        path: format!("{path}.safeBins"),
        node: exec.get("safeBins"),
        bins: exec.get("safeBins").strings().iter().map(|bin| bin.to_lowercase()).collect(),
        profiled,
    };
    let of_all = names::profiled(&exec.get("safeBinProfiles"));
    let agents = roster.agents().map(|agent| {
        let own = agent.node().at(["tools", "exec"]);
        let profiled = &of_all | &names::profiled(&own.get("safeBinProfiles"));
        scope(&format!("{}.tools.exec", agent.label()), &own, profiled)
    });
    std::iter::once(scope("tools.exec", exec, of_all.clone()))
        .chain(agents)
        .filter(|scope| !scope.bins.is_empty())
        .collect()
}

pub(crate) fn interpreter_unprofiled(host: &dyn Host) -> Outcome {
    let (agents, exec) = (host.effective("/agents")?, host.effective("/tools/exec")?);
    let hits: Vec<(Node<'_>, String)> = scopes(&exec.root(), &Roster::of(&agents.root()))
        .into_iter()
        .filter_map(|scope| {
            let mut interpreters: Vec<String> = scope
                .bins
                .iter()
                .map(|bin| names::program(bin))
                .filter(|name| names::is_interpreter(name) && !scope.profiled.contains(*name))
                .map(str::to_owned)
                .collect();
            interpreters.sort();
            let line = format!("{}: {}", scope.path, list_format::names(&interpreters, SHOWN));
            (!interpreters.is_empty()).then_some((scope.node, line))
        })
        .collect();
    let finding = rule::EXEC_SAFE_BINS_INTERPRETER_UNPROFILED.finding().remediation(
        "Remove interpreters from safeBins and put them on an allowlist instead, or write a narrow \
         tools.exec.safeBinProfiles entry for each.",
    );
    report(host, finding, &hits, "Interpreters without a profile run any code without approval");
    Ok(())
}

pub(crate) fn broad_behavior(host: &dyn Host) -> Outcome {
    let (agents, exec) = (host.effective("/agents")?, host.effective("/tools/exec")?);
    let hits: Vec<(Node<'_>, String)> = scopes(&exec.root(), &Roster::of(&agents.root()))
        .into_iter()
        .flat_map(|scope| {
            let programs: BTreeSet<&str> =
                scope.bins.iter().map(|bin| names::program(bin)).collect();
            let risky = programs.into_iter().filter_map(|name| Some((name, names::broad(name)?)));
            risky
                .map(|(name, reason)| {
                    (scope.node.clone(), format!("{}: {name} ({reason})", scope.path))
                })
                .collect::<Vec<_>>()
        })
        .collect();
    let finding = rule::EXEC_SAFE_BINS_BROAD_BEHAVIOR.finding().remediation(
        "Remove them from safeBins; put them on an allowlist, or have each use approved.",
    );
    report(host, finding, &hits, "These programs read or run more than their standard input");
    Ok(())
}

/// Completes a finding with what was found, each with its list; without anything, nothing is reported.
fn report(host: &dyn Host, finding: Finding, hits: &[(Node<'_>, String)], meaning: &str) {
    if hits.is_empty() {
        return;
    }
    let lines: Vec<String> = hits.iter().map(|(_, line)| line.clone()).collect();
    let mut seen = BTreeSet::new();
    hits.iter()
        .take(SHOWN)
        .filter(|(node, _)| seen.insert(node.pointer().to_owned()))
        .fold(finding, |finding, (node, _)| finding.at(node))
        .detail(format!("{meaning}:\n{}", list_format::lines(&lines, SHOWN)))
        .report(host);
}

#[cfg(test)]
mod tests {
    use chitin_sdk::Value;
    use chitin_sdk::fake::{FakeHost, Said};
    use serde_json::json;

    use crate::GROUPS;

    const INTERPRETER: &str = "tools.exec.safe_bins_interpreter_unprofiled";
    const BROAD: &str = "tools.exec.safe_bins_broad_behavior";

    fn said(global: &Value, own: &Value) -> Said {
        FakeHost::with_config(json!({
            "tools": {"exec": global},
            "agents": {"entries": {"a": {"tools": {"exec": own}}}},
        }))
        .run(GROUPS)
    }

    fn lines<'s>(said: &'s Said, rule: &str) -> Vec<&'s str> {
        said.detail(rule).lines().filter_map(|line| line.strip_prefix("- ")).collect()
    }

    #[test]
    fn interpreters_are_found_under_any_spelling() {
        for (bin, name) in [
            ("python3", "python3"),
            ("/usr/bin/Python3.11", "python3.11"),
            (" node.exe ", "node"),
            (r"C:\tools\PWSH.EXE", "pwsh"),
            ("sed", "sed"),
        ] {
            let found = said(&json!({"safeBins": [bin]}), &json!({}));
            assert_eq!(lines(&found, INTERPRETER), [format!("tools.exec.safeBins: {name}")]);
        }
        for bins in
            [json!(["jq", "cut"]), json!(["python3.11.2"]), json!("python3"), json!([7, ""])]
        {
            assert!(
                said(&json!({"safeBins": bins}), &json!({})).of(INTERPRETER).is_empty(),
                "{bins}"
            );
        }
    }

    #[test]
    fn names_are_sorted_and_may_repeat() {
        let found =
            said(&json!({"safeBins": ["ruby", "python3", "/usr/bin/python3", "RUBY"]}), &json!({}));
        assert_eq!(lines(&found, INTERPRETER), ["tools.exec.safeBins: python3, python3, ruby"]);
    }

    #[test]
    fn a_program_with_a_profile_is_not_reported() {
        let profiled =
            json!({"safeBins": ["/usr/bin/python3"], "safeBinProfiles": {" Python3 ": {}}});
        assert!(said(&profiled, &json!({})).findings.is_empty());
        let by_path =
            json!({"safeBins": ["/usr/bin/python3"], "safeBinProfiles": {"/usr/bin/python3": {}}});
        assert_eq!(said(&by_path, &json!({})).ids(), [INTERPRETER]);
    }

    #[test]
    fn an_agent_has_the_global_profiles_and_its_own() {
        let global = json!({"safeBinProfiles": {"ruby": {}}});
        let found = said(
            &global,
            &json!({"safeBins": ["ruby", "perl", "lua"], "safeBinProfiles": {"lua": {}}}),
        );
        assert_eq!(lines(&found, INTERPRETER), ["agents.entries.a.tools.exec.safeBins: perl"]);
        let none_of_its_own = said(&json!({"safeBins": ["ruby"]}), &json!({"safeBins": []}));
        assert_eq!(lines(&none_of_its_own, INTERPRETER), ["tools.exec.safeBins: ruby"]);
    }

    #[test]
    fn broad_programs_are_found_with_or_without_a_profile() {
        let profiles = json!({"jq": {}, "sed": {}});
        let found = said(&json!({"safeBins": ["jq"], "safeBinProfiles": profiles}), &json!({}));
        assert_eq!(found.ids(), [BROAD]);
        let sed = said(&json!({"safeBins": ["sed"]}), &json!({}));
        assert_eq!(sed.ids(), [INTERPRETER, BROAD]);
        let with_profiles =
            said(&json!({"safeBins": ["sed"], "safeBinProfiles": profiles}), &json!({}));
        assert_eq!(with_profiles.ids(), [BROAD]);
        assert!(said(&json!({"safeBins": ["grep"]}), &json!({})).findings.is_empty());
    }

    #[test]
    fn broad_programs_are_reported_once_per_list() {
        let found =
            said(&json!({"safeBins": ["sed", "/bin/jq", "jq"]}), &json!({"safeBins": ["awk"]}));
        let starts: Vec<&str> =
            lines(&found, BROAD).into_iter().filter_map(|line| line.split(" (").next()).collect();
        assert_eq!(
            starts,
            [
                "tools.exec.safeBins: jq",
                "tools.exec.safeBins: sed",
                "agents.entries.a.tools.exec.safeBins: awk"
            ]
        );
        assert_eq!(found.of(BROAD)[0].locations.len(), 2);
    }
}
