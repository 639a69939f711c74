//! What an example expects, and how a module's output differs from it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::record::{ModuleOutput, RecordedFinding};
use chitin_model::finding::Severity;
use chitin_model::ledger::Status;

/// `expected.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Expected {
    #[serde(default)]
    finding: Vec<ExpectedFinding>,
    /// Rules that cannot run in this example.
    #[serde(default)]
    not_run: Vec<String>,
    /// Modes of files and directories, in octal; the default is private to the owner.
    #[serde(default)]
    modes: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedFinding {
    rule: String,
    severity: Severity,
    /// Any title, if left out.
    title: Option<String>,
}

impl ExpectedFinding {
    fn matches(&self, finding: &RecordedFinding) -> bool {
        self.rule == finding.rule
            && self.severity == finding.severity
            && self.title.as_ref().is_none_or(|title| *title == finding.title)
    }
}

impl Expected {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.message().to_owned())
    }

    pub(super) fn has_findings(&self) -> bool {
        !self.finding.is_empty()
    }

    pub(super) fn modes(&self) -> &BTreeMap<String, String> {
        &self.modes
    }

    /// Everything that is not as expected, one line each.
    pub(super) fn differences(&self, output: &ModuleOutput) -> Vec<String> {
        let mut differences = Vec::new();
        let mut unexpected: Vec<&RecordedFinding> = output.findings.iter().collect();
        // An expectation with a title matches less, so it goes first.
        let (titled, others): (Vec<_>, Vec<_>) =
            self.finding.iter().partition(|expected| expected.title.is_some());
        for expected in titled.into_iter().chain(others) {
            match unexpected.iter().position(|finding| expected.matches(finding)) {
                Some(at) => {
                    unexpected.remove(at);
                }
                None => differences.push(format!(
                    "missing: {} {}{}",
                    expected.severity,
                    expected.rule,
                    expected
                        .title
                        .as_ref()
                        .map(|title| format!(", \"{title}\""))
                        .unwrap_or_default()
                )),
            }
        }
        differences.extend(unexpected.into_iter().map(|finding| {
            format!("unexpected: {} {}, \"{}\"", finding.severity, finding.rule, finding.title)
        }));
        differences.extend(self.not_run_differences(output));
        differences.extend(output.rejected.iter().map(|what| format!("not accepted: {what}")));
        differences.extend(output.failure.iter().map(|reason| format!("did not finish: {reason}")));
        differences
    }

    fn not_run_differences(&self, output: &ModuleOutput) -> Vec<String> {
        let not_run = || output.statuses.iter().filter(|status| status.status == Status::NotRun);
        let unexpected = not_run()
            .filter(|status| !self.not_run.contains(&status.rule))
            .map(|status| format!("not run: {}, {}", status.rule, status.reason));
        let ran = self
            .not_run
            .iter()
            .filter(|rule| not_run().all(|status| status.rule != **rule))
            .map(|rule| format!("ran, but was expected not to: {rule}"));
        unexpected.chain(ran).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordedStatus;

    fn finding(rule: &str, severity: Severity) -> RecordedFinding {
        RecordedFinding {
            rule: rule.to_owned(),
            severity,
            title: "Title".to_owned(),
            detail: String::new(),
            remediation: None,
        }
    }

    fn output(findings: Vec<RecordedFinding>) -> ModuleOutput {
        ModuleOutput { findings, ..ModuleOutput::default() }
    }

    fn expected(text: &str) -> Expected {
        Expected::parse(text).unwrap()
    }

    #[test]
    fn the_expected_output_makes_no_difference() {
        let text = "[[finding]]\nrule = \"a.b\"\nseverity = \"warn\"\n";
        let one = || finding("a.b", Severity::Warn);
        assert!(expected(text).differences(&output(vec![one()])).is_empty());
        assert_eq!(expected(text).differences(&output(vec![one(), one()])).len(), 1);
        let titled = format!("{text}title = \"Title\"\n{text}");
        assert!(expected(&titled).differences(&output(vec![one(), one()])).is_empty());
        assert!(expected("").differences(&output(Vec::new())).is_empty());
    }

    #[test]
    fn every_difference_is_reported() {
        let text = "not-run = [\"a.d\"]\n[[finding]]\nrule = \"a.b\"\nseverity = \"warn\"\ntitle = \"Other\"\n";
        let output = ModuleOutput {
            findings: vec![finding("a.b", Severity::Warn), finding("a.c", Severity::Critical)],
            statuses: vec![RecordedStatus {
                rule: "a.e".to_owned(),
                status: Status::NotRun,
                reason: "no config".to_owned(),
            }],
            rejected: vec!["a lie".to_owned()],
            failure: Some("it panicked".to_owned()),
        };
        assert_eq!(
            expected(text).differences(&output),
            [
                "missing: warn a.b, \"Other\"",
                "unexpected: warn a.b, \"Title\"",
                "unexpected: critical a.c, \"Title\"",
                "not run: a.e, no config",
                "ran, but was expected not to: a.d",
                "not accepted: a lie",
                "did not finish: it panicked",
            ]
        );
    }

    #[test]
    fn a_misspelt_key_is_an_error() {
        for text in [
            "findings = []",
            "[[finding]]\nrule = \"a.b\"",
            "[[finding]]\nrule=\"a\"\nseverity=\"high\"",
        ] {
            assert!(Expected::parse(text).is_err(), "{text}");
        }
    }
}
