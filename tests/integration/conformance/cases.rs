//! Whole audits: config, files and environment in, ids and facts out.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::layout::{Entry, Layout, Placeholders, Stub};
use super::{Verdict, assert_all_as_expected};
use crate::support::deviations::DEVIATIONS;
use crate::support::runner::Report;
use crate::support::thread_pool;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    config: Value,
    #[serde(default)]
    files: Vec<Entry>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    exec_stubs: Vec<Stub>,
    #[serde(default)]
    no_state_env: bool,
    #[serde(default)]
    deep: bool,
    #[serde(default)]
    expect_present: Vec<Expected>,
    #[serde(default)]
    expect_absent: Vec<String>,
    #[serde(default)]
    expect_counts: BTreeMap<String, usize>,
    #[serde(default)]
    expect_detail: BTreeMap<String, ExpectedTexts>,
    #[serde(default)]
    expect_title: BTreeMap<String, ExpectedTexts>,
    #[serde(default)]
    expect_suppressed: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Expected {
    check_id: String,
    severity: Option<String>,
}

/// What must and what must not be in the texts of an id.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedTexts {
    #[serde(default)]
    includes: Vec<String>,
    #[serde(default)]
    excludes: Vec<String>,
}

impl Case {
    fn audit(&self) -> (Report, Placeholders) {
        Layout {
            config: &self.config,
            files: &self.files,
            env: &self.env,
            stubs: &self.exec_stubs,
            no_state_env: self.no_state_env,
            deep: self.deep,
        }
        .audit()
    }

    /// What is not as it should be, whatever OpenClaw does.
    fn faults(report: &Report) -> Vec<String> {
        let not_run =
            report.not_run().into_iter().map(|(rule, why)| format!("{rule} not run: {why}"));
        report.module_failures().into_iter().chain(not_run).collect()
    }

    /// Where the report is not as OpenClaw's.
    fn differences(&self, report: &Report, filler: &Placeholders) -> Vec<String> {
        let hits = report.hits();
        let mut found = Vec::new();
        for Expected { check_id, severity } in &self.expect_present {
            let fits = |(id, level): &(String, String)| {
                id == check_id && severity.as_ref().is_none_or(|wanted| wanted == level)
            };
            if !hits.iter().any(fits) {
                let levels: Vec<_> =
                    hits.iter().filter(|(id, _)| id == check_id).map(|(_, level)| level).collect();
                found.push(format!("wanted {check_id} {severity:?}, there is {levels:?}"));
            }
        }
        for id in &self.expect_absent {
            if report.has(id) {
                found.push(format!("unwanted {id}: {}", report.texts(id, "detail")));
            }
        }
        for (id, count) in &self.expect_counts {
            let there = hits.iter().filter(|(found, _)| found == id).count();
            if there != *count {
                found.push(format!("wanted {count} of {id}, there are {there}"));
            }
        }
        for (field, expected) in [("detail", &self.expect_detail), ("title", &self.expect_title)] {
            for (id, words) in expected {
                found.extend(words.differences(&report.texts(id, field), id, filler));
            }
        }
        for id in &self.expect_suppressed {
            if !report.suppressed().contains(&id.as_str()) {
                found.push(format!("{id} is not suppressed"));
            }
        }
        found
    }

    fn verdict(&self) -> Verdict {
        let (report, filler) = self.audit();
        let faults = Self::faults(&report);
        let differences = self.differences(&report, &filler);
        match (DEVIATIONS.cases.get(&self.name), differences.is_empty()) {
            _ if !faults.is_empty() => Verdict::Failed([faults, differences].concat()),
            (None, true) => Verdict::Ok,
            (None, false) => Verdict::Failed(differences),
            (Some(reason), false) => Verdict::Deviation(reason.clone()),
            (Some(_), true) => {
                Verdict::Failed(vec!["is listed as a deviation and does not deviate".to_owned()])
            }
        }
    }
}

impl ExpectedTexts {
    fn differences(&self, text: &str, id: &str, filler: &Placeholders) -> Vec<String> {
        let includes = self.includes.iter().map(|word| (word, true));
        let excludes = self.excludes.iter().map(|word| (word, false));
        includes
            .chain(excludes)
            .filter(|(word, wanted)| text.contains(&filler.fill(word)) != *wanted)
            .map(|(word, wanted)| {
                let verb = if wanted { "does not say" } else { "says" };
                format!("{id} {verb} `{word}`: {text}")
            })
            .collect()
    }
}

#[test]
fn whole_audits() {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("../../data/conformance/cases.json")).unwrap();
    for name in DEVIATIONS.cases.keys() {
        assert!(cases.iter().any(|case| case.name == *name), "there is no case `{name}`");
    }
    assert_all_as_expected(thread_pool::map(&cases, |case| (case.name.clone(), case.verdict())));
}
