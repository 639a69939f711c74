//! The machine that a case describes: config, files, environment, programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::Value;

use crate::support::runner::{Report, Run};
use crate::support::workspace::Workspace;

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Entry {
    File { path: String, mode: String, content: String },
    Dir { path: String, mode: String },
    Symlink { path: String, target: String },
    Sqlite { path: String, mode: String, sql: Vec<String> },
}

/// What a program answers to arguments, the first that fits; without output and with code 0 if nothing else is said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stub {
    program: String,
    first_arg: Option<String>,
    #[serde(default)]
    stdout: String,
    #[serde(default)]
    stderr: String,
    #[serde(default)]
    code: i32,
    /// It cannot be started.
    error: Option<String>,
}

#[derive(Debug)]
pub(super) struct Layout<'c> {
    pub(super) config: &'c Value,
    pub(super) files: &'c [Entry],
    pub(super) env: &'c BTreeMap<String, String>,
    pub(super) stubs: &'c [Stub],
    /// The state directory is not named in the environment.
    pub(super) no_state_env: bool,
    /// Code is read, and the gateway asked.
    pub(super) deep: bool,
}

impl Layout<'_> {
    /// Makes config and files.
    pub(super) fn make(&self) -> (Workspace, Placeholders) {
        let workspace = Workspace::new();
        let fill = Placeholders::of(&workspace);
        workspace.file("state/openclaw.json", 0o600, fill.fill(&self.config.to_string()));
        for file in self.files {
            file.make(&workspace, &fill);
        }
        (workspace, fill)
    }

    /// Makes all of it and audits it.
    pub(super) fn audit(&self) -> (Report, Placeholders) {
        let (workspace, fill) = self.make();
        // Docker is there only as a stub.
        workspace.dir("programs", 0o700);
        for program in self.stubs.iter().map(|stub| stub.program.as_str()) {
            write_program(&workspace, program, self.stubs);
        }
        let mut run =
            Run::audit_json(&workspace).env("PATH", workspace.path("programs")).envs(self.env);
        if self.deep {
            run = run.arg("--deep");
        }
        if self.no_state_env {
            run = run.without_env("OPENCLAW_STATE_DIR");
        }
        (run.go().json(), fill)
    }
}

/// The names that stand for directories in a case.
#[derive(Debug)]
pub(super) struct Placeholders([(&'static str, String); 3]);

impl Placeholders {
    fn of(workspace: &Workspace) -> Self {
        let text = |path: std::path::PathBuf| path.to_str().unwrap().to_owned();
        Self([
            ("${ROOT}", text(workspace.root().to_owned())),
            ("${STATE}", text(workspace.state())),
            ("${HOME}", text(workspace.home())),
        ])
    }

    pub(super) fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }
}

impl Entry {
    fn make(&self, workspace: &Workspace, fill: &Placeholders) {
        let mode = |text: &str| u32::from_str_radix(text, 8).unwrap();
        match self {
            Self::File { path, mode: bits, content } => {
                workspace.file(fill.fill(path), mode(bits), fill.fill(content));
            }
            Self::Dir { path, mode: bits } => workspace.dir(fill.fill(path), mode(bits)),
            Self::Symlink { path, target } => workspace.link(fill.fill(path), fill.fill(target)),
            Self::Sqlite { path, mode: bits, sql } => {
                let statements: Vec<_> = sql.iter().map(|statement| fill.fill(statement)).collect();
                workspace.database(&fill.fill(path), mode(bits), &statements);
            }
        }
    }
}

/// A shell script that answers as the stubs of a program say.
fn write_program(workspace: &Workspace, program: &str, stubs: &[Stub]) {
    let stubs: Vec<_> = stubs.iter().filter(|stub| stub.program == program).collect();
    if stubs.iter().any(|stub| stub.error.is_some()) {
        return;
    }
    let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    let mut script = "#!/bin/sh\n".to_owned();
    for stub in stubs {
        let condition = stub
            .first_arg
            .as_ref()
            .map_or_else(|| "true".to_owned(), |first| format!("[ \"$1\" = {} ]", quoted(first)));
        writeln!(
            script,
            "if {condition}; then printf %s {}; printf %s {} >&2; exit {}; fi",
            quoted(&stub.stdout),
            quoted(&stub.stderr),
            stub.code,
        )
        .unwrap();
    }
    script.push_str("exit 127\n");
    workspace.file(format!("programs/{program}"), 0o700, script);
}
