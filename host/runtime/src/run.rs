//! Runs one module in a fresh store, or all of them side by side.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use wasmtime::component::Linker;
use wasmtime::{Engine, Store, UpdateDeadline};

use super::cancel::run_until_cancelled;
use super::catalogue::Source;
use super::execute::{execute, link};
use super::failure::RunError;
use super::guest::{self, CheckPre, Guest};
use super::limits::{Limit, Limits, processors};
use super::scanner::Scanner;
use super::store_data::{HostState, SharedOutput, lock_output};
use super::usage::Metered as _;
use super::validate::ModuleOutput;
use super::wait_clock::WaitClock;
use super::worker::{Setup, Workers, WorkersReport};
use super::{LoadError, Module};
use chitin_model::finding::Origin;
use chitin_model::manifest::Manifest;
use chitin_view::View;
use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

/// How often the clock of all guests ticks.
const TICK: Duration = Duration::from_millis(5);

/// How long past its deadline a module may stay in a host call before nobody waits for it any more.
const GRACE: Duration = Duration::from_secs(2);

/// How long a guest has to notice that the run is to end.
const CANCEL_GRACE: Duration = Duration::from_millis(50);

/// What became of one module.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub manifest: Arc<Manifest>,
    pub output: ModuleOutput,
    /// Why it did not run to its end.
    pub failure: Option<RunError>,
}

impl Outcome {
    /// The outcome of a module whose task is gone.
    pub fn lost(manifest: Arc<Manifest>) -> Self {
        Self::silent(manifest, RunError::HostFailed)
    }

    /// The outcome of a module with no output.
    pub(super) fn silent(manifest: Arc<Manifest>, failure: RunError) -> Self {
        Self { manifest, output: ModuleOutput::default(), failure: Some(failure) }
    }
}

/// One engine and one linker for all modules of this process, and workers for the others.
pub struct Runner {
    engine: Engine,
    linker: Arc<Linker<Guest<HostState>>>,
    limits: Limits,
    /// One for each module that may run at the same time. Waiting for one is not part of a module's time.
    permits: Semaphore,
    workers: Workers,
    cancel: CancellationToken,
}

impl Runner {
    /// A runner whose guests end when `cancel` is cancelled.
    pub fn new(limits: Limits, setup: Setup, cancel: CancellationToken) -> Result<Self, LoadError> {
        let failed = |error: wasmtime::Error| LoadError::NoEngine(error.to_string());
        let engine = Engine::new(&chitin_engine::config()).map_err(failed)?;
        let mut linker = Linker::new(&engine);
        guest::link(&mut linker).map_err(failed)?;
        let permits = Semaphore::new(processors());
        let workers = Workers::new(limits, setup);
        Ok(Self { engine, linker: Arc::new(linker), limits, permits, workers, cancel })
    }

    pub fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    /// Makes a scanner of code ready to run.
    pub fn scanner(&self, module: &Module) -> Result<Scanner, LoadError> {
        Scanner::load(&self.engine, module, self.limits, self.cancel.clone())
    }

    /// Makes a module ready to run: machine code, imports, links.
    pub fn prepare(&self, module: &Module) -> Result<Prepared, LoadError> {
        prepare(&self.engine, &self.linker, self.limits, &self.cancel, module)
    }

    /// Runs a module to its end, or to a deadline.
    ///
    /// Boxed, so a crate that awaits it does not compile it again.
    pub fn run(&self, module: Module, view: View) -> BoxFuture<'_, Outcome> {
        Box::pin(self.run_module(module, view))
    }

    async fn run_module(&self, module: Module, view: View) -> Outcome {
        let manifest = Arc::clone(&module.manifest);
        match &module.source {
            Source::BuiltIn(_) | Source::Given(_) => self.run_in_process(module, view).await,
            Source::Foreign(component) => self.run_in_worker(&module, component, view).await,
            Source::Refused(reason) => {
                Outcome::silent(manifest, RunError::NotLoaded(reason.clone()))
            }
        }
    }

    /// How third-party modules were confined; none if there were none.
    pub fn workers(&self) -> Option<WorkersReport> {
        self.workers.report()
    }

    /// Runs a third-party module, in a worker.
    async fn run_in_worker(&self, module: &Module, component: &Arc<[u8]>, view: View) -> Outcome {
        let manifest = Arc::clone(&module.manifest);
        if let Err(error) = module.refuse_composed(component) {
            return Outcome::silent(manifest, RunError::NotLoaded(error.to_string()));
        }
        let output = SharedOutput::default();
        let run = self.workers.run(&manifest, component, view, &output);
        let end = run_until_cancelled(&self.cancel, CANCEL_GRACE, run).await;
        let failure = end.unwrap_or(Some(RunError::Cancelled));
        let output = lock_output(&output).clone();
        Outcome { manifest, output, failure }
    }

    /// Runs a module in this process.
    async fn run_in_process(&self, module: Module, view: View) -> Outcome {
        let manifest = Arc::clone(&module.manifest);
        // The semaphore is never closed.
        let _permit =
            run_until_cancelled(&self.cancel, Duration::ZERO, self.permits.acquire()).await;
        let (output, wait_clock) = (SharedOutput::default(), WaitClock::default());
        let job = {
            let (engine, linker) = (self.engine.clone(), Arc::clone(&self.linker));
            let (limits, cancel) = (self.limits, self.cancel.clone());
            let (output, wait_clock) = (Arc::clone(&output), wait_clock.clone());
            tokio::task::spawn_blocking(move || {
                match prepare(&engine, &linker, limits, &cancel, &module) {
                    Ok(prepared) => prepared.execute(view, output, wait_clock),
                    Err(error) => Some(RunError::NotLoaded(error.to_string())),
                }
            })
        };
        let end =
            run_until_cancelled(&self.cancel, CANCEL_GRACE, self.finish(job, &wait_clock)).await;
        let failure = end.unwrap_or(Some(RunError::Cancelled));
        let output = lock_output(&output).clone();
        Outcome { manifest, output, failure }
    }

    /// Waits for a module, as long as it may take and a little longer.
    async fn finish(
        &self,
        job: JoinHandle<Option<RunError>>,
        wait_clock: &WaitClock,
    ) -> Option<RunError> {
        match wait_clock.run_with_timeout(self.limits.time() + GRACE, job).await {
            Some(Ok(failure)) => failure,
            Some(Err(_panic)) => Some(RunError::HostFailed),
            None => Some(RunError::Limit(self.limits.reached(Limit::Time))),
        }
    }

    /// Ticks the guests' clock until the guard is dropped.
    pub fn clock(&self) -> Clock {
        let stop = Arc::new(AtomicBool::new(false));
        let (engine, stopped) = (self.engine.weak(), Arc::clone(&stop));
        // A thread and not a task: it must tick when every other thread is busy.
        let thread = std::thread::Builder::new().name("clock".to_owned()).spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                std::thread::sleep(TICK);
                match engine.upgrade() {
                    Some(engine) => engine.increment_epoch(),
                    None => return,
                }
            }
        });
        Clock { stop, running: thread.is_ok() }
    }
}

/// Keeps the guests' clock ticking.
#[derive(Debug)]
pub struct Clock {
    stop: Arc<AtomicBool>,
    running: bool,
}

impl Clock {
    /// Without a clock a deadline would not hold, so nothing may run.
    pub fn is_running(&self) -> bool {
        self.running
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn prepare(
    engine: &Engine,
    linker: &Linker<Guest<HostState>>,
    limits: Limits,
    cancel: &CancellationToken,
    module: &Module,
) -> Result<Prepared, LoadError> {
    let component = module.component(engine)?;
    let check = link(engine, linker, &component)
        .map_err(|failure| failure.of_module(&module.manifest.id))?;
    Ok(Prepared {
        engine: engine.clone(),
        check,
        manifest: Arc::clone(&module.manifest),
        origin: module.origin(),
        limits,
        cancel: cancel.clone(),
    })
}

/// A module that is ready to run, any number of times and each time anew.
pub struct Prepared {
    engine: Engine,
    check: CheckPre<Guest<HostState>>,
    manifest: Arc<Manifest>,
    origin: Origin,
    limits: Limits,
    cancel: CancellationToken,
}

impl Prepared {
    /// Runs it once on this thread.
    pub fn run(&self, view: View) -> Outcome {
        let output = SharedOutput::default();
        let failure = self.execute(view, Arc::clone(&output), WaitClock::default());
        let output = lock_output(&output).clone();
        Outcome { manifest: Arc::clone(&self.manifest), output, failure }
    }

    /// The reason why it failed, if it did.
    fn execute(&self, view: View, output: SharedOutput, wait_clock: WaitClock) -> Option<RunError> {
        let manifest = Arc::clone(&self.manifest);
        let state =
            HostState::new(manifest, self.origin, view.into(), self.limits, output, wait_clock);
        let cancel = self.cancel.clone();
        let clock = |store: &mut Store<Guest<HostState>>| {
            store.set_epoch_deadline(1);
            store.epoch_deadline_callback(move |mut guest| {
                if cancel.is_cancelled() {
                    return Err(RunError::Cancelled.into());
                }
                let is_late = guest.data_mut().meter().is_late();
                Ok(if is_late { UpdateDeadline::Interrupt } else { UpdateDeadline::Continue(1) })
            });
        };
        let (mut guest, error) =
            execute(&self.engine, &self.check, Guest(state), &self.limits, clock);
        error.map(|error| RunError::of(&error, guest.meter()))
    }
}
