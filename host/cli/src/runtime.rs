//! Runs asynchronous work on as many threads as there are processors. The first Ctrl-C cancels a run, which then reports
//! what it has; the second ends the program.

use anyhow::{Context as _, Result};
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

/// The exit code that a shell expects after Ctrl-C.
const INTERRUPTED: i32 = 130;

/// Runs to the end.
pub(super) fn run<T, E>(work: impl Future<Output = Result<T, E>>) -> Result<T>
where
    anyhow::Error: From<E>,
{
    finish(runtime()?, work)
}

/// Runs to the end; Ctrl-C cancels the run.
pub(super) fn run_until_interrupted<T, E>(
    cancel: &CancellationToken,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T>
where
    anyhow::Error: From<E>,
{
    let runtime = runtime()?;
    runtime.spawn(listen(cancel.clone()));
    finish(runtime, work)
}

fn runtime() -> Result<Runtime> {
    Builder::new_multi_thread().enable_all().build().context("cannot start threads")
}

fn finish<T, E>(runtime: Runtime, work: impl Future<Output = Result<T, E>>) -> Result<T>
where
    anyhow::Error: From<E>,
{
    let done = runtime.block_on(work);
    // A module that hangs in a host call must not keep the program running.
    runtime.shutdown_background();
    Ok(done?)
}

async fn listen(cancel: CancellationToken) {
    // On a system without signals there is nothing to listen to.
    if tokio::signal::ctrl_c().await.is_ok() {
        cancel.cancel();
        if tokio::signal::ctrl_c().await.is_ok() {
            #[allow(clippy::disallowed_methods)]
            // The operator asked twice; nothing is left to clean up.
            std::process::exit(INTERRUPTED);
        }
    }
}
