//! Whether the host could read the whole config. A config with a problem is audited as far as it can be read, and these
//! findings say how far that is.

use chitin_sdk::{Finding, Host, Location, Outcome, Problem, ProblemKind};

use crate::rule;

pub(crate) fn check(host: &dyn Host) -> Outcome {
    for (index, problem) in (0..).zip(host.config_problems()?) {
        explain(&problem).at_location(Location::Problem(index)).report(host);
    }
    Ok(())
}

fn explain(problem: &Problem) -> Finding {
    let Problem { kind, message, file } = problem;
    match kind {
        ProblemKind::ParseFailed => rule::PARSE_FAILED
            .finding()
            .detail(format!(
                "{file}: {message}. The checks that need the config did not run, so this report says nothing about its \
                 settings; OpenClaw refuses to start with this file."
            ))
            .remediation("Correct the file (`openclaw doctor` names the place too), then audit again."),
        ProblemKind::IncludeFailed => rule::INCLUDE_FAILED
            .finding()
            .detail(format!(
                "{file}: {message}. What the file should have added is missing, so the other findings are about an \
                 incomplete config; OpenClaw refuses to start with it."
            ))
            .remediation(
                "Make the `$include` point at a readable file below the config's directory, or remove it, then audit again.",
            ),
        ProblemKind::NotPermitted
        | ProblemKind::NotAFile
        | ProblemKind::TooLarge
        | ProblemKind::NotText
        | ProblemKind::ReadFailed => rule::READ_FAILED
            .finding()
            .detail(format!(
                "{file}: {message}. The checks that need the config did not run, so this report says nothing about its \
                 settings."
            ))
            .remediation(advice(*kind)),
    }
}

/// What to do about a config that was not read. Nothing in its text has to change.
fn advice(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::NotPermitted => {
            "Run the audit as the user that the gateway runs as, or with `sudo -u` that user; do not open the file to \
             other users for it."
        }
        ProblemKind::NotAFile => {
            "Put a regular file in its place, or name the real config with `--config`. `chitin audit -` reads a config \
             from standard input."
        }
        ProblemKind::TooLarge => {
            "Find out what fills the config: no gateway needs one of this size. Remove what does not belong there, then \
             audit again."
        }
        ProblemKind::NotText => {
            "Save the file as UTF-8 (`file` shows its encoding, `iconv -t UTF-8` converts it), or restore it from a \
             backup, then audit again."
        }
        ProblemKind::ParseFailed | ProblemKind::IncludeFailed | ProblemKind::ReadFailed => {
            "Check the disk and the file system that the file is on, then audit again."
        }
    }
}

#[cfg(test)]
mod tests {
    use chitin_sdk::Severity;
    use chitin_sdk::fake::FakeHost;
    use serde_json::json;

    use super::*;
    use crate::GROUPS;

    fn problem(kind: ProblemKind, file: &str) -> Problem {
        Problem { kind, message: "unexpected end".to_owned(), file: file.to_owned() }
    }

    #[test]
    fn a_config_that_was_read_has_no_finding() {
        assert!(FakeHost::with_config(json!({})).run(GROUPS).findings.is_empty());
    }

    #[test]
    fn every_problem_is_a_finding_at_its_place() {
        let said = FakeHost::with_config(json!({}))
            .problem(problem(ProblemKind::IncludeFailed, "a.json5"))
            .problem(problem(ProblemKind::IncludeFailed, "b.json5"))
            .run(GROUPS);
        assert_eq!(said.ids(), [rule::INCLUDE_FAILED.id, rule::INCLUDE_FAILED.id]);
        assert_eq!(said.findings[1].locations, [Location::Problem(1)]);
        assert!(said.findings[1].detail.starts_with("b.json5: unexpected end"));
        assert_eq!(said.severity(rule::INCLUDE_FAILED.id), Some(Severity::Critical));
    }

    #[test]
    fn what_kept_a_config_from_being_read_has_advice_of_its_own() {
        let kinds = [
            ProblemKind::NotPermitted,
            ProblemKind::NotAFile,
            ProblemKind::TooLarge,
            ProblemKind::NotText,
            ProblemKind::ReadFailed,
        ];
        let mut advice = std::collections::BTreeSet::new();
        for kind in kinds {
            let said = FakeHost::with_config(json!({}))
                .problem(problem(kind, "openclaw.json"))
                .run(GROUPS);
            assert_eq!(said.ids(), [rule::READ_FAILED.id], "{kind:?}");
            let remediation = said.findings[0].remediation.clone().unwrap();
            assert!(!remediation.contains("orrect the file"), "{remediation}");
            advice.insert(remediation);
        }
        assert_eq!(advice.len(), kinds.len());
    }

    #[test]
    fn an_unreadable_config_is_reported_and_its_rules_are_not_run() {
        let said = FakeHost::with_config(json!({}))
            .problem(problem(ProblemKind::ParseFailed, "openclaw.json"))
            .without_config("the config does not parse")
            .run(GROUPS);
        assert_eq!(said.ids(), [rule::PARSE_FAILED.id]);
        assert_eq!(said.severity(rule::PARSE_FAILED.id), Some(Severity::Critical));
        let rules: Vec<&str> = said.not_run.iter().map(|(rule, _)| rule.as_str()).collect();
        let (_, others) = GROUPS.split_first().expect("groups");
        let expected: Vec<&str> = others.iter().flat_map(|group| group.rules).copied().collect();
        assert_eq!(rules, expected);
    }
}
