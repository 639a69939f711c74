//! Counts what a guest uses up, in the host's own calls and in the engine's.

use std::time::{Duration, Instant};

use wasmtime::ResourceLimiter;

use super::limits::{Limit, Limits, Reached};
use chitin_engine::PARTS;

/// The running account of one guest.
#[derive(Debug)]
pub(super) struct Meter {
    limits: Limits,
    deadline: Instant,
    calls: u64,
    read: u64,
    findings: u64,
    report: u64,
    reached: Option<Reached>,
    pub(super) memory: MemoryLimiter,
}

/// The data of a store. It cannot be made without limits.
pub(super) trait Metered: 'static {
    fn meter(&mut self) -> &mut Meter;
}

/// The linear memory of one guest.
#[derive(Debug)]
pub(super) struct MemoryLimiter {
    most: u64,
    taken: usize,
    /// A growth was refused. The engine's own message does not know it.
    pub(super) is_full: bool,
}

impl MemoryLimiter {
    pub(super) fn new(most: u64) -> Self {
        Self { most, taken: 0, is_full: false }
    }

    /// Bytes that the guest has.
    pub(super) fn taken(&self) -> usize {
        self.taken
    }
}

impl Meter {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            deadline: Instant::now() + limits.time(),
            calls: 0,
            read: 0,
            findings: 0,
            report: 0,
            reached: None,
            memory: MemoryLimiter::new(limits.get(Limit::Memory)),
        }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Time that passed while someone else worked on the guest's behalf is not the guest's.
    pub(super) fn wait(&mut self, passed: Duration) {
        self.deadline += passed;
    }

    pub(super) fn is_late(&self) -> bool {
        Instant::now() >= self.deadline
    }

    /// The first limit that was reached. The engine's own message does not know it.
    pub(super) fn reached(&self) -> Option<Reached> {
        let full = self.memory.is_full.then(|| self.limits.reached(Limit::Memory));
        self.reached.or(full)
    }

    /// Each call to the host begins here: neither fuel nor the epoch interrupts the host.
    pub(super) fn call(&mut self) -> Result<(), Reached> {
        self.calls += 1;
        if self.calls > self.limits.get(Limit::Calls) {
            return Err(self.reach(Limit::Calls));
        }
        self.deadline()
    }

    pub(super) fn deadline(&mut self) -> Result<(), Reached> {
        if self.is_late() { Err(self.reach(Limit::Time)) } else { Ok(()) }
    }

    pub(super) fn read(&mut self, bytes: usize) -> Result<(), Reached> {
        self.read = self.read.saturating_add(bytes as u64);
        if self.read > self.limits.get(Limit::Read) { Err(self.reach(Limit::Read)) } else { Ok(()) }
    }

    /// A finding with so many bytes of text.
    pub(super) fn finding(&mut self, bytes: usize) -> Result<(), Reached> {
        self.findings += 1;
        if self.findings > self.limits.get(Limit::Findings) {
            return Err(self.reach(Limit::Findings));
        }
        self.text(bytes)
    }

    /// So many bytes of text for the report.
    pub(super) fn text(&mut self, bytes: usize) -> Result<(), Reached> {
        self.report = self.report.saturating_add(bytes as u64);
        if self.report > self.limits.get(Limit::Report) {
            return Err(self.reach(Limit::Report));
        }
        Ok(())
    }

    pub(super) fn reach(&mut self, limit: Limit) -> Reached {
        let reached = self.limits.reached(limit);
        *self.reached.get_or_insert(reached)
    }
}

impl ResourceLimiter for MemoryLimiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let total = self.taken.saturating_sub(current).saturating_add(desired);
        if total as u64 > self.most {
            self.is_full = true;
            return Ok(false);
        }
        self.taken = total;
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // Sixteen bytes an element, held against the same limit as memory.
        if desired as u64 > self.most / 16 {
            self.is_full = true;
            return Ok(false);
        }
        Ok(true)
    }

    fn memories(&self) -> usize {
        1
    }

    fn tables(&self) -> usize {
        PARTS as usize
    }

    fn instances(&self) -> usize {
        PARTS as usize
    }
}
