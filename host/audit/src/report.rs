//! A finished audit, before it is printed.

use std::path::PathBuf;

use chitin_collect::facts::GatewayProbe;
use chitin_config::discover::Depth;
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
    pub state_dir: PathBuf,
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
