//! Runs the modules of others: each is compiled in a process of its own and run in another, which can do nothing but
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
//! The host decides everything and believes nothing; see [`host_side`]. What a worker may do is in [`confine`], how much
//! it may use up in `bounds`. No module runs here that is built in.

mod cache;
mod process;
mod protocol;
mod remote;
mod rlimits;
pub mod sandbox;
mod session;
mod worker_main;

use std::io::BufReader;
use std::path::PathBuf;
use std::process::{ChildStdin, ChildStdout};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::Semaphore;
use wasmtime::Engine;

pub use cache::Place;
pub use process::Program;
pub use sandbox::{Confinement, Held};
pub use worker_main::{ARGUMENT, main};

use super::failure::RunError;
use super::limits::{Limit, Limits};
use super::run::processors;
use super::store_data::{HostState, Voice};
use super::validate::cut;
use super::wait_clock::Leisure;
use cache::{Cache, Key};
use chitin_model::finding::Origin;
use chitin_model::manifest::Manifest;
use chitin_view::View;
use process::{Grip, Leash, describe};
use protocol::{Job, Pipe, Task};
use session::{Broken, Compiled, Ran, Talk};

/// How much is kept of what a worker says about its end, in characters.
const MAX_REASON: usize = 1000;

/// What runs workers, and where their machine code is kept.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    pub program: Program,
    pub cache: Place,
    /// Directories in which nothing may be written.
    pub audited: Vec<PathBuf>,
}

/// How the modules of others were run.
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
    places: Semaphore,
    /// One compiles at a time, so that a module that takes long holds up none that is ready.
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
    voice: Voice,
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
            places: Semaphore::new(processors()),
            compilers: Semaphore::new(1),
            seen: Arc::default(),
        }
    }

    pub(super) fn report(&self) -> Option<WorkersReport> {
        let seen = lock(&self.seen);
        let notes = seen.notes.clone();
        seen.confinement.map(|confinement| WorkersReport { confinement, notes })
    }

    /// Runs a module to its end, or to a deadline. What it says goes to `voice`; the answer is why it failed, if it did.
    pub(super) async fn run(
        &self,
        manifest: &Arc<Manifest>,
        component: &Arc<[u8]>,
        view: View,
        voice: &Voice,
    ) -> Option<RunError> {
        let (manifest, voice) = (Arc::clone(manifest), Arc::clone(voice));
        let host = Host { manifest, view: view.into(), voice };
        // What a worker says may be the module's own words.
        let shown = |words: String| host.view.blank(&cut(&words, MAX_REASON));
        match self.run_component(&host, component).await {
            Ok(Ran::Ended(Some(RunError::Failed(reason)))) => Some(RunError::Failed(shown(reason))),
            Ok(Ran::Ended(ended)) => ended,
            Ok(Ran::NotLoaded(failure) | Ran::Unfit(failure)) => {
                let error = failure.of_module(&host.manifest.id);
                Some(RunError::NotLoaded(shown(error.to_string())))
            }
            Err(broken) => Some(broken.into()),
        }
    }

    /// With machine code from the cache, or made anew where that is not there or does not fit.
    async fn run_component(&self, host: &Host, component: &Arc<[u8]>) -> Result<Ran, Broken> {
        if let Some(ran) = self.run_kept(host, component).await? {
            return Ok(ran);
        }
        match self.compile(&host.manifest.id, component).await? {
            Compiled::NotLoaded(failure) => Ok(Ran::NotLoaded(failure)),
            Compiled::Artifact(artifact) => {
                let artifact = self.keep(component, artifact).await?;
                // The semaphores are never closed.
                let _place = self.places.acquire().await;
                self.run_artifact(host, artifact).await
            }
        }
    }

    /// None if there is no machine code that fits.
    async fn run_kept(&self, host: &Host, component: &Arc<[u8]>) -> Result<Option<Ran>, Broken> {
        let _place = self.places.acquire().await;
        let Some(artifact) = self.kept(component).await? else { return Ok(None) };
        match self.run_artifact(host, artifact).await? {
            Ran::Unfit(_) => {
                self.note(
                    "machine code in the cache did not fit, and was compiled again".to_owned(),
                );
                Ok(None)
            }
            ran => Ok(Some(ran)),
        }
    }

    /// The cache with the key of a component; none where there is no place to keep anything.
    fn cache(&self) -> Option<(Arc<Cache>, Engine)> {
        Some((Arc::clone(self.cache.as_ref()?), self.engine()?.clone()))
    }

    fn engine(&self) -> Option<&Engine> {
        self.engine.get_or_init(|| Engine::new(&worker_main::config()).ok()).as_ref()
    }

    /// Machine code that was made in an earlier run.
    async fn kept(&self, component: &Arc<[u8]>) -> Result<Option<Vec<u8>>, Broken> {
        let Some((cache, engine)) = self.cache() else { return Ok(None) };
        let component = Arc::clone(component);
        let kept = blocking(move || cache.load(&Key::of(&component, &engine))).await?;
        Ok(kept.unwrap_or_else(|error| {
            self.note(format!("the cache of compiled modules is not used: {error}"));
            None
        }))
    }

    /// Keeps machine code for later runs.
    async fn keep(&self, component: &Arc<[u8]>, artifact: Vec<u8>) -> Result<Vec<u8>, Broken> {
        let Some((cache, engine)) = self.cache() else {
            self.note("there is no place to keep compiled modules".to_owned());
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

    async fn compile(&self, module: &str, component: &Arc<[u8]>) -> Result<Compiled, Broken> {
        let _place = self.compilers.acquire().await;
        anstream::eprintln!("note: compiling the module {module}, which is done once");
        let compiled = self
            .converse(Task::Compile, Arc::clone(component), &Leisure::default(), |pipe, job| {
                session::compile(pipe, job)
            })
            .await;
        compiled.map_err(|broken| match broken {
            Broken::Died(how) => Broken::CompilerDied(how),
            other => other,
        })
    }

    async fn run_artifact(&self, host: &Host, artifact: Vec<u8>) -> Result<Ran, Broken> {
        // Its time begins now.
        let manifest = Arc::clone(&host.manifest);
        let (view, voice) = (Arc::clone(&host.view), Arc::clone(&host.voice));
        let leisure = Leisure::default();
        let mut guest =
            HostState::new(manifest, Origin::ThirdParty, view, self.limits, voice, leisure.clone());
        self.converse(Task::Run, artifact, &leisure, move |pipe, job| {
            session::run(pipe, job, &mut guest)
        })
        .await
    }

    /// Starts a worker, gives it a job and holds a conversation with it, on a thread of its own and up to a deadline.
    async fn converse<T: Send + 'static>(
        &self,
        task: Task,
        bytes: impl AsRef<[u8]> + Send + 'static,
        leisure: &Leisure,
        conversation: impl FnOnce(&mut Pipes, &Job) -> Result<T, Talk> + Send + 'static,
    ) -> Result<T, Broken> {
        let bounds = rlimits::of(task, &self.limits, bytes.as_ref().len());
        let job = Job { task, limits: self.limits, bounds };
        let leash = Arc::new(Leash::default());
        let held = {
            let (leash, program) = (Arc::clone(&leash), self.program.clone());
            let seen = Arc::clone(&self.seen);
            move || {
                let (from, to) =
                    leash.start(&program).map_err(|error| Broken::NotStarted(error.kind()))?;
                let mut pipe = Pipe::new(from, to);
                let talked =
                    session::begin(&mut pipe, &job, bytes.as_ref()).and_then(|confinement| {
                        note_confinement(&seen, confinement);
                        conversation(&mut pipe, &job)
                    });
                let by_itself = match &talked {
                    Err(Talk::HungUp) => leash.end_soon(),
                    _ => leash.end(),
                };
                talked.map_err(|talk| match talk {
                    Talk::HungUp => Broken::Died(describe(by_itself)),
                    Talk::Broken(broken) => broken,
                })
            }
        };
        let limit = match task {
            Task::Compile => Limit::CompileTime,
            Task::Run => Limit::Time,
        };
        let patience = self.limits.duration(limit);
        // The thread ends with the worker, or with the question that it is answering.
        let _grip = Grip(leash);
        match leisure.outlast(patience, blocking(held)).await {
            Some(done) => done?,
            None => Err(Broken::Late(self.limits.reached(limit))),
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
) -> Result<T, Broken> {
    tokio::task::spawn_blocking(work).await.map_err(|_panic| Broken::HostFailed)
}

/// A conversation's ends on this side.
type Pipes = Pipe<BufReader<ChildStdout>, ChildStdin>;

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn note_confinement(seen: &Mutex<Seen>, confinement: Confinement) {
    let known = &mut lock(seen).confinement;
    *known = Some(known.map_or(confinement, |known| known.and(confinement)));
}
