//! A reader that knows how much an archive may come to. An archive says of itself how large it is, and may lie.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio_util::sync::CancellationToken;

/// Bytes that all of an archive may come to.
pub(super) const MAX_UNPACKED: u64 = 2 << 30;

/// How many times its packed size an archive, or a file in it, may come to.
pub(super) const MAX_RATIO: u64 = 200;

/// So much may come of anything, however small it was.
pub(super) const SMALL: u64 = 1 << 20;

/// Whether so many bytes may come of so many packed ones.
pub(super) fn is_bomb(packed: u64, unpacked: u64) -> bool {
    unpacked > SMALL.saturating_add(packed.saturating_mul(MAX_RATIO))
}

/// Counts the packed bytes.
pub(super) struct Packed<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R> Packed<R> {
    pub(super) fn new(inner: R) -> (Self, Arc<AtomicU64>) {
        let count = Arc::new(AtomicU64::new(0));
        (Self { inner, count: Arc::clone(&count) }, count)
    }
}

impl<R: Read> Read for Packed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// What may be read before somebody allows more. Whoever parses what is read cannot take more memory than this.
#[derive(Debug, Clone, Default)]
pub(super) struct Allowance(Arc<AtomicU64>);

impl Allowance {
    pub(super) fn set(&self, bytes: u64) {
        self.0.store(bytes, Ordering::Relaxed);
    }
}

/// Gives unpacked bytes, as many as are allowed.
pub(super) struct Unpacked<R> {
    inner: R,
    packed: Arc<AtomicU64>,
    count: u64,
    allowance: Allowance,
    cancel: CancellationToken,
}

impl<R> Unpacked<R> {
    pub(super) fn new(
        inner: R,
        packed: Arc<AtomicU64>,
        cancel: CancellationToken,
    ) -> (Self, Allowance) {
        let allowance = Allowance::default();
        (Self { inner, packed, count: 0, allowance: allowance.clone(), cancel }, allowance)
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.cancel.is_cancelled() {
            return Err(io::Error::other("interrupted"));
        }
        let allowed = self.allowance.0.load(Ordering::Relaxed);
        if allowed == 0 && !buffer.is_empty() {
            return Err(io::Error::other("a header of the archive is too large"));
        }
        let most = usize::try_from(allowed).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.inner.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.count += read as u64;
        self.allowance.set(allowed - read as u64);
        if self.count > MAX_UNPACKED {
            return Err(io::Error::other("the archive comes to more than 2 GiB"));
        }
        if is_bomb(self.packed.load(Ordering::Relaxed), self.count) {
            return Err(io::Error::other("the archive comes to more than 200 times its size"));
        }
        Ok(read)
    }
}
