//! The exact list of findings of a few families, in order, for small configs in an empty state directory.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::layout::Layout;
use super::{Verdict, assert_all_as_expected};
use crate::support::runner::Hit;
use crate::support::thread_pool;

/// Beginnings of the ids that a vector speaks of.
const FAMILIES: [&str; 6] = [
    "gateway.",
    "discovery.",
    "mcp.apps.enabled",
    "config.insecure_or_dangerous_flags",
    "config.secrets.",
    "hooks.",
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    config: Value,
    env: BTreeMap<String, String>,
    /// What OpenClaw 2026.9.6 reports.
    openclaw: Vec<Hit>,
    /// What chitin reports, where that differs, and why.
    expect: Option<Vec<Hit>>,
    reason: Option<String>,
}

impl Vector {
    fn name(&self) -> String {
        format!("{} {:?}", self.config, self.env)
    }

    fn verdict(&self) -> Verdict {
        let layout = Layout {
            config: &self.config,
            files: &[],
            env: &self.env,
            stubs: &[],
            no_state_env: false,
            deep: false,
        };
        let (report, _) = layout.audit();
        let mut problems = report.module_failures();
        let hits: Vec<Hit> = report
            .hits()
            .into_iter()
            .filter(|(id, _)| FAMILIES.iter().any(|family| id.starts_with(family)))
            .collect();
        let expected = self.expect.as_ref().unwrap_or(&self.openclaw);
        if hits != *expected {
            problems.push(format!("wanted {expected:?}"));
            problems.push(format!("there is {hits:?}"));
        }
        if self.expect.as_ref() == Some(&self.openclaw)
            || self.expect.is_some() != self.reason.is_some()
        {
            problems.push("it does not deviate, or has no reason".to_owned());
        }
        match &self.reason {
            _ if !problems.is_empty() => Verdict::Failed(problems),
            Some(reason) => Verdict::Deviation(reason.clone()),
            None => Verdict::Ok,
        }
    }
}

#[test]
fn vectors() {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../../data/conformance/vectors.json")).unwrap();
    assert_all_as_expected(thread_pool::map(&vectors, |vector| (vector.name(), vector.verdict())));
}
