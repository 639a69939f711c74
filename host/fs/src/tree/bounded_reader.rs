//! A reader that knows how much may come out of an archive. What an archive says of its own size may be a lie.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio_util::sync::CancellationToken;

use super::error::{MAX_RATIO, MAX_UNPACKED, UnpackLimitError};

/// So many bytes may come out of anything, however small it is.
const SMALL: u64 = 1 << 20;

/// How much may come out of an archive.
#[derive(Debug, Clone, Copy)]
pub(super) struct UnpackLimits {
    /// In bytes.
    pub(super) size: u64,
    /// As a multiple of the packed size, beyond the first MiB.
    pub(super) ratio: u64,
}

impl UnpackLimits {
    /// For archives that are scanned.
    pub(super) const SCAN: Self = Self { size: MAX_UNPACKED, ratio: MAX_RATIO };

    /// Whether so many bytes are too many for so many packed ones.
    pub(super) fn is_bomb(&self, packed: u64, unpacked: u64) -> bool {
        unpacked > SMALL.saturating_add(packed.saturating_mul(self.ratio))
    }
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

/// How many bytes may be read until more are allowed. A parser of what is read cannot take more memory than this.
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
    limits: UnpackLimits,
    allowance: Allowance,
    cancel: CancellationToken,
}

impl<R> Unpacked<R> {
    pub(super) fn new(
        inner: R,
        packed: Arc<AtomicU64>,
        limits: UnpackLimits,
        cancel: CancellationToken,
    ) -> (Self, Allowance) {
        let allowance = Allowance::default();
        (Self { inner, packed, count: 0, limits, allowance: allowance.clone(), cancel }, allowance)
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.cancel.is_cancelled() {
            return Err(UnpackLimitError::Interrupted.into());
        }
        let allowed = self.allowance.0.load(Ordering::Relaxed);
        if allowed == 0 && !buffer.is_empty() {
            return Err(UnpackLimitError::Header.into());
        }
        let most = usize::try_from(allowed).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.inner.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.count += read as u64;
        self.allowance.set(allowed - read as u64);
        if self.count > self.limits.size {
            return Err(UnpackLimitError::Size(self.limits.size).into());
        }
        if self.limits.is_bomb(self.packed.load(Ordering::Relaxed), self.count) {
            return Err(UnpackLimitError::Ratio.into());
        }
        Ok(read)
    }
}
