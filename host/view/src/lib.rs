//! What a check may see. A [`Window`] holds the inputs of the run and one module's grants, and every question goes through
//! both. A [`View`] is what a module looks through: a window, one that is recorded, or a record. All versions of the
//! contract share it, so that no version can forget a check.
#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types))] // Tests make the files that they are about.

mod code;
mod docker_policy;
mod inputs;
mod locate;
pub mod recording;
mod seal;
mod secret_patterns;
mod view;

use std::sync::Arc;

use chitin_model::grants::{Fact, Grants, Level};
use futures_util::future::join;
use serde::{Deserialize, Serialize};

use chitin_collect::facts::{BrowserContainers, GatewayProbe, InstallKind, InstallRecords};
use chitin_config::{ConfigLimits, Problem, Shape, Text, Value, parse};
use chitin_fs::files::{self, FilesError, Listing, Metadata};

pub use code::{CodeFinding, CodePlace, CodeScan, CodeScanner, Remark, Spent};
pub use inputs::{AuthOverride, Inputs, SealedOverride};
pub use seal::without_shapes;
pub use seal::{Placeholder, Seal, Source};
pub use view::View;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    Literal,
    Env,
    EnvUnresolved,
    SecretRef,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Provenance {
    pub origin: Origin,
    pub variables: Vec<String>,
    pub file: String,
    pub included: bool,
}

/// A problem as a check may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ShownProblem {
    pub kind: chitin_config::ProblemKind,
    pub message: String,
    pub file: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    Json,
    Text,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    Missing,
    NotAFile,
    TooLarge,
    Unreadable(String),
    Malformed,
    Text(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    Linux,
    Macos,
    Windows,
    Other,
}

/// One module's window on the inputs of a run.
struct Window {
    inputs: Arc<Inputs>,
    grants: Grants,
    scanned: Spent,
}

impl Window {
    fn new(inputs: Arc<Inputs>, grants: Grants) -> Self {
        Self { inputs, grants, scanned: Spent::default() }
    }

    /// Gathers the granted facts that take long, before the module's time begins to run.
    async fn prepare(&self) {
        let containers = async {
            if self.grants.allow_fact(&Fact::BrowserContainers) {
                self.inputs.ask_for_containers().await;
            }
        };
        let gateway = async {
            if self.grants.allow_fact(&Fact::GatewayProbe) {
                self.inputs.ask_the_gateway().await;
            }
        };
        join(containers, gateway).await;
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

    fn effective(&self, pointer: &str) -> Answer<Option<String>> {
        self.config_grant(pointer)?;
        Ok(self.inputs.sealed_config()?.effective.pointer(pointer).map(ToString::to_string))
    }

    fn authored(&self, pointer: &str) -> Answer<Option<String>> {
        self.config_grant(pointer)?;
        Ok(self.inputs.sealed_config()?.authored.pointer(pointer).map(ToString::to_string))
    }

    fn provenance(&self, pointer: &str) -> Answer<Option<Provenance>> {
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

    fn problems(&self) -> Answer<Vec<ShownProblem>> {
        self.fact_grant(&Fact::ConfigProblems)?;
        let shown = |problem: &Problem| ShownProblem {
            kind: problem.kind,
            message: self.blank(&problem.message),
            file: self.blank(&self.inputs.config_relative(&problem.path)),
        };
        Ok(self.inputs.config().problems.iter().map(shown).collect())
    }

    /// The granted roots of this run, with their paths.
    fn roots(&self) -> Vec<(String, String)> {
        let mut roots: Vec<_> = self
            .inputs
            .roots()
            .iter()
            .filter(|(name, _)| self.grants.allow_root(name))
            .map(|(name, path)| (name.to_owned(), path.display().to_string()))
            // A name may be a secret, where an agent is called by one: what it names is then shown to nobody.
            .filter(|(name, path)| self.blank(name) == *name && self.blank_known(path) == *path)
            .collect();
        roots.sort();
        roots
    }

    fn describe(&self, root: &str, path: &str) -> Answer<String> {
        self.file_grant(root, path, Level::Metadata)?;
        Ok(self.inputs.roots().describe(root, path)?)
    }

    fn stat(&self, root: &str, path: &str) -> Answer<Option<Metadata>> {
        self.file_grant(root, path, Level::Metadata)?;
        Ok(self.inputs.roots().stat(root, path)?)
    }

    fn list(&self, root: &str, path: &str) -> Answer<Option<Listing>> {
        self.file_grant(root, path, Level::Metadata)?;
        Ok(self.inputs.roots().list(root, path)?)
    }

    fn read(&self, root: &str, path: &str, format: Format, max: u32) -> Answer<Content> {
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
                match parse::parse(&text, &ConfigLimits::default()) {
                    Ok(document) if document.json.is_object() || document.json.is_array() => {
                        shown(&document.json)
                    }
                    _ => Content::Text(sealer.blank_document(&text)),
                }
            }
        }
    }

    fn platform(&self) -> Answer<Platform> {
        self.fact_grant(&Fact::Platform)?;
        Ok(match std::env::consts::OS {
            "linux" => Platform::Linux,
            "macos" => Platform::Macos,
            "windows" => Platform::Windows,
            _ => Platform::Other,
        })
    }

    fn environment(&self, name: &str) -> Answer<Option<Seal>> {
        self.fact_grant(&Fact::Environment(name.to_owned()))?;
        let value = self.inputs.environment().get(name);
        Ok(value
            .map(|value| self.inputs.sealer().seal(Source::Env, value))
            .filter(|seal| seal.length > 0))
    }

    fn gateway_service(&self) -> Answer<bool> {
        self.fact_grant(&Fact::GatewayService)?;
        Ok(self.inputs.environment().get("OPENCLAW_SERVICE_KIND") == Some("gateway"))
    }

    fn auth_override(&self) -> Answer<Option<SealedOverride>> {
        self.fact_grant(&Fact::AuthOverride)?;
        Ok(self.inputs.auth_override())
    }

    fn homes(&self) -> Answer<Vec<String>> {
        self.fact_grant(&Fact::Homes)?;
        Ok(self.inputs.homes())
    }

    fn bind_source(&self, pointer: &str) -> Answer<Option<String>> {
        self.fact_grant(&Fact::BindSource)?;
        self.config_grant(pointer)?;
        let pointer = self.inputs.sealed_config()?.real_pointer(pointer);
        let spec = self.inputs.config().value(&pointer).and_then(Value::text);
        Ok(spec.and_then(|spec| self.inputs.bind_source(spec)))
    }

    fn exec_approvals(&self) -> Answer<Option<String>> {
        self.fact_grant(&Fact::ExecApprovals)?;
        let document = self.inputs.exec_approvals()?;
        Ok(document.map(|document| self.inputs.sealer().seal_json(&document).to_string()))
    }

    fn pairing_store(&self, channel: &str, account: &str) -> Answer<Vec<String>> {
        self.fact_grant(&Fact::PairingStore)?;
        let people = self.inputs.pairing_store(channel, account)?;
        Ok(people.iter().map(|person| self.blank(person)).collect())
    }

    fn install_records(&self, kind: InstallKind) -> Answer<InstallRecords> {
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

    fn browser_containers(&self) -> Answer<BrowserContainers> {
        self.fact_grant(&Fact::BrowserContainers)?;
        self.inputs.browser_containers()
    }

    fn gateway_probe(&self) -> Answer<GatewayProbe> {
        self.fact_grant(&Fact::GatewayProbe)?;
        self.inputs.gateway_probe()
    }

    fn scan(&self, root: &str, path: &str, entries: &[String]) -> Answer<CodeScan> {
        if !self.grants.allow_tree(root, path) {
            let place = format!("{root}:{path}");
            return Err(Refusal::NotGranted(format!("the code below `{}`", place.escape_debug())));
        }
        self.inputs.scan(root, path, entries, &self.scanned)
    }

    /// A text with everything blanked out that is or looks like a secret.
    fn blank(&self, text: &str) -> String {
        self.inputs.sealer().blank(text)
    }

    /// A text with known secrets blanked out.
    fn blank_known(&self, text: &str) -> String {
        self.inputs.sealer().blank_known(text)
    }
}
