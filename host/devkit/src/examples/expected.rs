//! What an example expects, and how what a module said differs from it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::record::{Said, SaidFinding};
use chitin_model::finding::Severity;
use chitin_model::ledger::Status;

/// `expected.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Expected {
    #[serde(default)]
    finding: Vec<ExpectedFinding>,
    /// Rules that cannot be decided in this example.
    #[serde(default)]
    not_run: Vec<String>,
    /// Modes of files and directories, in octal; without one a file is private to its owner.
    #[serde(default)]
    modes: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedFinding {
    rule: String,
    severity: Severity,
    /// Any title, when it is left out.
    title: Option<String>,
}

impl ExpectedFinding {
    fn is(&self, said: &SaidFinding) -> bool {
        self.rule == said.rule
            && self.severity == said.severity
            && self.title.as_ref().is_none_or(|title| *title == said.title)
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

    /// Everything that is not as expected, a line each.
    pub(super) fn differences(&self, said: &Said) -> Vec<String> {
        let mut differences = Vec::new();
        let mut unexpected: Vec<&SaidFinding> = said.findings.iter().collect();
        // One with a title is pickier, so it chooses first.
        let (picky, others): (Vec<_>, Vec<_>) =
            self.finding.iter().partition(|expected| expected.title.is_some());
        for expected in picky.into_iter().chain(others) {
            match unexpected.iter().position(|finding| expected.is(finding)) {
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
        differences.extend(self.undecided(said));
        differences.extend(said.rejected.iter().map(|what| format!("not accepted: {what}")));
        differences.extend(said.failure.iter().map(|reason| format!("did not finish: {reason}")));
        differences
    }

    fn undecided(&self, said: &Said) -> Vec<String> {
        let not_run = || said.statuses.iter().filter(|status| status.status == Status::NotRun);
        let surprising = not_run()
            .filter(|status| !self.not_run.contains(&status.rule))
            .map(|status| format!("not run: {}, {}", status.rule, status.reason));
        let decided = self
            .not_run
            .iter()
            .filter(|rule| not_run().all(|status| status.rule != **rule))
            .map(|rule| format!("ran, and was expected not to: {rule}"));
        surprising.chain(decided).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::SaidStatus;

    fn finding(rule: &str, severity: Severity) -> SaidFinding {
        SaidFinding {
            rule: rule.to_owned(),
            severity,
            title: "Title".to_owned(),
            detail: String::new(),
            remediation: None,
        }
    }

    fn said(findings: Vec<SaidFinding>) -> Said {
        Said { findings, ..Said::default() }
    }

    fn expected(text: &str) -> Expected {
        Expected::parse(text).unwrap()
    }

    #[test]
    fn as_expected_is_no_difference() {
        let text = "[[finding]]\nrule = \"a.b\"\nseverity = \"warn\"\n";
        let one = || finding("a.b", Severity::Warn);
        assert!(expected(text).differences(&said(vec![one()])).is_empty());
        assert_eq!(expected(text).differences(&said(vec![one(), one()])).len(), 1);
        let titled = format!("{text}title = \"Title\"\n{text}");
        assert!(expected(&titled).differences(&said(vec![one(), one()])).is_empty());
        assert!(expected("").differences(&said(Vec::new())).is_empty());
    }

    #[test]
    fn every_difference_is_told() {
        let text = "not-run = [\"a.d\"]\n[[finding]]\nrule = \"a.b\"\nseverity = \"warn\"\ntitle = \"Other\"\n";
        let said = Said {
            findings: vec![finding("a.b", Severity::Warn), finding("a.c", Severity::Critical)],
            statuses: vec![SaidStatus {
                rule: "a.e".to_owned(),
                status: Status::NotRun,
                reason: "no config".to_owned(),
            }],
            rejected: vec!["a lie".to_owned()],
            failure: Some("it panicked".to_owned()),
        };
        assert_eq!(
            expected(text).differences(&said),
            [
                "missing: warn a.b, \"Other\"",
                "unexpected: warn a.b, \"Title\"",
                "unexpected: critical a.c, \"Title\"",
                "not run: a.e, no config",
                "ran, and was expected not to: a.d",
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
