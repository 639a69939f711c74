//! The inputs of one run, shared by all views: what was collected, sealed once. Facts that few modules ask for are
//! gathered when the first of them asks.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use super::code_scan::{CodePlace, CodeScan, CodeScanner, ScanBudget};
use super::docker_policy::Reason;
use super::known_secrets::sealer_of;
use super::refusal::{Answer, Refusal, of_fact};
use super::seal::{NoRandomness, SealedConfig, Sealer, UnsetVariable, secret_values};
use chitin_collect::Collected;
use chitin_collect::facts::{
    self, BrowserContainers, FactError, GatewayClose, GatewayProbe, InstallKind, InstallRecords,
    OpenClawVersions, ProbeRequest,
};
use chitin_config::discover::Depth;
use chitin_config::ecma::trim;
use chitin_config::environment::Environment;
use chitin_config::{Config, ProblemKind, spans};
use chitin_fs::files::Roots;
use chitin_model::finding::ResolvedLocation;
use chitin_model::grants::Grants;

/// Why the rules of a deep audit did not run.
const NEEDS_DEEP: &str = "needs --deep";

/// Why nothing is asked for a directory that was brought here.
const NOT_OWN: &str = "this is not the gateway of this machine";

/// How long docker may take for one answer.
const DOCKER_PATIENCE: Duration = Duration::from_secs(5);

/// `--auth`, `--token`, `--password`, in the clear.
#[derive(Clone)]
pub struct AuthOverride {
    pub mode: String,
    pub token: Option<String>,
    pub password: Option<String>,
}

impl std::fmt::Debug for AuthOverride {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("AuthOverride").field("mode", &self.mode).finish_non_exhaustive()
    }
}

/// Everything that views look at.
pub struct Inputs {
    collected: Collected,
    auth: Option<AuthOverride>,
    sealer: Sealer,
    sealed_config: Option<SealedConfig>,
    containers: tokio::sync::OnceCell<Result<BrowserContainers, Refusal>>,
    probe: tokio::sync::OnceCell<Result<GatewayProbe, Refusal>>,
    plugin_records: OnceLock<InstallRecords>,
    hook_records: OnceLock<InstallRecords>,
    scanner: OnceLock<Box<dyn CodeScanner>>,
}

impl Inputs {
    pub fn new(collected: Collected, auth: Option<AuthOverride>) -> Result<Self, NoRandomness> {
        let of_auth = auth.iter().flat_map(|auth| [&auth.token, &auth.password]);
        let sealer = sealer_of(&collected, of_auth.flatten().cloned())?;
        let document = collected.config.document.as_ref();
        let unset = if collected.locations.own_gateway() {
            UnsetVariable::HasNoValue
        } else {
            UnsetVariable::IsUnknown
        };
        let sealed_config = document.map(|document| SealedConfig::new(&sealer, document, unset));
        Ok(Self {
            collected,
            auth,
            sealer,
            sealed_config,
            containers: tokio::sync::OnceCell::new(),
            probe: tokio::sync::OnceCell::new(),
            plugin_records: OnceLock::new(),
            hook_records: OnceLock::new(),
            scanner: OnceLock::new(),
        })
    }

    pub fn state_dir(&self) -> &Path {
        &self.collected.locations.state_dir
    }

    /// For `fix`, which needs the real paths and values.
    pub fn collected(&self) -> &Collected {
        &self.collected
    }

    /// A text with everything blanked out that is or looks like a secret.
    pub fn blank(&self, text: &str) -> String {
        self.sealer.blank(text)
    }

    /// A text of the config as a person may be shown it, with as many lines as before: without the strings that are
    /// secrets, whatever their length, and without comments, of which nobody can tell what is in them.
    pub fn blank_config_text(&self, text: &str) -> String {
        let document = self.config().document.as_ref();
        let secrets: HashSet<String> = document
            .into_iter()
            .flat_map(secret_values)
            .map(|secret| trim(&secret).to_owned())
            .filter(|secret| !secret.is_empty())
            .collect();
        spans::blanked(text, |string| secrets.contains(trim(string)))
    }

    pub fn config(&self) -> &Config {
        &self.collected.config
    }

    /// What could not be resolved, without anything that is secret.
    pub fn secret_diagnostics(&self) -> Vec<String> {
        self.config().diagnostics.iter().map(|text| self.sealer.blank_known(text)).collect()
    }

    /// Why what is granted here may rest on an incomplete config.
    pub fn missing_config(&self, grants: &Grants) -> Option<String> {
        let missing = self.config().problems.iter().find(|problem| {
            problem.kind == ProblemKind::IncludeFailed && grants.overlaps_config(&problem.pointer)
        })?;
        Some(format!(
            "rests on an incomplete config: an include in {} failed",
            self.config_relative(&missing.path)
        ))
    }

    /// Where a pointer into the config stands: its file, line and column, or those of what is around it.
    pub fn position(&self, pointer: &str) -> ResolvedLocation {
        let place = self.config().location_of(pointer);
        let file = self.config().files.get(place.file);
        let position = self.config().locate(&place);
        ResolvedLocation {
            pointer: Some(pointer.to_owned()),
            file: file.map(|file| file.path.display().to_string()),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
        }
    }

    /// A path as seen from the config's directory, where it lies below it.
    pub(super) fn config_relative(&self, path: &Path) -> String {
        let base = self.config().path.parent();
        base.and_then(|base| path.strip_prefix(base).ok()).unwrap_or(path).display().to_string()
    }

    /// The versions of OpenClaw, for the head of a report: what cannot be read there is left out.
    pub fn openclaw_versions(&self) -> OpenClawVersions {
        facts::openclaw_versions(self.config(), self.roots()).unwrap_or_default()
    }

    pub(super) fn sealed_config(&self) -> Answer<&SealedConfig> {
        self.sealed_config.as_ref().ok_or_else(|| {
            Refusal::Unavailable("the config file cannot be read as a whole".to_owned())
        })
    }

    pub(super) fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    pub(super) fn environment(&self) -> &Environment {
        &self.collected.environment
    }

    pub(super) fn roots(&self) -> &Roots {
        &self.collected.roots
    }

    /// Whether a file is made to hold secrets.
    pub(super) fn holds_secrets(&self, root: &str, path: &str) -> bool {
        let full = self.roots().describe(root, path).unwrap_or_default();
        self.collected.secret_files.contains(root, path, &full)
    }

    pub(super) fn auth(&self) -> Option<&AuthOverride> {
        self.auth.as_ref()
    }

    /// Whether there is a config and nothing around it.
    pub fn is_config_alone(&self) -> bool {
        self.collected.locations.is_config_alone()
    }

    pub fn is_own_gateway(&self) -> bool {
        self.collected.locations.own_gateway()
    }

    pub fn pairing_store(&self, channel: &str, account: &str) -> Answer<Vec<String>> {
        facts::pairing_store(&self.collected.database, self.roots(), channel, account)
            .map_err(of_fact)
    }

    pub(super) fn install_records(&self, kind: InstallKind) -> &InstallRecords {
        let (cell, pointer) = match kind {
            InstallKind::Plugin => (&self.plugin_records, "/plugins/installs"),
            InstallKind::Hook => (&self.hook_records, "/hooks/internal/installs"),
        };
        cell.get_or_init(|| {
            let of_config = self.config().value(pointer).map(chitin_config::Value::to_json);
            facts::install_records(kind, of_config.as_ref(), self.roots(), &self.collected.database)
        })
    }

    /// Asks docker once, if the config leaves a reason to.
    pub(super) async fn ask_for_containers(&self) {
        self.containers.get_or_init(|| self.containers_now()).await;
    }

    async fn containers_now(&self) -> Result<BrowserContainers, Refusal> {
        let reason = Reason::of(self.config());
        if !self.is_own_gateway() {
            return Err(Refusal::NotHere(NOT_OWN.to_owned()));
        }
        if reason == Reason::None {
            return Err(Refusal::NotHere("the config turns sandboxes off".to_owned()));
        }
        let variable = |name: &str| self.environment().raw(name).map(OsString::from);
        facts::browser_containers(variable, DOCKER_PATIENCE).await.map_err(|error| {
            match error {
                FactError::NotHere(reason) => Refusal::NotHere(reason),
                // Nobody expects an answer about containers that the config does not speak of.
                FactError::Failed(text) if reason == Reason::Possible => Refusal::NotHere(text),
                FactError::Failed(text) => Refusal::Unavailable(text),
            }
        })
    }

    /// Asks the live gateway once, if the audit is a deep one.
    pub(super) async fn ask_the_gateway(&self) {
        if self.collected.depth == Depth::Deep {
            self.probe.get_or_init(|| self.probe_now()).await;
        }
    }

    async fn probe_now(&self) -> Answer<GatewayProbe> {
        if !self.is_own_gateway() {
            return Err(Refusal::NotHere(NOT_OWN.to_owned()));
        }
        if self.config().document.is_none() {
            let reason = "the config file cannot be read as a whole, so nobody knows whom to ask";
            return Err(Refusal::Unavailable(reason.to_owned()));
        }
        let request = ProbeRequest::of(
            self.config(),
            self.environment(),
            self.roots(),
            &self.collected.credentials,
            self.sealer.known(),
        );
        let found = request.send().await;
        let blank = |text: String| self.sealer.blank(&text);
        Ok(GatewayProbe {
            url: blank(found.url),
            ok: found.ok,
            error: found.error.map(blank),
            close: found.close.map(|close| GatewayClose { reason: blank(close.reason), ..close }),
            credential_warning: found.credential_warning,
        })
    }

    /// What the live gateway answered; not here without `--deep`.
    pub fn gateway_probe(&self) -> Answer<GatewayProbe> {
        match (self.collected.depth, self.probe.get()) {
            (Depth::Ordinary, _) => Err(Refusal::NotHere(NEEDS_DEEP.to_owned())),
            (Depth::Deep, Some(found)) => found.clone(),
            (Depth::Deep, None) => {
                Err(Refusal::Unavailable("no module asked for the gateway".to_owned()))
            }
        }
    }

    /// Sets the scanner that reads code in this run. The first one stays.
    pub fn set_scanner(&self, scanner: Box<dyn CodeScanner>) {
        let _already_there = self.scanner.set(scanner);
    }

    pub(super) fn scan(
        &self,
        root: &str,
        path: &str,
        entries: &[String],
        budget: &ScanBudget,
    ) -> Answer<CodeScan> {
        if self.collected.depth == Depth::Ordinary {
            return Err(Refusal::NotHere(NEEDS_DEEP.to_owned()));
        }
        let scanner = self.scanner.get();
        let scanner =
            scanner.ok_or_else(|| Refusal::Unavailable("there is no scanner".to_owned()))?;
        let found = scanner.scan(&CodePlace {
            roots: &self.collected.roots,
            root,
            path,
            entries,
            own_gateway: self.collected.locations.own_gateway(),
            holds_secrets: &|path| self.holds_secrets(root, path),
            budget,
        });
        let blank_reason = |reason: &String| self.sealer.blank_known(reason);
        match found {
            Ok(scan) => Ok(self.blank_scan(scan)),
            Err(Refusal::Unavailable(reason)) => Err(Refusal::Unavailable(blank_reason(&reason))),
            Err(other) => Err(other),
        }
    }

    /// Code may hold secrets, and so may the names of files.
    fn blank_scan(&self, mut scan: CodeScan) -> CodeScan {
        for finding in &mut scan.findings {
            finding.file = self.sealer.blank_known(&finding.file);
            finding.message = self.sealer.blank(&finding.message);
            finding.evidence = self.sealer.blank(&finding.evidence);
        }
        for note in scan.not_scanned.iter_mut().chain(&mut scan.notes) {
            note.file = self.sealer.blank_known(&note.file);
            note.reason = self.sealer.blank(&note.reason);
        }
        scan
    }

    pub(super) fn browser_containers(&self) -> Answer<BrowserContainers> {
        match self.containers.get() {
            Some(found) => found.clone(),
            None => Err(Refusal::Unavailable("docker was not asked".to_owned())),
        }
    }
}
