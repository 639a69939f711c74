//! One running module: its view, its account, and what it has said. Fresh for every run.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::execute::Metered;
use super::limits::{Limits, Reached};
use super::manifest::Manifest;
use super::meter::Meter;
use super::reported::{self, Reported, Said};
use crate::ledger::Status;
use crate::view::{Refusal, View};

/// What a module has said, shared with the host so that it outlives the store.
pub(super) type Voice = Arc<Mutex<Said>>;

/// The data of a store in this process, or what answers a worker.
pub(super) struct Guest {
    meter: Meter,
    manifest: Arc<Manifest>,
    view: View,
    voice: Voice,
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
    pub(super) fn new(manifest: Arc<Manifest>, view: View, limits: Limits, voice: Voice) -> Self {
        Self { meter: Meter::new(limits), manifest, view, voice }
    }

    /// A question to the view that it may refuse. What was not granted goes to the ledger as well.
    pub(super) fn ask<T, R>(
        &mut self,
        question: impl FnOnce(&View) -> Result<T, Refusal>,
        refuse: impl FnOnce(Refusal) -> R,
    ) -> wasmtime::Result<Result<T, R>> {
        self.meter.call()?;
        let answer = question(&self.view);
        if let Err(Refusal::NotGranted(reason)) = &answer {
            listen(&self.voice).reject(&format!("asked for more than it was granted: {reason}"));
        }
        // The question itself may have taken the rest of the time.
        self.meter.deadline()?;
        Ok(answer.map_err(refuse))
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
        self.meter.finding(reported::cost(&given))?;
        let checked = reported::check(given, &self.manifest, &self.view, &self.meter);
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
