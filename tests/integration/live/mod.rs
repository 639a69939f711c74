//! The live gateway, asked by the real program: one that is as it should be, and many hostile ones.

pub(crate) mod gateway;
mod guards;
mod happy_path;
mod hostile_frames;
mod hostile_words;
mod tls;

use serde_json::{Value, json};

use crate::support::runner::{Answer, Report, Run};
use crate::support::workspace::Workspace;

const FAILED: &str = "gateway.probe_failed";
const UNAVAILABLE: &str = "gateway.probe_auth_secretref_unavailable";

/// A token that only this gateway has.
const TOKEN: &str = "the-token-of-this-gateway-4711";

/// A machine whose config has the port and the token of a gateway.
fn machine(port: u16) -> Workspace {
    Workspace::with_config(&json!({"gateway": {"port": port, "auth": {"token": TOKEN}}}))
}

/// A deep audit, without docker.
fn deep(workspace: &Workspace) -> Run<'_> {
    Run::audit_json(workspace).arg("--deep").env("PATH", "/nonexistent")
}

/// What the report says about the live gateway.
struct ProbeRun {
    answer: Answer,
    report: Report,
}

impl ProbeRun {
    fn by(run: Run<'_>) -> Self {
        let answer = run.go();
        let report = answer.json();
        assert_eq!(report.module_failures(), [""; 0]);
        Self { answer, report }
    }

    fn gateway(&self) -> &Value {
        &self.report.0["deep"]["gateway"]
    }

    /// The reason for which the gateway did not answer; it is in the finding too.
    fn error(&self) -> &str {
        let error =
            self.gateway()["error"].as_str().unwrap_or_else(|| panic!("{}", self.gateway()));
        assert_eq!(self.gateway()["attempted"], true, "{error}");
        assert_eq!(self.gateway()["ok"], false, "{error}");
        assert_eq!(self.report.texts(FAILED, "detail"), error);
        assert_eq!(self.report.ledger(FAILED).0, "finding");
        error
    }

    /// Code and reason with which the gateway closed.
    fn close(&self) -> (u64, &str) {
        let close = &self.gateway()["close"];
        (close["code"].as_u64().unwrap_or_default(), close["reason"].as_str().unwrap_or_default())
    }

    fn assert_well(&self) {
        assert!(!self.report.has(FAILED), "{}", self.report.texts(FAILED, "detail"));
        assert_eq!(self.report.ledger(FAILED).0, "passed");
        let gateway = self.gateway();
        assert_eq!((&gateway["attempted"], &gateway["ok"]), (&json!(true), &json!(true)));
        assert_eq!((&gateway["error"], &gateway["close"]), (&Value::Null, &Value::Null));
    }

    /// In nothing that was printed.
    fn assert_silent_about(&self, secret: &str) {
        for text in [&self.answer.stdout, &self.answer.stderr] {
            assert!(!text.contains(secret), "`{secret}` in {text}");
        }
    }
}
