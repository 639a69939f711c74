//! Runs third-party modules: each is compiled in a process of its own and run in another, which can do nothing but
//! compute and ask the host through a pipe.
//!
//! ```text
//! host: view, account, ledger                     worker: engine, one guest
//!   job: task, limits            ───────────────▶ confine
//!                                ◀─────────────── what holds
//!   component or machine code    ───────────────▶ compile, or load and run
//!   a call's answer              ◀──────────────▶ a call
//!                                ◀─────────────── machine code, or how it ended
//! ```
//!
//! The host decides everything and believes nothing; see [`session`]. What a worker may do is in [`sandbox`], how much
//! it may use up in `bounds`. No module runs here that is built in.

mod bounds;
mod cache;
mod process;
mod protocol;
mod remote;
pub mod sandbox;
mod session;
mod worker_main;

use std::io::BufReader;
use std::path::PathBuf;
use std::process::{ChildStdin, ChildStdout};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::Semaphore;
use wasmtime::Engine;

pub use cache::CacheDir;
pub use process::Program;
pub use sandbox::{Confinement, Enforcement};
pub use worker_main::{ARGUMENT, main};

use super::failure::RunError;
use super::limits::{Limit, Limits, processors};
use super::store_data::{HostState, SharedOutput};
use super::validate::cut;
use super::wait_clock::WaitClock;
use cache::{Cache, Key};
use chitin_model::finding::Origin;
use chitin_model::manifest::Manifest;
use chitin_view::View;
use process::{KillOnDrop, WorkerProcess, describe};
use protocol::{Channel, Job, Task};
use session::{Compiled, RunResult, SessionError, WorkerError};

/// How much is kept of what a worker says about its end, in characters.
const MAX_REASON: usize = 1000;

/// What runs workers, and where their machine code is kept.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    pub program: Program,
    pub cache: CacheDir,
    /// Directories in which nothing may be written.
    pub audited: Vec<PathBuf>,
}

/// How third-party modules were run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkersReport {
    pub confinement: Confinement,
    /// What did not go as it should, and cost time but no answer.
    pub notes: Vec<String>,
}

/// Starts workers, a few at a time.
pub(super) struct Workers {
    program: Program,
    limits: Limits,
    cache: Option<Arc<Cache>>,
    /// The engine of workers, of which only the compatibility is asked here: nothing is compiled or run with it.
    engine: OnceLock<Option<Engine>>,
    /// One for each worker that may run a module at the same time.
    permits: Semaphore,
    /// One compiles at a time, so a module that takes long holds up none that is ready.
    compilers: Semaphore,
    seen: Arc<Mutex<Seen>>,
}

/// What is to be told about the workers of a run.
#[derive(Debug, Default)]
struct Seen {
    /// The least of what held; none before the first worker.
    confinement: Option<Confinement>,
    notes: Vec<String>,
}

/// A module that is to run: what stays on this side of the pipe.
struct Host {
    manifest: Arc<Manifest>,
    view: Arc<View>,
    output: SharedOutput,
}

impl Workers {
    // Where the user's caches are.
    #[allow(clippy::disallowed_methods)]
    pub(super) fn new(limits: Limits, setup: Setup) -> Self {
        let cache = Cache::new(&setup.cache, setup.audited, |name| std::env::var_os(name));
        Self {
            program: setup.program,
            limits,
            cache: cache.map(Arc::new),
            engine: OnceLock::new(),
            permits: Semaphore::new(processors()),
            compilers: Semaphore::new(1),
            seen: Arc::default(),
        }
    }

    pub(super) fn report(&self) -> Option<WorkersReport> {
        let seen = lock(&self.seen);
        let notes = seen.notes.clone();
        seen.confinement.map(|confinement| WorkersReport { confinement, notes })
    }

    /// Runs a module to its end, or to a deadline. What it says goes to `output`; the answer is why it failed, if it did.
    pub(super) async fn run(
        &self,
        manifest: &Arc<Manifest>,
        component: &Arc<[u8]>,
        view: View,
        output: &SharedOutput,
    ) -> Option<RunError> {
        let (manifest, output) = (Arc::clone(manifest), Arc::clone(output));
        let host = Host { manifest, view: view.into(), output };
        // What a worker says may be the module's own words.
        let shown = |words: String| host.view.blank(&cut(&words, MAX_REASON));
        match self.run_component(&host, component).await {
            Ok(RunResult::Ended(Some(RunError::Failed(reason)))) => {
                Some(RunError::Failed(shown(reason)))
            }
            Ok(RunResult::Ended(ended)) => ended,
            Ok(RunResult::NotLoaded(failure) | RunResult::Unfit(failure)) => {
                let error = failure.of_module(&host.manifest.id);
                Some(RunError::NotLoaded(shown(error.to_string())))
            }
            Err(error) => Some(error.into()),
        }
    }

    /// With machine code from the cache, or made anew where that is not there or does not fit.
    async fn run_component(
        &self,
        host: &Host,
        component: &Arc<[u8]>,
    ) -> Result<RunResult, WorkerError> {
        if let Some(ran) = self.run_kept(host, component).await? {
            return Ok(ran);
        }
        match self.compile(&host.manifest.id, component).await? {
            Compiled::NotLoaded(failure) => Ok(RunResult::NotLoaded(failure)),
            Compiled::Artifact(artifact) => {
                let artifact = self.keep(component, artifact).await?;
                // The semaphores are never closed.
                let _permit = self.permits.acquire().await;
                self.run_artifact(host, artifact).await
            }
        }
    }

    /// None if there is no machine code that fits.
    async fn run_kept(
        &self,
        host: &Host,
        component: &Arc<[u8]>,
    ) -> Result<Option<RunResult>, WorkerError> {
        let _permit = self.permits.acquire().await;
        let Some(artifact) = self.kept(component).await? else { return Ok(None) };
        match self.run_artifact(host, artifact).await? {
            RunResult::Unfit(_) => {
                self.note(
                    "machine code in the cache did not fit, and was compiled again".to_owned(),
                );
                Ok(None)
            }
            ran => Ok(Some(ran)),
        }
    }

    /// The cache with the key of a component; none where there is no directory for anything.
    fn cache(&self) -> Option<(Arc<Cache>, Engine)> {
        Some((Arc::clone(self.cache.as_ref()?), self.engine()?.clone()))
    }

    fn engine(&self) -> Option<&Engine> {
        self.engine.get_or_init(|| Engine::new(&worker_main::config()).ok()).as_ref()
    }

    /// Machine code that was made in an earlier run.
    async fn kept(&self, component: &Arc<[u8]>) -> Result<Option<Vec<u8>>, WorkerError> {
        let Some((cache, engine)) = self.cache() else { return Ok(None) };
        let component = Arc::clone(component);
        let kept = blocking(move || cache.load(&Key::of(&component, &engine))).await?;
        Ok(kept.unwrap_or_else(|error| {
            self.note(format!("the cache of compiled modules is not used: {error}"));
            None
        }))
    }

    /// Keeps machine code for later runs.
    async fn keep(&self, component: &Arc<[u8]>, artifact: Vec<u8>) -> Result<Vec<u8>, WorkerError> {
        let Some((cache, engine)) = self.cache() else {
            self.note("there is no directory for compiled modules".to_owned());
            return Ok(artifact);
        };
        let component = Arc::clone(component);
        let (kept, artifact) =
            blocking(move || (cache.store(&Key::of(&component, &engine), &artifact), artifact))
                .await?;
        if let Err(error) = kept {
            self.note(format!("a compiled module is not kept: {error}"));
        }
        Ok(artifact)
    }

    async fn compile(&self, module: &str, component: &Arc<[u8]>) -> Result<Compiled, WorkerError> {
        let _permit = self.compilers.acquire().await;
        anstream::eprintln!("note: compiling the module {module}, which is done once");
        let compiled = self
            .converse(Task::Compile, Arc::clone(component), &WaitClock::default(), session::compile)
            .await;
        compiled.map_err(|error| match error {
            WorkerError::Died(how) => WorkerError::CompilerDied(how),
            other => other,
        })
    }

    async fn run_artifact(&self, host: &Host, artifact: Vec<u8>) -> Result<RunResult, WorkerError> {
        // Its time begins now.
        let manifest = Arc::clone(&host.manifest);
        let (view, output) = (Arc::clone(&host.view), Arc::clone(&host.output));
        let wait_clock = WaitClock::default();
        let mut guest = HostState::new(
            manifest,
            Origin::ThirdParty,
            view,
            self.limits,
            output,
            wait_clock.clone(),
        );
        self.converse(Task::Run, artifact, &wait_clock, move |channel, job| {
            session::run(channel, job, &mut guest)
        })
        .await
    }

    /// Starts a worker, gives it a job and holds a conversation with it, on a thread of its own and up to a deadline.
    async fn converse<T: Send + 'static>(
        &self,
        task: Task,
        bytes: impl AsRef<[u8]> + Send + 'static,
        wait_clock: &WaitClock,
        conversation: impl FnOnce(&mut WorkerChannel, &Job) -> Result<T, SessionError> + Send + 'static,
    ) -> Result<T, WorkerError> {
        let bounds = bounds::of(task, &self.limits, bytes.as_ref().len());
        let job = Job { task, limits: self.limits, bounds };
        let process = Arc::new(WorkerProcess::default());
        let held = {
            let (process, program) = (Arc::clone(&process), self.program.clone());
            let seen = Arc::clone(&self.seen);
            move || {
                let (from, to) = process
                    .start(&program)
                    .map_err(|error| WorkerError::NotStarted(error.kind()))?;
                let mut channel = Channel::new(from, to);
                let talked =
                    session::begin(&mut channel, &job, bytes.as_ref()).and_then(|confinement| {
                        note_confinement(&seen, confinement);
                        conversation(&mut channel, &job)
                    });
                let by_itself = match &talked {
                    Err(SessionError::HungUp) => process.end_soon(),
                    _ => process.end(),
                };
                talked.map_err(|talk| match talk {
                    SessionError::HungUp => WorkerError::Died(describe(by_itself)),
                    SessionError::Worker(error) => error,
                })
            }
        };
        let limit = match task {
            Task::Compile => Limit::CompileTime,
            Task::Run => Limit::Time,
        };
        let patience = self.limits.duration(limit);
        // The thread ends with the worker, or with the question that it is answering.
        let _kill_on_drop = KillOnDrop(process);
        match wait_clock.run_with_timeout(patience, blocking(held)).await {
            Some(done) => done?,
            None => Err(WorkerError::Late(self.limits.reached(limit))),
        }
    }

    fn note(&self, text: String) {
        let mut seen = lock(&self.seen);
        if !seen.notes.contains(&text) {
            seen.notes.push(text);
        }
    }
}

/// Does on a thread of its own what blocks.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, WorkerError> {
    tokio::task::spawn_blocking(work).await.map_err(|_panic| WorkerError::HostFailed)
}

/// A conversation's ends on this side.
type WorkerChannel = Channel<BufReader<ChildStdout>, ChildStdin>;

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn note_confinement(seen: &Mutex<Seen>, confinement: Confinement) {
    let known = &mut lock(seen).confinement;
    *known = Some(known.map_or(confinement, |known| known.and(confinement)));
}
