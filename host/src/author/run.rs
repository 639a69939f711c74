//! Runs one module that nobody has installed, for its author: within the same limits and grants as any other.

use std::sync::Arc;

use super::AuthorError;
use crate::plugin::limits::Limits;
use crate::plugin::{Module, Outcome, Runner};
use crate::view::View;

/// Runs a module over a view, to its end or to its limits.
pub async fn alone(module: Module, view: View, limits: Limits) -> Result<Outcome, AuthorError> {
    let runner = Arc::new(Runner::new(limits)?);
    let clock = runner.clock();
    if !clock.is_running() {
        return Err(AuthorError::Run("no thread for the clock could be started".to_owned()));
    }
    view.prepare().await;
    Ok(runner.run(module, view).await)
}
