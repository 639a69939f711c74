//! The live gateway as OpenClaw asks it: `PORT` in a case is the port of a gateway that knows one token, or of nobody.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Verdict, assert_all_as_expected};
use crate::live::gateway::Gateway;
use crate::support::runner::{Report, Run};
use crate::support::thread_pool;
use crate::support::workspace::Workspace;

/// A port that nobody listens on.
const NOBODY: u16 = 1;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// The token that the gateway knows; without one there is no gateway.
    gateway: Option<String>,
    config: Value,
    #[serde(default)]
    env: BTreeMap<String, String>,
    /// `--token`
    token: Option<String>,
    #[serde(default)]
    present: Vec<String>,
    #[serde(default)]
    absent: Vec<String>,
    /// What the details of the present findings say.
    detail: Option<String>,
    /// The code with which the gateway closed.
    close: Option<u16>,
}

impl Case {
    fn audit(&self) -> (Report, u16) {
        let gateway = self.gateway.as_ref().map(|token| Gateway::healthy(token.clone().leak()));
        let port = gateway.as_ref().map_or(NOBODY, |gateway| gateway.port);
        let fill = |text: &str| text.replace("PORT", &port.to_string());
        let config = fill(&self.config.to_string().replace("\"PORT\"", "PORT"));
        let workspace = Workspace::with_config_text(config);
        let mut run = Run::audit_json(&workspace).arg("--deep").env("PATH", "/nonexistent");
        for (name, value) in &self.env {
            run = run.env(name, fill(value));
        }
        if let Some(token) = &self.token {
            run = run.arg("--token").arg(token);
        }
        (run.go().json(), port)
    }

    fn verdict(&self) -> Verdict {
        let (report, port) = self.audit();
        let mut problems = report.module_failures();
        problems
            .extend(report.not_run().iter().map(|(rule, why)| format!("{rule} not run: {why}")));
        for id in &self.present {
            let detail = report.texts(id, "detail");
            let wanted =
                self.detail.as_deref().unwrap_or_default().replace("PORT", &port.to_string());
            if !report.has(id) {
                problems.push(format!("wanted {id}: {}", report.0["deep"]));
            } else if !detail.contains(&wanted) {
                problems.push(format!("{id} does not say `{wanted}`: {detail}"));
            }
        }
        for id in self.absent.iter().filter(|id| report.has(id)) {
            problems.push(format!("unwanted {id}: {}", report.texts(id, "detail")));
        }
        let gateway = &report.0["deep"]["gateway"];
        if gateway["ok"] == report.has("gateway.probe_failed") {
            problems.push(format!("finding and report differ: {gateway}"));
        }
        if self.close.is_some_and(|code| gateway["close"]["code"] != code) {
            problems.push(format!("not closed as wanted: {gateway}"));
        }
        if problems.is_empty() { Verdict::Ok } else { Verdict::Failed(problems) }
    }
}

#[test]
fn the_live_gateway() {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("../../data/conformance/probe.json")).unwrap();
    assert_all_as_expected(thread_pool::map(&cases, |case| (case.name.clone(), case.verdict())));
}
