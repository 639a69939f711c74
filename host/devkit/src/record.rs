//! A record: what one module asked in one run, what the host answered, and what it reported. One file, made to be sent to
//! the module's author and kept as a fixture.
//!
//! Everything in it is as the module saw it: secrets are sealed, and what was not granted is not in it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{DevkitError, files, run};
use chitin_model::escape::escaped_json;
use chitin_model::finding::Severity;
use chitin_model::ledger::Status;
use chitin_model::manifest::{Manifest, WIT_VERSION};
use chitin_runtime::limits::Limits;
use chitin_runtime::{Module, Outcome};
use chitin_view::View;
use chitin_view::recording::{Interaction, Recorder, Replayer};

/// The version of the file's format.
pub const SCHEMA: u32 = 2;

/// The largest record that is read; a written one is smaller.
const MAX_RECORD: u64 = 256 << 20;

/// The file's content.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Record {
    schema: u32,
    /// The version of chitin that made it.
    chitin: String,
    contract: String,
    pub module: Identity,
    /// False if the answers were too large to be kept in full.
    pub complete: bool,
    interactions: Vec<Interaction>,
    #[serde(rename = "said")]
    pub output: ModuleOutput,
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

/// The SHA-256 of a component in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    chitin_fs::hash::sha256_hex(bytes)
}

/// What a module reported in a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ModuleOutput {
    pub findings: Vec<RecordedFinding>,
    pub statuses: Vec<RecordedStatus>,
    /// What the host did not accept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<String>,
    /// Why it did not run to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RecordedFinding {
    pub rule: String,
    pub severity: Severity,
    pub title: String,
    pub detail: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remediation: Option<String>,
}

/// How a rule ended, other than with a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RecordedStatus {
    pub rule: String,
    pub status: Status,
    pub reason: String,
}

impl ModuleOutput {
    pub(super) fn of(outcome: &Outcome) -> Self {
        let findings = outcome.output.findings.iter().map(|finding| RecordedFinding {
            rule: finding.rule.clone(),
            severity: finding.severity,
            title: finding.title.clone(),
            detail: finding.detail.clone(),
            remediation: finding.remediation.clone(),
        });
        let statuses = outcome.output.statuses.iter().map(|(rule, (status, reason))| {
            RecordedStatus { rule: rule.clone(), status: *status, reason: reason.clone() }
        });
        Self {
            findings: findings.collect(),
            statuses: statuses.collect(),
            rejected: outcome.output.rejected.clone(),
            failure: outcome.failure.as_ref().map(ToString::to_string),
        }
    }
}

impl ModuleOutput {
    /// Rules without a result do not count as passed, as in an audit of an incomplete config.
    pub(super) fn mark_silent_rules_not_run(&mut self, manifest: &Manifest, reason: &str) {
        for rule in &manifest.rules {
            let has_result = self.findings.iter().any(|finding| rule.covers(&finding.rule))
                || self.statuses.iter().any(|status| status.rule == rule.id);
            if !has_result {
                self.statuses.push(RecordedStatus {
                    rule: rule.id.clone(),
                    status: Status::NotRun,
                    reason: reason.to_owned(),
                });
            }
        }
    }
}

impl Record {
    /// The record of a module's run.
    pub fn new(module: Identity, recorder: &Recorder, outcome: &Outcome) -> Self {
        let recording = recorder.recording();
        Self {
            schema: SCHEMA,
            chitin: env!("CARGO_PKG_VERSION").to_owned(),
            contract: WIT_VERSION.to_owned(),
            module,
            complete: !recording.cut,
            interactions: recording.interactions,
            output: ModuleOutput::of(outcome),
        }
    }

    /// How many questions were recorded.
    pub fn len(&self) -> usize {
        self.interactions.len()
    }

    pub fn is_empty(&self) -> bool {
        self.interactions.is_empty()
    }

    /// Writes it so that only the owner can read it: what a module saw of a gateway is not public.
    pub fn write(&self, path: &Path) -> Result<(), DevkitError> {
        let json = serde_json::to_string_pretty(self).map_err(|error| DevkitError::Record {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
        files::write_private(path, (escaped_json(&json) + "\n").as_bytes())
    }

    pub fn read(path: &Path) -> Result<Self, DevkitError> {
        let malformed = |reason: String| DevkitError::Record { path: path.to_owned(), reason };
        let text = files::read_text(path, MAX_RECORD)?;
        let value: serde_json::Value =
            serde_json::from_str(&text).map_err(|error| malformed(error.to_string()))?;
        let schema = value.get("schema").and_then(serde_json::Value::as_u64);
        match schema {
            Some(schema) if schema == u64::from(SCHEMA) => {}
            Some(schema) => {
                return Err(DevkitError::RecordSchema {
                    path: path.to_owned(),
                    schema,
                    ours: SCHEMA,
                });
            }
            None => return Err(malformed("it has no `schema`".to_owned())),
        }
        serde_json::from_value(value).map_err(|error| malformed(error.to_string()))
    }
}

/// The result of a replay.
#[derive(Debug)]
pub struct Replayed {
    pub output: ModuleOutput,
    /// What the module asked for and is not in the record.
    pub missing: Vec<String>,
}

/// Runs a module over a record.
pub async fn replay(
    module: Module,
    record: &Record,
    limits: Limits,
) -> Result<Replayed, DevkitError> {
    let replayer = Replayer::new(record.interactions.clone());
    let view = View::replayed(replayer.clone(), module.manifest.grants.clone())
        .map_err(|error| DevkitError::Run(error.to_string()))?;
    let outcome = run::run_module(module, view, limits, Vec::new()).await?;
    Ok(Replayed { output: ModuleOutput::of(&outcome), missing: replayer.missing() })
}
