//! Time in which a module waits for others, so nobody takes it for a module that hangs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Shared between a running module and what waits for it.
#[derive(Debug, Clone, Default)]
pub(super) struct WaitClock(Arc<Mutex<Waits>>);

#[derive(Debug, Default)]
struct Waits {
    past: Duration,
    since: Option<Instant>,
}

impl WaitClock {
    fn waits(&self) -> MutexGuard<'_, Waits> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something that is not the module's own work.
    pub(super) fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        self.waits().since = Some(Instant::now());
        let done = work();
        let mut waits = self.waits();
        let last = waits.since.take().map_or(Duration::ZERO, |since| since.elapsed());
        waits.past += last;
        done
    }

    /// Waits for what a module does, but no longer than it may take. None if it is late.
    pub(super) async fn run_with_timeout<T>(
        &self,
        patience: Duration,
        job: impl Future<Output = T>,
    ) -> Option<T> {
        let begun = Instant::now();
        let mut job = std::pin::pin!(job);
        loop {
            let spent = begun.elapsed().saturating_sub(self.total());
            let left = patience.saturating_sub(spent);
            if left.is_zero() {
                return None;
            }
            // When the time is over, it may turn out that the module has waited for someone else meanwhile.
            if let Ok(done) = tokio::time::timeout(left, &mut job).await {
                return Some(done);
            }
        }
    }

    /// How long the module has waited so far.
    pub(super) fn total(&self) -> Duration {
        let waits = self.waits();
        waits.past + waits.since.map_or(Duration::ZERO, |since| since.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_adds_up_and_counts_while_it_lasts() {
        let wait_clock = WaitClock::default();
        let pause = Duration::from_millis(20);
        wait_clock.during(|| std::thread::sleep(pause));
        let before = wait_clock.total();
        assert!(before >= pause);
        let other = wait_clock.clone();
        wait_clock.during(|| {
            std::thread::sleep(pause);
            assert!(other.total() >= before + pause);
        });
        assert!(wait_clock.total() >= before + pause);
    }
}
