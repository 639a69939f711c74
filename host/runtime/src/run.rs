//! Runs one module in a fresh store, or all of them side by side.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use wasmtime::component::Linker;
use wasmtime::{Engine, Store, UpdateDeadline};

use super::cancel::run_until_cancelled;
use super::catalogue::Source;
use super::execute::{Metered as _, execute, link};
use super::guest::{self, CheckPre, Guest};
use super::limits::{Limit, Limits};
use super::scanner::Scanner;
use super::store_data::{HostState, Voice, listen};
use super::validate::Said;
use super::wait_clock::Leisure;
use super::worker::{Setup, Workers, WorkersReport};
use super::{INTERRUPTED, Interrupted, LoadError, Module};
use chitin_model::manifest::Manifest;
use chitin_view::View;
use tokio_util::sync::CancellationToken;

/// How often the clock of all guests ticks.
const TICK: Duration = Duration::from_millis(5);

/// How long past its deadline a module may stay in a host call before nobody waits for it any more.
const GRACE: Duration = Duration::from_secs(2);

/// How long a guest has to notice that the run is to end.
const LAST_WORDS: Duration = Duration::from_millis(50);

/// What became of one module.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub manifest: Arc<Manifest>,
    pub said: Said,
    /// Why it did not run to its end.
    pub failure: Option<String>,
}

impl Outcome {
    /// The outcome of a module whose task is gone.
    pub fn lost(manifest: Arc<Manifest>) -> Self {
        let failure = Some("the host failed while running it; please report this".to_owned());
        Self { manifest, said: Said::default(), failure }
    }

    /// Whether it was stopped because nobody wanted to wait for it.
    pub fn was_interrupted(&self) -> bool {
        self.failure.as_deref() == Some(INTERRUPTED)
    }

    /// The outcome of a module that said nothing.
    pub(super) fn silent(manifest: Arc<Manifest>, failure: String) -> Self {
        Self { manifest, said: Said::default(), failure: Some(failure) }
    }
}

/// One engine and one linker for all modules of this process, and workers for the others.
pub struct Runner {
    engine: Engine,
    linker: Arc<Linker<Guest<HostState>>>,
    limits: Limits,
    /// One for each module that may run at the same time. Waiting for one is not part of a module's time.
    places: Semaphore,
    workers: Workers,
    cancel: CancellationToken,
}

impl Runner {
    /// A runner whose guests end when the wish for it is said.
    pub fn new(limits: Limits, setup: Setup, cancel: CancellationToken) -> Result<Self, LoadError> {
        let failed = |error: wasmtime::Error| LoadError::NoEngine(error.to_string());
        let engine = Engine::new(&chitin_engine::config()).map_err(failed)?;
        let mut linker = Linker::new(&engine);
        guest::link(&mut linker).map_err(failed)?;
        let places = Semaphore::new(processors());
        let workers = Workers::new(limits, setup);
        Ok(Self { engine, linker: Arc::new(linker), limits, places, workers, cancel })
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

    /// Runs a module to its end, or until nobody waits for it any more.
    pub async fn run(&self, module: Module, view: View) -> Outcome {
        let manifest = Arc::clone(&module.manifest);
        match &module.source {
            Source::BuiltIn(_) | Source::Given(_) => self.run_here(module, view).await,
            Source::Foreign(component) => self.run_elsewhere(&module, component, view).await,
            Source::Refused(reason) => Outcome::silent(manifest, reason.clone()),
        }
    }

    /// How the modules of others were confined; none if there were none.
    pub fn workers(&self) -> Option<WorkersReport> {
        self.workers.report()
    }

    /// Runs the module of somebody else, in a worker.
    async fn run_elsewhere(&self, module: &Module, component: &Arc<[u8]>, view: View) -> Outcome {
        let manifest = Arc::clone(&module.manifest);
        if let Err(error) = module.refuse_composed(component) {
            return Outcome::silent(manifest, error.to_string());
        }
        let voice = Voice::default();
        let run = self.workers.run(&manifest, component, view, &voice);
        let end = run_until_cancelled(&self.cancel, LAST_WORDS, run).await;
        let failure = end.unwrap_or_else(|| Some(INTERRUPTED.to_owned()));
        let said = listen(&voice).clone();
        Outcome { manifest, said, failure }
    }

    /// Runs a module in this process.
    async fn run_here(&self, module: Module, view: View) -> Outcome {
        let manifest = Arc::clone(&module.manifest);
        // The semaphore is never closed.
        let _place = run_until_cancelled(&self.cancel, Duration::ZERO, self.places.acquire()).await;
        let (voice, leisure) = (Voice::default(), Leisure::default());
        let job = {
            let (engine, linker) = (self.engine.clone(), Arc::clone(&self.linker));
            let (limits, cancel) = (self.limits, self.cancel.clone());
            let (voice, leisure) = (Arc::clone(&voice), leisure.clone());
            tokio::task::spawn_blocking(move || {
                match prepare(&engine, &linker, limits, &cancel, &module) {
                    Ok(prepared) => prepared.execute(view, voice, leisure),
                    Err(error) => Some(error.to_string()),
                }
            })
        };
        let end =
            run_until_cancelled(&self.cancel, LAST_WORDS, self.outlast(job, &leisure, &manifest))
                .await;
        let failure = end.unwrap_or_else(|| Some(INTERRUPTED.to_owned()));
        let said = listen(&voice).clone();
        Outcome { manifest, said, failure }
    }

    /// Waits for a module, as long as anybody would.
    async fn outlast(
        &self,
        job: JoinHandle<Option<String>>,
        leisure: &Leisure,
        manifest: &Arc<Manifest>,
    ) -> Option<String> {
        match leisure.outlast(self.limits.time() + GRACE, job).await {
            Some(Ok(failure)) => failure,
            Some(Err(_panic)) => Outcome::lost(Arc::clone(manifest)).failure,
            None => Some(self.limits.reached(Limit::Time).to_string()),
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

/// How many modules run at the same time.
pub(super) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
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
        limits,
        cancel: cancel.clone(),
    })
}

/// A module that is ready to run, any number of times and each time anew.
pub struct Prepared {
    engine: Engine,
    check: CheckPre<Guest<HostState>>,
    manifest: Arc<Manifest>,
    limits: Limits,
    cancel: CancellationToken,
}

impl Prepared {
    /// Runs it once on this thread.
    pub fn run(&self, view: View) -> Outcome {
        let voice = Voice::default();
        let failure = self.execute(view, Arc::clone(&voice), Leisure::default());
        let said = listen(&voice).clone();
        Outcome { manifest: Arc::clone(&self.manifest), said, failure }
    }

    /// The reason why it failed, if it did.
    fn execute(&self, view: View, voice: Voice, leisure: Leisure) -> Option<String> {
        let manifest = Arc::clone(&self.manifest);
        let state = HostState::new(manifest, view.into(), self.limits, voice, leisure);
        let cancel = self.cancel.clone();
        let clock = |store: &mut Store<Guest<HostState>>| {
            store.set_epoch_deadline(1);
            store.epoch_deadline_callback(move |mut guest| {
                if cancel.is_cancelled() {
                    return Err(Interrupted.into());
                }
                let is_late = guest.data_mut().meter().is_late();
                Ok(if is_late { UpdateDeadline::Interrupt } else { UpdateDeadline::Continue(1) })
            });
        };
        let (_guest, failure) =
            execute(&self.engine, &self.check, Guest(state), &self.limits, clock);
        failure.map(|failure| failure.words(&self.limits))
    }
}
