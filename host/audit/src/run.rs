//! Runs one audit: every module in a task of its own.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use thiserror::Error;

use super::gather::gather;
use super::{Options, Report};
use chitin_collect::Collected;
use chitin_config::environment::Environment;
use chitin_config::target::{self, TargetError};
use chitin_runtime::cancel::run_until_cancelled;
use chitin_runtime::{Catalogue, LoadError, Outcome, Runner};
use chitin_scan::Service;
use chitin_view::{Inputs, NoRandomness, View};

/// Why there is no report at all. What goes wrong with a single module is in the report.
#[derive(Debug, Error)]
pub enum AuditError {
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error(transparent)]
    Inputs(#[from] NoRandomness),
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error("no thread for the clock of the checks could be started")]
    NoClock,
}

/// Collects, and audits once.
pub async fn audit(
    options: Options,
    environment: Environment,
    catalogue: &Catalogue,
) -> Result<Report, AuditError> {
    let inputs = collect(&options, environment)?;
    audit_inputs(&inputs, &options, catalogue).await
}

/// Collects and seals what an audit looks at, without running anything.
pub fn collect(options: &Options, environment: Environment) -> Result<Arc<Inputs>, AuditError> {
    let collected = Collected::gather(&options.request, environment);
    target::check(&options.request, &collected.locations)?;
    Ok(Arc::new(Inputs::new(collected, options.auth.clone())?))
}

/// Runs the modules over what was collected.
///
/// Boxed, so a crate that awaits it does not compile it again.
pub fn audit_inputs<'a>(
    inputs: &'a Arc<Inputs>,
    options: &'a Options,
    catalogue: &'a Catalogue,
) -> BoxFuture<'a, Result<Report, AuditError>> {
    Box::pin(run_modules(inputs, options, catalogue))
}

async fn run_modules(
    inputs: &Arc<Inputs>,
    options: &Options,
    catalogue: &Catalogue,
) -> Result<Report, AuditError> {
    let mut workers = options.workers.clone();
    workers.audited.push(inputs.state_dir().to_owned());
    let runner = Arc::new(Runner::new(options.limits, workers, options.context.cancel.clone())?);
    let clock = runner.clock();
    if !clock.is_running() {
        return Err(AuditError::NoClock);
    }

    let scanner = catalogue.scanner().cloned();
    let service = Service::new(Arc::clone(&runner), scanner, Arc::clone(&options.context.progress));
    inputs.set_scanner(Box::new(service));

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
    Ok(Report { workers: runner.workers(), ..gather(outcomes, inputs, &options.trust_report) })
}
