//! Runs the program as a process, in an environment that is written out in full.

use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::workspace::Workspace;

/// A run that takes longer hangs, even on a slow machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// A run that is being prepared.
#[derive(Debug)]
pub(crate) struct Run<'p> {
    workspace: &'p Workspace,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
}

/// What the program said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The root of the workspace, to be taken out of texts.
    root: String,
}

impl<'p> Run<'p> {
    /// With these arguments, and nothing in the environment but `HOME` and `PATH`.
    pub(crate) fn new(workspace: &'p Workspace, arguments: &[&str]) -> Self {
        Self {
            workspace,
            arguments: arguments.iter().map(OsString::from).collect(),
            environment: vec![
                ("HOME".into(), workspace.home().into()),
                ("PATH".into(), "/usr/bin:/bin".into()),
            ],
        }
    }

    /// An audit of the workspace's state directory, found through the environment.
    ///
    /// A machine that is busy with other tests must not decide about a result, so there is time enough.
    pub(crate) fn audit(workspace: &'p Workspace) -> Self {
        Self::new(workspace, &["audit", "--limit", "time=60000"])
            .env("OPENCLAW_STATE_DIR", workspace.state())
    }

    /// The same as JSON.
    pub(crate) fn audit_json(workspace: &'p Workspace) -> Self {
        Self::audit(workspace).arg("--json")
    }

    #[must_use]
    pub(crate) fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Sets a variable; a later value replaces an earlier one.
    #[must_use]
    pub(crate) fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    #[must_use]
    pub(crate) fn envs<N, V>(self, variables: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: AsRef<OsStr>,
        V: AsRef<OsStr>,
    {
        variables
            .into_iter()
            .fold(self, |run, (name, value)| run.env(name.as_ref(), value.as_ref()))
    }

    #[must_use]
    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.environment.retain(|(known, _)| known != name);
        self
    }

    /// The program, with no standard streams set yet.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chitin-under-test"));
        command
            .arg0("chitin")
            .args(&self.arguments)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.workspace.root());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn go(self) -> Answer {
        let mut child = self
            .command()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = listen(child.stdout.take().unwrap());
        let stderr = listen(child.stderr.take().unwrap());
        let started = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if started.elapsed() > PATIENCE {
                child.kill().unwrap();
                panic!("the program does not come to an end");
            }
            thread::sleep(Duration::from_millis(1));
        };
        Answer {
            exit: status.code().unwrap_or_else(|| panic!("the program was killed: {status}")),
            stdout: stdout.join().unwrap(),
            stderr: stderr.join().unwrap(),
            root: self.workspace.root().to_str().unwrap().to_owned(),
        }
    }
}

/// Reads a pipe while the program runs, so the program never waits for a reader.
fn listen(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).unwrap();
        text
    })
}

impl Answer {
    /// A text of this run without what differs from run to run.
    pub(crate) fn redact(&self, text: &str) -> String {
        text.replace(&self.root, "@@ROOT@@")
    }

    /// The whole of standard output, without what differs from run to run.
    pub(crate) fn redacted(&self) -> String {
        without_time(&self.redact(&self.stdout))
    }

    /// The JSON report; the audit must have made one.
    pub(crate) fn json(&self) -> Report {
        assert!(
            matches!(self.exit, 0 | 3 | 10),
            "exit {}\n{}{}",
            self.exit,
            self.stdout,
            self.stderr
        );
        Report(serde_json::from_str(&self.stdout).unwrap())
    }
}

/// The report with `ts` set to zero.
fn without_time(text: &str) -> String {
    let Some((before, rest)) = text.split_once("\"ts\": ") else { return text.to_owned() };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    format!("{before}\"ts\": 0{}", &rest[digits..])
}

/// A parsed JSON report.
#[derive(Debug)]
pub(crate) struct Report(pub(crate) Value);

/// A finding's id and severity.
pub(crate) type Hit = (String, String);

impl Report {
    fn list(&self, pointer: &str) -> &[Value] {
        self.0.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn findings(&self) -> &[Value] {
        self.list("/findings")
    }

    /// Id and severity of every finding, in the order of the report.
    pub(crate) fn hits(&self) -> Vec<Hit> {
        self.findings()
            .iter()
            .map(|finding| {
                (text(finding, "checkId").to_owned(), text(finding, "severity").to_owned())
            })
            .collect()
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        self.hits().into_iter().map(|(id, _)| id).collect()
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.findings().iter().any(|finding| text(finding, "checkId") == id)
    }

    pub(crate) fn suppressed(&self) -> Vec<&str> {
        self.list("/suppressedFindings").iter().map(|finding| text(finding, "checkId")).collect()
    }

    /// A text field of all findings of an id, one after the other.
    pub(crate) fn texts(&self, id: &str, field: &str) -> String {
        self.findings()
            .iter()
            .filter(|finding| text(finding, "checkId") == id)
            .map(|finding| text(finding, field))
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// The places of the first finding with an id.
    pub(crate) fn locations(&self, id: &str) -> &[Value] {
        let index = self.ids().iter().position(|found| found == id);
        let index = index.unwrap_or_else(|| panic!("there is no finding {id}"));
        self.list(&format!("/chitin/findings/{index}/locations"))
    }

    /// Status and reason of a rule.
    pub(crate) fn ledger(&self, rule: &str) -> (&str, &str) {
        let entry = self.list("/chitin/ledger").iter().find(|entry| text(entry, "rule") == rule);
        let entry = entry.unwrap_or_else(|| panic!("{rule} is not in the ledger"));
        (text(entry, "status"), text(entry, "reason"))
    }

    /// The rules that should have run and did not, with the reason.
    pub(crate) fn not_run(&self) -> Vec<(&str, &str)> {
        self.list("/chitin/ledger")
            .iter()
            .filter(|entry| text(entry, "status") == "not-run")
            .map(|entry| (text(entry, "rule"), text(entry, "reason")))
            .collect()
    }

    /// What went wrong with a built-in module: it failed, or said something that was not accepted. Must be empty
    /// whatever the input is.
    pub(crate) fn module_failures(&self) -> Vec<String> {
        let mut found = Vec::new();
        for module in self.list("/chitin/modules") {
            let id = text(module, "id");
            if let Some(failure) = module.get("failure").and_then(Value::as_str) {
                found.push(format!("{id} failed: {failure}"));
            }
            let rejected = module.get("rejected").and_then(Value::as_array).into_iter().flatten();
            found.extend(rejected.map(|what| format!("{id}: {what}")));
        }
        found
    }
}

/// A text field, empty when it is not there.
fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}
