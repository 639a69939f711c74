//! Waiting for something that may be cancelled.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio_util::sync::CancellationToken;

/// Waits for `work`. None when `cancel` was cancelled and `grace` has passed since; work that is done by then still
/// counts.
pub async fn run_until_cancelled<T>(
    cancel: &CancellationToken,
    grace: Duration,
    work: impl Future<Output = T>,
) -> Option<T> {
    let end = async {
        cancel.cancelled().await;
        tokio::time::sleep(grace).await;
    };
    match select(pin!(work), pin!(end)).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}
