//! One running module: its view, its account, and what it has reported. Fresh for every run.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::guest::Host;
use super::limits::Limits;
use super::usage::Meter;
use super::validate::{self, ModuleOutput};
use super::wait_clock::WaitClock;
use chitin_contract::report;
use chitin_model::finding::Origin;
use chitin_model::ledger::Status;
use chitin_model::manifest::Manifest;
use chitin_view::calls::{Call, Clock};
use chitin_view::{Answer, Refusal, View};

/// What a module has reported, shared with the host so that it outlives the store.
pub(super) type SharedOutput = Arc<Mutex<ModuleOutput>>;

/// The data of a store in this process, or what answers a worker.
pub(super) struct HostState {
    meter: Meter,
    manifest: Arc<Manifest>,
    origin: Origin,
    view: Arc<View>,
    output: SharedOutput,
    wait_clock: WaitClock,
}

pub(super) fn lock_output(output: &SharedOutput) -> MutexGuard<'_, ModuleOutput> {
    // What was reported before a panic elsewhere still counts.
    output.lock().unwrap_or_else(PoisonError::into_inner)
}

impl HostState {
    pub(super) fn new(
        manifest: Arc<Manifest>,
        origin: Origin,
        view: Arc<View>,
        limits: Limits,
        output: SharedOutput,
        wait_clock: WaitClock,
    ) -> Self {
        Self { meter: Meter::new(limits), manifest, origin, view, output, wait_clock }
    }

    /// A question that is part of the module's own work.
    fn ask_in_its_time<C: Call>(&mut self, call: &C) -> wasmtime::Result<Answer<C::Reply>> {
        let answer = self.view.ask(call);
        // The question itself may have taken the rest of the time.
        self.meter.deadline()?;
        Ok(answer)
    }

    /// A question that others work on for as long as it takes, within limits of their own.
    fn ask_and_wait<C: Call>(&mut self, call: &C) -> Answer<C::Reply> {
        let begun = Instant::now();
        let answer = self.wait_clock.during(|| self.view.ask(call));
        self.meter.wait(begun.elapsed());
        answer
    }
}

impl Host for HostState {
    /// What was not granted goes to the ledger as well.
    fn ask<C: Call>(&mut self, call: C) -> wasmtime::Result<Answer<C::Reply>> {
        self.meter.call()?;
        let answer = match call.clock() {
            Clock::Module => self.ask_in_its_time(&call)?,
            Clock::Stopped => self.ask_and_wait(&call),
        };
        match &answer {
            Ok(reply) => self.meter.read(C::bytes_read(reply))?,
            Err(Refusal::NotGranted(reason)) => {
                let what = format!("asked for more than it was granted: {reason}");
                lock_output(&self.output).reject(&what);
            }
            Err(_) => {}
        }
        Ok(answer)
    }

    /// Takes a finding, or tells the guest and the ledger why not.
    fn add(&mut self, given: report::Finding) -> wasmtime::Result<Result<(), String>> {
        self.meter.call()?;
        self.meter.finding(validate::cost(&given))?;
        let checked = validate::check(given, &self.manifest, self.origin, &self.view, &self.meter);
        let mut output = lock_output(&self.output);
        Ok(match checked {
            Ok(finding) => {
                output.findings.push(finding);
                Ok(())
            }
            Err(reason) => {
                output.reject(&format!("reported {reason}"));
                Err(reason)
            }
        })
    }

    fn note(&mut self, rule: String, status: Status, reason: String) -> wasmtime::Result<()> {
        self.meter.call()?;
        self.meter.text(rule.len() + reason.len())?;
        lock_output(&self.output).set_status(&self.manifest, &self.view, &rule, status, &reason);
        Ok(())
    }

    fn meter(&mut self) -> &mut Meter {
        &mut self.meter
    }
}
