//! A record: what one module asked in one run, what it was told, and what it said. One file, made to be sent to the
//! module's author and kept as a fixture.
//!
//! Everything in it is as the module saw it: secrets are sealed, and what was not granted is not there.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{AuthorError, files, run};
use chitin_model::escape::escaped_json;
use chitin_model::finding::Severity;
use chitin_model::ledger::Status;
use chitin_model::manifest::{Manifest, WIT_VERSION};
use chitin_runtime::limits::Limits;
use chitin_runtime::{Module, Outcome};
use chitin_view::View;
use chitin_view::recording::{Exchange, Player, Question, Recorder};

/// The version of the file's format.
pub const SCHEMA: u32 = 1;

/// The largest record that is read; one that is written is smaller.
const MAX_RECORD: u64 = 256 << 20;

/// The file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Record {
    schema: u32,
    /// The version of the program that made it.
    chitin: String,
    contract: String,
    pub module: Identity,
    /// False when the view was too large to be kept as a whole.
    pub complete: bool,
    exchanges: Vec<Exchange>,
    pub said: Said,
}

/// Which module it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub id: String,
    pub version: String,
    /// Of the component, in hexadecimal.
    pub sha256: String,
}

impl Identity {
    pub fn of(manifest: &Manifest, component: &[u8]) -> Self {
        Self {
            id: manifest.id.clone(),
            version: manifest.version.clone(),
            sha256: sha256(component),
        }
    }
}

/// The hash that names a component.
pub fn sha256(bytes: &[u8]) -> String {
    chitin_fs::hash::sha256_hex(bytes)
}

/// What a module said in a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Said {
    pub findings: Vec<SaidFinding>,
    pub statuses: Vec<SaidStatus>,
    /// What the host did not accept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<String>,
    /// Why it did not run to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SaidFinding {
    pub rule: String,
    pub severity: Severity,
    pub title: String,
    pub detail: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remediation: Option<String>,
}

/// What became of a rule, other than through a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SaidStatus {
    pub rule: String,
    pub status: Status,
    pub reason: String,
}

impl Said {
    pub(super) fn of(outcome: &Outcome) -> Self {
        let findings = outcome.said.findings.iter().map(|finding| SaidFinding {
            rule: finding.rule.clone(),
            severity: finding.severity,
            title: finding.title.clone(),
            detail: finding.detail.clone(),
            remediation: finding.remediation.clone(),
        });
        let statuses = outcome.said.statuses.iter().map(|(rule, (status, reason))| SaidStatus {
            rule: rule.clone(),
            status: *status,
            reason: reason.clone(),
        });
        Self {
            findings: findings.collect(),
            statuses: statuses.collect(),
            rejected: outcome.said.rejected.clone(),
            failure: outcome.failure.clone(),
        }
    }
}

impl Said {
    /// Rules that have not spoken do not count as passed, as in an audit of an incomplete config.
    pub(super) fn silence_is_not_run(&mut self, manifest: &Manifest, reason: &str) {
        for rule in &manifest.rules {
            let spoke = self.findings.iter().any(|finding| rule.covers(&finding.rule))
                || self.statuses.iter().any(|status| status.rule == rule.id);
            if !spoke {
                self.statuses.push(SaidStatus {
                    rule: rule.id.clone(),
                    status: Status::NotRun,
                    reason: reason.to_owned(),
                });
            }
        }
    }
}

impl Record {
    /// What was heard in a run of a module.
    pub fn new(module: Identity, recorder: &Recorder, outcome: &Outcome) -> Self {
        let tape = recorder.tape();
        Self {
            schema: SCHEMA,
            chitin: env!("CARGO_PKG_VERSION").to_owned(),
            contract: WIT_VERSION.to_owned(),
            module,
            complete: !tape.cut,
            exchanges: tape.exchanges,
            said: Said::of(outcome),
        }
    }

    /// How many questions were answered.
    pub fn len(&self) -> usize {
        self.exchanges.len()
    }

    pub fn is_empty(&self) -> bool {
        self.exchanges.is_empty()
    }

    /// Writes it for its owner alone: what a module saw of a gateway is not for everybody.
    pub fn write(&self, path: &Path) -> Result<(), AuthorError> {
        let json = serde_json::to_string_pretty(self).map_err(|error| AuthorError::Record {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
        files::write_private(path, (escaped_json(&json) + "\n").as_bytes())
    }

    pub fn read(path: &Path) -> Result<Self, AuthorError> {
        let malformed = |reason: String| AuthorError::Record { path: path.to_owned(), reason };
        let text = files::read_text(path, MAX_RECORD)?;
        let value: serde_json::Value =
            serde_json::from_str(&text).map_err(|error| malformed(error.to_string()))?;
        let schema = value.get("schema").and_then(serde_json::Value::as_u64);
        match schema {
            Some(schema) if schema == u64::from(SCHEMA) => {}
            Some(schema) => {
                return Err(AuthorError::RecordSchema {
                    path: path.to_owned(),
                    schema,
                    ours: SCHEMA,
                });
            }
            None => return Err(malformed("it has no schema".to_owned())),
        }
        serde_json::from_value(value).map_err(|error| malformed(error.to_string()))
    }
}

/// What came of a replay.
#[derive(Debug)]
pub struct Replayed {
    pub said: Said,
    /// What the module asked and the record does not answer.
    pub missing: Vec<Question>,
}

/// Runs a module over a record.
pub async fn replay(
    module: Module,
    record: &Record,
    limits: Limits,
) -> Result<Replayed, AuthorError> {
    let player = Player::new(record.exchanges.clone());
    let view = View::replayed(player.clone(), module.manifest.grants.clone())
        .map_err(|error| AuthorError::Run(error.to_string()))?;
    let outcome = run::alone(module, view, limits, Vec::new()).await?;
    Ok(Replayed { said: Said::of(&outcome), missing: player.missing() })
}
