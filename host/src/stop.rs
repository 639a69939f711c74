//! The wish of whoever waits that a run come to its end now, with what there is.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::Notify;

/// Shared by everything that takes long. Once said, it stays said.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<Wish>);

#[derive(Debug, Default)]
struct Wish {
    said: AtomicBool,
    heard: Notify,
}

impl Stop {
    pub fn request(&self) {
        self.0.said.store(true, Ordering::Release);
        self.0.heard.notify_waiters();
    }

    pub fn is_requested(&self) -> bool {
        self.0.said.load(Ordering::Acquire)
    }

    /// Waits for something; none when the wish is said and so much time has passed since.
    pub(crate) async fn outlive<T>(
        &self,
        patience: Duration,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let mut work = pin!(work);
        let mut end = pin!(async {
            self.requested().await;
            tokio::time::sleep(patience).await;
        });
        poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending => end.as_mut().poll(context).map(|()| None),
        })
        .await
    }

    /// Comes to an end when the wish is said, and never before.
    async fn requested(&self) {
        loop {
            // Listening begins before looking, so that nothing is missed between the two.
            let heard = self.0.heard.notified();
            if self.is_requested() {
                return;
            }
            heard.await;
        }
    }
}
