//! A finished audit, before it is printed.

use std::path::PathBuf;

use chitin_collect::facts::{GatewayProbe, OpenClawVersions};
use chitin_config::discover::{Depth, FoundBy};
use chitin_model::finding::{Finding, Severity, Suppressed};
use chitin_model::ledger::{Entry, Status};
use chitin_runtime::RunError;
use chitin_runtime::worker::WorkersReport;
use chitin_trust::TrustReport;
use chitin_view::{Inputs, reason};

/// What a deep audit did beside the checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deep {
    /// What the live gateway answered, or why it was not asked.
    pub gateway: Result<GatewayProbe, String>,
}

impl Deep {
    pub(super) fn of(inputs: &Inputs) -> Option<Self> {
        let gateway = || inputs.gateway_probe().map_err(reason);
        (inputs.collected().depth == Depth::Deep).then(|| Self { gateway: gateway() })
    }
}

/// A path, and in words what decided about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub path: PathBuf,
    pub by: String,
}

/// What was audited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// None where only a config was given.
    pub state_dir: Option<Place>,
    pub config: Place,
    /// Whether there is a config; without one the defaults of OpenClaw were audited.
    pub config_found: bool,
    pub openclaw: OpenClawVersions,
}

impl Audited {
    pub(super) fn of(inputs: &Inputs) -> Self {
        let locations = &inputs.collected().locations;
        let place = |path: &PathBuf, by: &FoundBy| Place { path: path.clone(), by: by.to_string() };
        let state_dir = place(&locations.state_dir, &locations.state_dir_by);
        Self {
            state_dir: (!inputs.is_config_alone()).then_some(state_dir),
            config: place(&locations.config_path, &locations.config_by),
            config_found: inputs.config().exists(),
            openclaw: inputs.openclaw_versions(),
        }
    }
}

/// How a module's run ended, apart from its findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleReport {
    pub id: String,
    pub version: String,
    /// Why it did not run to its end.
    pub failure: Option<RunError>,
    /// What the host did not accept from it, in words.
    pub rejected: Vec<String>,
}

/// A finished audit.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub audited: Audited,
    /// The active findings, in the order of the manifests.
    pub findings: Vec<Finding>,
    pub suppressed: Vec<Suppressed>,
    pub ledger: Vec<Entry>,
    pub modules: Vec<ModuleReport>,
    /// Secrets that could not be resolved, in words.
    pub secret_diagnostics: Vec<String>,
    /// Only of a deep audit.
    pub deep: Option<Deep>,
    /// How far the modules can be trusted.
    pub trust_report: TrustReport,
    /// How third-party modules were confined; none if there were none.
    pub workers: Option<WorkersReport>,
}

impl Report {
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Whether every rule that should have run did.
    pub fn is_complete(&self) -> bool {
        self.ledger.iter().all(|entry| entry.status != Status::NotRun)
            && self.trust_report.failure.is_none()
    }
}
