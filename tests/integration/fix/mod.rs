//! `chitin fix`, `chitin undo` and `chitin audit --fix` as processes.

mod corpus;
mod edits;
mod hostile;
mod permissions;
mod preview;
mod prompts;

use std::path::Path;

use serde_json::Value;

use crate::support::runner::{Answer, Run};
use crate::support::workspace::Workspace;

/// The program on the gateway of a workspace.
pub(crate) fn run(workspace: &Workspace, arguments: &[&str]) -> Answer {
    prepared(workspace, arguments).go()
}

fn prepared<'p>(workspace: &'p Workspace, arguments: &[&str]) -> Run<'p> {
    Run::new(workspace, arguments).env("OPENCLAW_STATE_DIR", workspace.state())
}

/// The report of `audit --fix --json`.
pub(crate) struct Fixed(pub(crate) Value);

impl Fixed {
    pub(crate) fn of(workspace: &Workspace) -> Self {
        Self::from(run(workspace, &["audit", "--fix", "--json"]))
    }

    fn with(workspace: &Workspace, variable: &str, value: &str) -> Self {
        Self::from(prepared(workspace, &["audit", "--fix", "--json"]).env(variable, value).go())
    }

    fn texts(&self, key: &str) -> Vec<&str> {
        let list = self.0["fix"][key].as_array().unwrap();
        list.iter().map(|text| text.as_str().unwrap()).collect()
    }

    pub(crate) fn ok(&self) -> bool {
        self.0["fix"]["ok"].as_bool().unwrap()
    }

    pub(crate) fn config_written(&self) -> bool {
        self.0["fix"]["configWritten"].as_bool().unwrap()
    }

    pub(crate) fn changes(&self) -> Vec<&str> {
        self.texts("changes")
    }

    pub(crate) fn errors(&self) -> Vec<&str> {
        self.texts("errors")
    }

    fn actions(&self) -> &[Value] {
        self.0["fix"]["actions"].as_array().unwrap()
    }

    fn action(&self, path: &Path) -> &Value {
        let path = path.to_str().unwrap();
        let found = self.actions().iter().find(|action| action["path"] == path);
        found.unwrap_or_else(|| panic!("{path}: {:?}", self.actions()))
    }
}

impl From<Answer> for Fixed {
    fn from(answer: Answer) -> Self {
        let report = serde_json::from_str(&answer.stdout);
        Self(report.unwrap_or_else(|error| panic!("{error}: {}", answer.stderr)))
    }
}

/// What the config means now.
pub(crate) fn config_of(workspace: &Workspace) -> Value {
    let limits = chitin_config::ConfigLimits::default();
    chitin_config::parse::parse(&workspace.read("state/openclaw.json"), &limits).unwrap().json
}
