//! Runs the scanner of code: a component that imports nothing, one file a call, each within limits of its own. What it
//! says is held against its manifest.

use std::sync::Arc;
use std::time::Instant;

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store, Trap, UpdateDeadline};

use super::failure::{LoadFailure, describe};
use super::limits::{Limit, Limits};
use super::reading::{Incomplete, RawFinding, ReadError, Reading, SourceFile};
use super::scanner_v0_1 as contract;
use super::usage::MemoryLimiter;
use super::{CONTRACT, LoadError, Module, RunError};
use chitin_model::file_names::FileNames;
use chitin_model::manifest::Manifest;
use tokio_util::sync::CancellationToken;

/// Findings that are kept of one file.
const MAX_FINDINGS: usize = 500;
/// Bytes that a scanner may hand over for one file.
const MAX_ANSWER: usize = 8 << 20;
const MAX_ID: usize = 128;
/// Bytes of a message or a note.
const MAX_MESSAGE: usize = 2000;
/// Bytes of evidence: 120 UTF-16 units and an ellipsis, with room to spare.
const MAX_EVIDENCE: usize = 1000;

/// An instance that has taken more than this is replaced, since linear memory never shrinks.
const COMFORTABLE: usize = 32 << 20;

/// A scanner that is ready to run.
pub struct Scanner {
    engine: Engine,
    pre: contract::ScannerPre<ScanStore>,
    manifest: Arc<Manifest>,
    names: FileNames,
    limits: Limits,
    cancel: CancellationToken,
}

/// The data of a store: what the file that is being read may take.
struct ScanStore {
    memory: MemoryLimiter,
    deadline: Instant,
}

impl Scanner {
    pub(super) fn load(
        engine: &Engine,
        module: &Module,
        limits: Limits,
        cancel: CancellationToken,
    ) -> Result<Self, LoadError> {
        let failed =
            |error: wasmtime::Error| LoadFailure::of(&error).of_module(&module.manifest.id);
        let component = module.component(engine)?;
        if let Some(import) = foreign(engine, &component) {
            return Err(LoadError::ScannerImport { module: module.manifest.id.clone(), import });
        }
        let pre = Linker::new(engine).instantiate_pre(&component).map_err(failed)?;
        Ok(Self {
            engine: engine.clone(),
            pre: contract::ScannerPre::new(pre).map_err(failed)?,
            manifest: Arc::clone(&module.manifest),
            names: module
                .manifest
                .scanner
                .clone()
                .unwrap_or(FileNames { code: Vec::new(), text: Vec::new() }),
            limits,
            cancel,
        })
    }

    pub fn names(&self) -> &FileNames {
        &self.names
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    pub fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    /// One that reads files, one after the other.
    pub fn reader(&self) -> Reader<'_> {
        Reader { scanner: self, instance: None }
    }

    fn instance(&self) -> wasmtime::Result<Instance> {
        let data = ScanStore {
            memory: MemoryLimiter::new(self.limits.get(Limit::ScanMemory)),
            deadline: Instant::now() + self.limits.duration(Limit::ScanTime),
        };
        let mut store = Store::new(&self.engine, data);
        store.limiter(|data| &mut data.memory);
        store.set_hostcall_fuel(MAX_ANSWER);
        store.set_epoch_deadline(1);
        let cancel = self.cancel.clone();
        store.epoch_deadline_callback(move |context| {
            if cancel.is_cancelled() {
                return Err(RunError::Cancelled.into());
            }
            let is_late = Instant::now() >= context.data().deadline;
            Ok(if is_late { UpdateDeadline::Interrupt } else { UpdateDeadline::Continue(1) })
        });
        store.set_fuel(self.limits.get(Limit::ScanFuel))?;
        let bindings = self.pre.instantiate(&mut store)?;
        Ok(Instance { store, bindings })
    }

    fn why(&self, error: &wasmtime::Error, is_full: bool) -> ReadError {
        let reached = match error.downcast_ref::<Trap>() {
            Some(Trap::OutOfFuel) => Some(Limit::ScanFuel),
            Some(Trap::Interrupt) => Some(Limit::ScanTime),
            _ => is_full.then_some(Limit::ScanMemory),
        };
        match reached {
            Some(limit) => ReadError::Limit(self.limits.reached(limit)),
            None if error.is::<RunError>() => ReadError::Cancelled,
            None => ReadError::Failed(describe(error)),
        }
    }

    /// Keeps what the manifest and the limits allow.
    fn check(&self, mut reading: Reading) -> Result<Reading, Incomplete> {
        let count = reading.findings.len();
        let mut wrong = None;
        reading.findings.truncate(MAX_FINDINGS);
        reading.findings.retain(|finding| match self.fault(finding) {
            Some(fault) => {
                wrong.get_or_insert(fault);
                false
            }
            None => true,
        });
        if reading.note.as_ref().is_some_and(|note| note.len() > MAX_MESSAGE) {
            reading.note = None;
            wrong.get_or_insert_with(|| "the scanner gave a note that is too long".to_owned());
        }
        if count > MAX_FINDINGS {
            wrong.get_or_insert_with(|| {
                format!("there are {count} findings; the first {MAX_FINDINGS} are kept")
            });
        }
        match wrong {
            None => Ok(reading),
            Some(reason) => Err(Incomplete { kept: reading, error: ReadError::Rejected(reason) }),
        }
    }

    /// Why a finding is not accepted.
    fn fault(&self, finding: &RawFinding) -> Option<String> {
        let name: String = finding.rule.chars().take(MAX_ID).collect();
        let Some(rule) = self.manifest.rules.iter().find(|rule| rule.covers(&finding.rule)) else {
            return Some(format!(
                "the scanner reported `{name}`, which its manifest does not declare"
            ));
        };
        if !rule.severities.contains(&finding.severity) {
            let severity = finding.severity;
            return Some(format!(
                "the scanner reported `{name}` as {severity}, which the rule does not declare"
            ));
        }
        let too_long = finding.rule.len() > MAX_ID
            || finding.alias.as_ref().is_some_and(|alias| alias.len() > MAX_ID)
            || finding.message.len() > MAX_MESSAGE
            || finding.evidence.len() > MAX_EVIDENCE;
        too_long.then(|| format!("the scanner reported `{name}` with a text that is too long"))
    }
}

/// What a scanner imports beyond the types of the contract. Those are names only; there is nothing to call.
fn foreign(engine: &Engine, component: &Component) -> Option<String> {
    let ty = component.component_type();
    ty.imports(engine)
        .find(|(name, import)| {
            let holds_types_only = match &import.ty {
                ComponentItem::ComponentInstance(instance) => instance
                    .exports(engine)
                    .all(|(_, export)| matches!(export.ty, ComponentItem::Type(_))),
                _ => false,
            };
            !(name.starts_with(CONTRACT) && holds_types_only)
        })
        .map(|(name, _)| name.to_owned())
}

struct Instance {
    store: Store<ScanStore>,
    bindings: contract::Scanner,
}

/// Reads files with one instance, for as long as that does well.
pub struct Reader<'s> {
    scanner: &'s Scanner,
    instance: Option<Instance>,
}

impl Reader<'_> {
    /// Reads one file. A file that makes the scanner fail costs itself, and the next one gets a fresh instance.
    pub fn read(&mut self, file: &SourceFile) -> Result<Reading, Incomplete> {
        let failed = |error| Incomplete { kept: Reading::default(), error };
        let mut instance = match self.instance.take().map_or_else(|| self.scanner.instance(), Ok) {
            Ok(instance) => instance,
            Err(error) => return Err(failed(self.scanner.why(&error, false))),
        };
        let limits = &self.scanner.limits;
        instance.store.data_mut().deadline = Instant::now() + limits.duration(Limit::ScanTime);
        let answer = instance.store.set_fuel(limits.get(Limit::ScanFuel)).and_then(|()| {
            instance.bindings.call_scan(&mut instance.store, &contract::source_file(file))
        });
        let memory = &instance.store.data().memory;
        match answer {
            Ok(reading) => {
                if memory.taken() <= COMFORTABLE && !memory.is_full {
                    self.instance = Some(instance);
                }
                self.scanner.check(contract::reading(reading))
            }
            Err(error) => Err(failed(self.scanner.why(&error, memory.is_full))),
        }
    }
}
