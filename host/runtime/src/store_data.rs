//! One running module: its view, its account, and what it has said. Fresh for every run.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::execute::Metered;
use super::limits::{Limits, Reached};
use super::usage::Meter;
use super::validate::{self, Reported, Said};
use super::wait_clock::Leisure;
use chitin_model::finding::Origin;
use chitin_model::ledger::Status;
use chitin_model::manifest::Manifest;
use chitin_view::{Refusal, View};

/// What a module has said, shared with the host so that it outlives the store.
pub(super) type Voice = Arc<Mutex<Said>>;

/// The data of a store in this process, or what answers a worker.
pub(super) struct Guest {
    meter: Meter,
    manifest: Arc<Manifest>,
    origin: Origin,
    view: Arc<View>,
    voice: Voice,
    leisure: Leisure,
}

impl Metered for Guest {
    fn meter(&mut self) -> &mut Meter {
        &mut self.meter
    }
}

pub(super) fn listen(voice: &Voice) -> MutexGuard<'_, Said> {
    // What was said before a panic elsewhere is still what was said.
    voice.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Guest {
    pub(super) fn new(
        manifest: Arc<Manifest>,
        origin: Origin,
        view: Arc<View>,
        limits: Limits,
        voice: Voice,
        leisure: Leisure,
    ) -> Self {
        Self { meter: Meter::new(limits), manifest, origin, view, voice, leisure }
    }

    /// A question to the view that it may refuse. What was not granted goes to the ledger as well.
    pub(super) fn ask<T, R>(
        &mut self,
        question: impl FnOnce(&View) -> Result<T, Refusal>,
        refuse: impl FnOnce(Refusal) -> R,
    ) -> wasmtime::Result<Result<T, R>> {
        self.meter.call()?;
        let answer = question(&self.view);
        // The question itself may have taken the rest of the time.
        self.meter.deadline()?;
        Ok(self.answered(answer).map_err(refuse))
    }

    /// A question that others work on for as long as it takes, within limits of their own. That time is not the
    /// module's: a directory full of code must not look like a check that hangs.
    pub(super) fn ask_and_wait<T, R>(
        &mut self,
        question: impl FnOnce(&View) -> Result<T, Refusal>,
        refuse: impl FnOnce(Refusal) -> R,
    ) -> wasmtime::Result<Result<T, R>> {
        self.meter.call()?;
        let begun = Instant::now();
        let answer = self.leisure.during(|| question(&self.view));
        self.meter.wait(begun.elapsed());
        Ok(self.answered(answer).map_err(refuse))
    }

    fn answered<T>(&self, answer: Result<T, Refusal>) -> Result<T, Refusal> {
        if let Err(Refusal::NotGranted(reason)) = &answer {
            listen(&self.voice).reject(&format!("asked for more than it was granted: {reason}"));
        }
        answer
    }

    /// A question that every module may ask.
    pub(super) fn look<T>(&mut self, question: impl FnOnce(&View) -> T) -> wasmtime::Result<T> {
        self.meter.call()?;
        Ok(question(&self.view))
    }

    pub(super) fn charge_read(&mut self, bytes: usize) -> Result<(), Reached> {
        self.meter.read(bytes)
    }

    /// Takes a finding, or tells the guest and the ledger why not.
    pub(super) fn add(&mut self, given: Reported) -> wasmtime::Result<Result<(), String>> {
        self.meter.call()?;
        self.meter.finding(validate::cost(&given))?;
        let checked = validate::check(given, &self.manifest, self.origin, &self.view, &self.meter);
        let mut said = listen(&self.voice);
        Ok(match checked {
            Ok(finding) => {
                said.findings.push(finding);
                Ok(())
            }
            Err(reason) => {
                said.reject(&format!("reported {reason}"));
                Err(reason)
            }
        })
    }

    /// Notes that a rule does not apply or did not run.
    pub(super) fn say(&mut self, rule: &str, status: Status, reason: &str) -> wasmtime::Result<()> {
        self.meter.call()?;
        self.meter.text(rule.len() + reason.len())?;
        listen(&self.voice).say(&self.manifest, &self.view, rule, status, reason);
        Ok(())
    }
}
