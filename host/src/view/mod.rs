//! What a check may see. A [`View`] is one module's window: it holds the inputs of the run and the module's grants, and
//! every question goes through both. All versions of the contract share it, so that no version can forget a check.

mod code;
mod containers;
pub mod grants;
mod inputs;
mod locate;
mod seal;
mod secrets;

use std::sync::Arc;

use grants::{Fact, Grants, Level};

use crate::collect::config::{Limits, Problem, Shape, Text, Value, syntax};
use crate::collect::facts::{BrowserContainers, GatewayProbe, InstallKind, InstallRecords};
use crate::collect::files::{self, FilesError, Listing, Metadata};
use crate::finding::Change;

pub use code::{CodeFinding, CodeScan, Remark};
pub use inputs::{AuthOverride, Inputs, SealedOverride};
pub use seal::{Placeholder, Seal, Source};

/// Why a question gets no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotGranted(String),
    Unavailable(String),
    NotHere(String),
}

impl From<FilesError> for Refusal {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::UnknownRoot { .. } => Self::NotHere(error.to_string()),
            error => Self::Unavailable(error.to_string()),
        }
    }
}

pub type Answer<T> = Result<T, Refusal>;

/// How a config value came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Literal,
    Env,
    EnvUnresolved,
    SecretRef,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    pub origin: Origin,
    pub variables: Vec<String>,
    pub file: String,
    pub included: bool,
}

/// A problem as a check may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownProblem {
    pub kind: crate::collect::config::ProblemKind,
    pub message: String,
    pub file: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Json,
    Text,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    Missing,
    NotAFile,
    TooLarge,
    Unreadable(String),
    Malformed,
    Text(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    Linux,
    Macos,
    Windows,
    Other,
}

/// One module's window on the inputs of a run.
#[derive(Clone)]
pub struct View {
    inputs: Arc<Inputs>,
    grants: Grants,
}

impl View {
    pub fn new(inputs: Arc<Inputs>, grants: Grants) -> Self {
        Self { inputs, grants }
    }

    /// Gathers the granted facts that take long, before the module's time begins to run.
    pub async fn prepare(&self) {
        if self.grants.allow_fact(&Fact::BrowserContainers) {
            self.inputs.ask_for_containers().await;
        }
    }

    fn config_grant(&self, pointer: &str) -> Answer<()> {
        if self.grants.allow_config(pointer) {
            return Ok(());
        }
        Err(Refusal::NotGranted(format!("config `{}`", pointer.escape_debug())))
    }

    fn fact_grant(&self, fact: &Fact) -> Answer<()> {
        if self.grants.allow_fact(fact) {
            return Ok(());
        }
        Err(Refusal::NotGranted(format!("fact `{fact}`")))
    }

    fn file_grant(&self, root: &str, path: &str, level: Level) -> Answer<()> {
        if self.grants.allow_file(root, path, level) {
            return Ok(());
        }
        let level = match level {
            Level::Metadata => "metadata",
            Level::Content => "content",
        };
        let place = format!("{root}:{path}");
        Err(Refusal::NotGranted(format!("{level} of `{}`", place.escape_debug())))
    }

    pub fn effective(&self, pointer: &str) -> Answer<Option<String>> {
        self.config_grant(pointer)?;
        Ok(self.inputs.sealed_config()?.effective.pointer(pointer).map(ToString::to_string))
    }

    pub fn authored(&self, pointer: &str) -> Answer<Option<String>> {
        self.config_grant(pointer)?;
        Ok(self.inputs.sealed_config()?.authored.pointer(pointer).map(ToString::to_string))
    }

    pub fn provenance(&self, pointer: &str) -> Answer<Option<Provenance>> {
        self.config_grant(pointer)?;
        let pointer = self.inputs.sealed_config()?.real_pointer(pointer);
        let Some(value) = self.inputs.config().value(&pointer) else { return Ok(None) };
        let (origin, variables) = match &value.shape {
            Shape::Reference(_) => (Origin::SecretRef, Vec::new()),
            Shape::Text(Text { variables, missing, .. }) => {
                let origin = match (variables.is_empty(), missing.is_empty()) {
                    (true, _) => Origin::Literal,
                    (false, true) => Origin::Env,
                    (false, false) => Origin::EnvUnresolved,
                };
                (origin, variables.clone())
            }
            _ => (Origin::Literal, Vec::new()),
        };
        let file = self.inputs.config().files.get(value.place.file);
        Ok(Some(Provenance {
            origin,
            variables,
            file: file.map_or_else(String::new, |file| self.inputs.config_relative(&file.path)),
            included: file.is_some_and(|file| file.included),
        }))
    }

    pub fn problems(&self) -> Answer<Vec<ShownProblem>> {
        self.fact_grant(&Fact::ConfigProblems)?;
        let shown = |problem: &Problem| ShownProblem {
            kind: problem.kind,
            message: self.blank(&problem.message),
            file: self.blank(&self.inputs.config_relative(&problem.path)),
        };
        Ok(self.inputs.config().problems.iter().map(shown).collect())
    }

    /// The granted roots of this run, with their paths.
    pub fn roots(&self) -> Vec<(String, String)> {
        let mut roots: Vec<_> = self
            .inputs
            .roots()
            .iter()
            .filter(|(name, _)| self.grants.allow_root(name))
            .map(|(name, path)| (name.to_owned(), path.display().to_string()))
            .collect();
        roots.sort();
        roots
    }

    pub fn describe(&self, root: &str, path: &str) -> Answer<String> {
        self.file_grant(root, path, Level::Metadata)?;
        Ok(self.inputs.roots().describe(root, path)?)
    }

    pub fn stat(&self, root: &str, path: &str) -> Answer<Option<Metadata>> {
        self.file_grant(root, path, Level::Metadata)?;
        Ok(self.inputs.roots().stat(root, path)?)
    }

    pub fn list(&self, root: &str, path: &str) -> Answer<Option<Listing>> {
        self.file_grant(root, path, Level::Metadata)?;
        Ok(self.inputs.roots().list(root, path)?)
    }

    pub fn read(&self, root: &str, path: &str, format: Format, max: u32) -> Answer<Content> {
        self.file_grant(root, path, Level::Content)?;
        if self.inputs.holds_secrets(root, path) {
            return Ok(Content::Unreadable("holds secrets; its content is never given".to_owned()));
        }
        Ok(match self.inputs.roots().read(root, path, u64::from(max))? {
            files::Content::Missing => Content::Missing,
            files::Content::NotAFile => Content::NotAFile,
            files::Content::TooLarge => Content::TooLarge,
            files::Content::Unreadable(reason) => Content::Unreadable(reason),
            files::Content::Bytes(bytes) => self.show(&bytes, format),
        })
    }

    fn show(&self, bytes: &[u8], format: Format) -> Content {
        let sealer = self.inputs.sealer();
        let shown = |value: &serde_json::Value| Content::Text(sealer.seal_json(value).to_string());
        match format {
            Format::Json => {
                serde_json::from_slice(bytes).map_or(Content::Malformed, |value| shown(&value))
            }
            Format::Text if bytes.contains(&0) => Content::Malformed,
            Format::Text => {
                let text = String::from_utf8_lossy(bytes);
                // A document says which of its texts are secrets better than any shape.
                match syntax::parse(&text, &Limits::default()) {
                    Ok(document) if document.json.is_object() || document.json.is_array() => {
                        shown(&document.json)
                    }
                    _ => Content::Text(sealer.blank_document(&text)),
                }
            }
        }
    }

    pub fn platform(&self) -> Answer<Platform> {
        self.fact_grant(&Fact::Platform)?;
        Ok(match std::env::consts::OS {
            "linux" => Platform::Linux,
            "macos" => Platform::Macos,
            "windows" => Platform::Windows,
            _ => Platform::Other,
        })
    }

    pub fn environment(&self, name: &str) -> Answer<Option<Seal>> {
        self.fact_grant(&Fact::Environment(name.to_owned()))?;
        let value = self.inputs.environment().get(name);
        Ok(value
            .map(|value| self.inputs.sealer().seal(Source::Env, value))
            .filter(|seal| seal.length > 0))
    }

    pub fn gateway_service(&self) -> Answer<bool> {
        self.fact_grant(&Fact::GatewayService)?;
        Ok(self.inputs.environment().get("OPENCLAW_SERVICE_KIND") == Some("gateway"))
    }

    pub fn auth_override(&self) -> Answer<Option<SealedOverride>> {
        self.fact_grant(&Fact::AuthOverride)?;
        Ok(self.inputs.auth_override())
    }

    pub fn homes(&self) -> Answer<Vec<String>> {
        self.fact_grant(&Fact::Homes)?;
        Ok(self.inputs.homes())
    }

    pub fn bind_source(&self, pointer: &str) -> Answer<Option<String>> {
        self.fact_grant(&Fact::BindSource)?;
        self.config_grant(pointer)?;
        let pointer = self.inputs.sealed_config()?.real_pointer(pointer);
        let spec = self.inputs.config().value(&pointer).and_then(Value::text);
        Ok(spec.and_then(|spec| self.inputs.bind_source(spec)))
    }

    pub fn exec_approvals(&self) -> Answer<Option<String>> {
        self.fact_grant(&Fact::ExecApprovals)?;
        let document = self.inputs.exec_approvals()?;
        Ok(document.map(|document| self.inputs.sealer().seal_json(&document).to_string()))
    }

    pub fn pairing_store(&self, channel: &str, account: &str) -> Answer<Vec<String>> {
        self.fact_grant(&Fact::PairingStore)?;
        let people = self.inputs.pairing_store(channel, account)?;
        Ok(people.iter().map(|person| self.blank(person)).collect())
    }

    pub fn install_records(&self, kind: InstallKind) -> Answer<InstallRecords> {
        self.fact_grant(&Fact::InstallRecords)?;
        let mut records = self.inputs.install_records(kind);
        let blank = |text: &mut Option<String>| {
            *text = text.as_ref().map(|text| self.inputs.sealer().blank(text));
        };
        for record in &mut records.records {
            blank(&mut record.spec);
            // An integrity is a digest that anybody may know, and looks like a secret: what matters is that it is there.
            let present = record.integrity.as_ref().is_some_and(|text| !text.trim().is_empty());
            record.integrity = present.then(|| "present".to_owned());
        }
        Ok(records)
    }

    pub fn browser_containers(&self) -> Answer<BrowserContainers> {
        self.fact_grant(&Fact::BrowserContainers)?;
        self.inputs.browser_containers()
    }

    pub fn gateway_probe(&self) -> Answer<GatewayProbe> {
        self.fact_grant(&Fact::GatewayProbe)?;
        self.inputs.gateway_probe()
    }

    pub fn scan(&self, root: &str, path: &str, entries: &[String]) -> Answer<CodeScan> {
        if !self.grants.allow_tree(root, path) {
            let place = format!("{root}:{path}");
            return Err(Refusal::NotGranted(format!("the code below `{}`", place.escape_debug())));
        }
        self.inputs.scan(root, path, entries)
    }

    /// A text with everything blanked out that is or looks like a secret.
    pub fn blank(&self, text: &str) -> String {
        self.inputs.sealer().blank(text)
    }

    /// A text with known secrets blanked out.
    pub fn blank_known(&self, text: &str) -> String {
        self.inputs.sealer().blank_known(text)
    }

    /// Whether the module may ask for this change. Whether it is made is another question, and not this room's.
    pub fn allow_fix(&self, change: &Change) -> Result<(), String> {
        match change {
            Change::SetMode { mode, .. } if *mode > 0o777 => {
                Err(format!("a fix with the mode {mode:o}"))
            }
            Change::SetMode { root, path, .. } if self.grants.allow_mode_fix(root, path) => Ok(()),
            Change::SetValue { pointer, .. } if self.grants.allow_config_fix(pointer) => Ok(()),
            Change::SetMode { root, path, .. } => {
                Err(format!("a fix of `{root}:{path}`, which its manifest does not ask for"))
            }
            Change::SetValue { pointer, .. } => {
                Err(format!("a fix of `{pointer}`, which its manifest does not ask for"))
            }
        }
    }
}
