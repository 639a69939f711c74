//! Runs one module that nobody has installed, for its author: in a worker, and within the same limits and grants as any
//! other.

use std::path::PathBuf;
use std::sync::Arc;

use super::AuthorError;
use chitin_runtime::limits::Limits;
use chitin_runtime::worker::Setup;
use chitin_runtime::{Module, Outcome, Runner};
use chitin_view::View;
use tokio_util::sync::CancellationToken;

/// Runs a module over a view, to its end or to its limits. Nothing is kept in the directories that it looks at.
pub async fn alone(
    module: Module,
    view: View,
    limits: Limits,
    audited: Vec<PathBuf>,
) -> Result<Outcome, AuthorError> {
    let setup = Setup { audited, ..Setup::default() };
    let runner = Arc::new(Runner::new(limits, setup, CancellationToken::new())?);
    let clock = runner.clock();
    if !clock.is_running() {
        return Err(AuthorError::Run("no thread for the clock could be started".to_owned()));
    }
    view.prepare().await;
    Ok(runner.run(module, view).await)
}
