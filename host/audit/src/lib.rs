//! One audit: collect, build the views, run the modules, gather findings and the ledger. The order of the report comes
//! from the modules' manifests and never from which thread was first.
#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types))] // Tests make the files that they are about.

pub mod host_rules;
pub mod suppression;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use chitin_collect::Collected;
use chitin_collect::facts::GatewayProbe;
use chitin_config::discover::{Depth, Request};
use chitin_config::environment::Environment;
use chitin_model::finding::{Finding, Severity, Suppressed};
use chitin_model::ledger::{Entry, Status};
use chitin_model::manifest::Manifest;
use chitin_runtime::cancel::run_until_cancelled;
use chitin_runtime::limits::Limits;
use chitin_runtime::worker::{Setup, WorkersReport};
use chitin_runtime::{Catalogue, Outcome, Runner};
use chitin_scan::{Service, Unwatched, Watch};
use chitin_trust::TrustReport;
use chitin_view::{AuthOverride, Inputs, Refusal, View};
use tokio_util::sync::CancellationToken;

/// What an operator asks for.
#[derive(Debug, Default)]
pub struct Options {
    pub request: Request,
    pub auth: Option<AuthOverride>,
    pub limits: Limits,
    /// How modules are run that are not built in.
    pub workers: Setup,
    /// How far they can be trusted.
    pub standing: TrustReport,
    pub company: Company,
}

/// Who waits for an audit: may end it early, and may look on.
#[derive(Clone)]
pub struct Company {
    pub cancel: CancellationToken,
    pub watch: Arc<dyn Watch>,
}

impl Default for Company {
    fn default() -> Self {
        Self { cancel: CancellationToken::new(), watch: Arc::new(Unwatched) }
    }
}

impl std::fmt::Debug for Company {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Company").field("cancel", &self.cancel).finish_non_exhaustive()
    }
}

/// What a deep audit did besides the checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deep {
    /// What the live gateway answered, or why it was not asked.
    pub gateway: Result<GatewayProbe, String>,
}

impl Deep {
    fn of(inputs: &Inputs) -> Option<Self> {
        let refused = |refusal| match refusal {
            Refusal::NotGranted(reason)
            | Refusal::Unavailable(reason)
            | Refusal::NotHere(reason) => reason,
        };
        let gateway = || inputs.gateway_probe().map_err(refused);
        (inputs.collected().depth == Depth::Deep).then(|| Self { gateway: gateway() })
    }
}

/// What a module's run came to, apart from its findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleReport {
    pub id: String,
    pub version: String,
    pub failure: Option<String>,
    pub rejected: Vec<String>,
}

/// A finished audit.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub state_dir: PathBuf,
    pub findings: Vec<Finding>,
    pub suppressed: Vec<Suppressed>,
    pub ledger: Vec<Entry>,
    pub modules: Vec<ModuleReport>,
    pub secret_diagnostics: Vec<String>,
    /// Only of a deep audit.
    pub deep: Option<Deep>,
    /// How far the modules can be trusted.
    pub standing: TrustReport,
    /// How the modules of others were confined; none if there were none.
    pub workers: Option<WorkersReport>,
}

impl Report {
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Whether every rule that should have run did.
    pub fn is_complete(&self) -> bool {
        self.ledger.iter().all(|entry| entry.status != Status::NotRun)
            && self.standing.failure.is_none()
    }
}

/// Audits once.
pub async fn audit(
    options: Options,
    environment: Environment,
    catalogue: &Catalogue,
) -> Result<Report> {
    let inputs = collect(&options, environment)?;
    audit_inputs(&inputs, &options, catalogue).await
}

/// Collects and seals what an audit looks at.
pub fn collect(options: &Options, environment: Environment) -> Result<Arc<Inputs>> {
    let collected = Collected::gather(&options.request, environment);
    Ok(Arc::new(Inputs::new(collected, options.auth.clone())?))
}

/// Audits what was collected.
pub async fn audit_inputs(
    inputs: &Arc<Inputs>,
    options: &Options,
    catalogue: &Catalogue,
) -> Result<Report> {
    let mut workers = options.workers.clone();
    workers.audited.push(inputs.state_dir().to_owned());
    let runner = Arc::new(Runner::new(options.limits, workers, options.company.cancel.clone())?);
    let clock = runner.clock();
    anyhow::ensure!(clock.is_running(), "no thread for the clock of the checks could be started");

    let scanner = catalogue.scanner().cloned();
    let service = Service::new(Arc::clone(&runner), scanner, Arc::clone(&options.company.watch));
    inputs.lend_scanner(Box::new(service));

    let mut running = Vec::new();
    for module in catalogue.checks() {
        let (runner, inputs, module) = (Arc::clone(&runner), Arc::clone(inputs), module.clone());
        running.push(tokio::spawn(async move {
            let view = View::new(inputs, module.manifest.grants.clone());
            run_until_cancelled(runner.cancel(), Duration::ZERO, view.prepare()).await;
            runner.run(module, view).await
        }));
    }
    let mut outcomes = Vec::new();
    for (module, task) in catalogue.checks().zip(running) {
        outcomes.push(task.await.unwrap_or_else(|_| Outcome::lost(Arc::clone(&module.manifest))));
    }
    drop(clock);
    Ok(Report { workers: runner.workers(), ..gather(outcomes, inputs, &options.standing) })
}

/// Puts together what the modules said.
fn gather(outcomes: Vec<Outcome>, inputs: &Inputs, standing: &TrustReport) -> Report {
    let mut ledger = Vec::new();
    let mut modules = Vec::new();
    let mut findings: Vec<(u32, Finding)> = Vec::new();
    for outcome in outcomes {
        ledger.extend(account(&outcome, inputs));
        modules.push(ModuleReport {
            id: outcome.manifest.id.clone(),
            version: outcome.manifest.version.clone(),
            failure: outcome.failure.clone(),
            rejected: outcome.said.rejected.clone(),
        });
        let id = &outcome.manifest.id;
        let failure = outcome.failure.as_ref().filter(|_| !outcome.was_interrupted());
        findings.extend(
            outcome
                .said
                .findings
                .into_iter()
                .map(|finding| (order_of(&outcome.manifest, &finding), finding)),
        );
        if let Some(reason) = failure {
            findings.push((host_rules::FAILED_ORDER, host_rules::module_failed(id, reason)));
        }
    }
    // Stable: what a module said in one place of the order stays as it said it, modules in id order.
    findings.sort_by_key(|(order, _)| *order);
    let findings = findings.into_iter().map(|(_, finding)| finding).collect();

    let suppressions = suppression::of_config(inputs.config());
    let (mut findings, suppressed) = suppression::apply(findings, &suppressions);
    if !suppressions.is_empty() {
        findings.push(host_rules::suppressions_active(
            suppressions.len(),
            suppressed.len(),
            inputs,
        ));
    }
    // The audited config has no say in whose modules are trusted, so it can suppress none of these.
    findings.extend(host_rules::of_standing(standing));
    ledger.extend(host_rules::missing(standing));
    ledger.extend(host_rules::account(&findings));
    Report {
        state_dir: inputs.state_dir().to_owned(),
        findings,
        suppressed,
        ledger,
        modules,
        secret_diagnostics: inputs.secret_diagnostics(),
        deep: Deep::of(inputs),
        standing: standing.clone(),
        workers: None,
    }
}

fn order_of(manifest: &Manifest, finding: &Finding) -> u32 {
    manifest
        .rules
        .iter()
        .find(|rule| rule.covers(&finding.rule))
        .map_or(u32::MAX, |rule| rule.order)
}

/// The ledger of one module: each rule ends as something.
fn account(outcome: &Outcome, inputs: &Inputs) -> Vec<Entry> {
    let incomplete = inputs.missing_config(&outcome.manifest.grants);
    outcome
        .manifest
        .rules
        .iter()
        .map(|rule| {
            let findings =
                outcome.said.findings.iter().filter(|finding| rule.covers(&finding.rule)).count();
            let (status, reason) = if findings > 0 {
                (Status::Finding, None)
            } else if let Some((status, reason)) = outcome.said.statuses.get(&rule.id) {
                (*status, Some(reason.clone()))
            } else if let Some(reason) = &outcome.failure {
                (Status::NotRun, Some(reason.clone()))
            } else if let Some(reason) = &incomplete {
                (Status::NotRun, Some(reason.clone()))
            } else {
                (Status::Passed, None)
            };
            Entry {
                rule: rule.id.clone(),
                module: outcome.manifest.id.clone(),
                status,
                findings,
                reason,
            }
        })
        .collect()
}
