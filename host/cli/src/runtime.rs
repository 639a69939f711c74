//! Runs what waits for others, on as many threads as there are processors. Ctrl-C: the first one asks for the end of a
//! run, with what there is; the second one is the end.

use anyhow::{Context as _, Result};
use tokio::runtime::{Builder, Runtime};

use tokio_util::sync::CancellationToken;

/// What a shell expects of a program that was interrupted.
const KILLED: i32 = 130;

/// Runs to the end.
pub(super) fn run<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    finish(runtime()?, work)
}

/// Runs to the end, or until somebody wants it to end.
pub(super) fn run_stoppable<T>(
    cancel: &CancellationToken,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let runtime = runtime()?;
    runtime.spawn(listen(cancel.clone()));
    finish(runtime, work)
}

fn runtime() -> Result<Runtime> {
    Builder::new_multi_thread().enable_all().build().context("cannot start threads")
}

fn finish<T>(runtime: Runtime, work: impl Future<Output = Result<T>>) -> Result<T> {
    let done = runtime.block_on(work);
    // A module that hangs in a host call must not keep the program.
    runtime.shutdown_background();
    done
}

async fn listen(cancel: CancellationToken) {
    // Where there are no signals, there is nothing to listen to.
    if tokio::signal::ctrl_c().await.is_ok() {
        cancel.cancel();
        if tokio::signal::ctrl_c().await.is_ok() {
            #[allow(clippy::disallowed_methods)] // Nobody is left to clean up for.
            std::process::exit(KILLED);
        }
    }
}
