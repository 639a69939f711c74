//! Runs one module that is not installed, for its author: in a worker, within the same limits and grants as any other.

use std::path::PathBuf;
use std::sync::Arc;

use super::DevkitError;
use chitin_runtime::limits::Limits;
use chitin_runtime::worker::Setup;
use chitin_runtime::{Module, Outcome, Runner};
use chitin_view::View;
use tokio_util::sync::CancellationToken;

/// Runs a module over a view, to its end or to its limits. Nothing is written to the audited directories.
pub async fn run_module(
    module: Module,
    view: View,
    limits: Limits,
    audited: Vec<PathBuf>,
) -> Result<Outcome, DevkitError> {
    let setup = Setup { audited, ..Setup::default() };
    let runner = Arc::new(Runner::new(limits, setup, CancellationToken::new())?);
    let clock = runner.clock();
    if !clock.is_running() {
        return Err(DevkitError::Run("no thread for the clock could be started".to_owned()));
    }
    view.prepare().await;
    Ok(runner.run(module, view).await)
}
