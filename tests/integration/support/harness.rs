//! Audits through the library, with modules that no command line loads.

use std::path::Path;
use std::sync::LazyLock;

use chitin_audit::{Options, Report, audit};
use chitin_config::discover::Credentials;
use chitin_config::discover::{Depth, Request};
use chitin_config::environment::Environment;
use chitin_runtime::limits::{LimitSetting, Limits};
use chitin_runtime::worker::{self, Program, Setup};
use chitin_runtime::{Catalogue, Foreign};
use chitin_view::AuthOverride;
use tempfile::TempDir;

use crate::support::workspace::Workspace;

/// The modules of `guests/`, built by the build script.
pub(crate) const HOSTILE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/hostile.wasm"));
pub(crate) const SCANNER: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/scanner.wasm"));
pub(crate) const SPY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/spy.wasm"));

/// A catalogue of one module.
pub(crate) fn alone(component: &[u8]) -> Catalogue {
    Catalogue::of_components(chitin_audit::host_rules::reserved(), [("alone", component)])
        .unwrap_or_else(|error| panic!("{error}"))
}

/// A component that runs in a worker.
pub(crate) fn foreign(component: &[u8]) -> Foreign {
    Foreign::read("foreign", component.into()).unwrap_or_else(|error| panic!("{error}"))
}

/// A catalogue of one module that runs in a worker.
pub(crate) fn alone_in_worker(component: &[u8]) -> Catalogue {
    Catalogue::of_foreign(chitin_audit::host_rules::reserved(), [foreign(component)])
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Machine code that all tests share.
static CACHE: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

/// Workers of the program under test: the test process cannot be run as one.
pub(crate) fn setup(cache: &Path) -> Setup {
    Setup {
        program: Program::At(env!("CARGO_BIN_EXE_chitin-under-test").into()),
        cache: worker::CacheDir::At(cache.join("compiled")),
        ..Setup::default()
    }
}

/// An audit that is being prepared.
pub(crate) struct Audit<'p> {
    workspace: &'p Workspace,
    environment: Vec<(String, String)>,
    /// Time enough that a busy machine does not decide about a result.
    limits: Vec<LimitSetting>,
    auth: Option<AuthOverride>,
    depth: Depth,
    credentials: Credentials,
    workers: Setup,
}

impl<'p> Audit<'p> {
    /// Of the workspace's state directory.
    pub(crate) fn of(workspace: &'p Workspace) -> Self {
        let home = workspace.home().to_str().unwrap().to_owned();
        Self {
            workspace,
            environment: vec![("HOME".to_owned(), home)],
            limits: vec!["time=60000".parse().unwrap()],
            auth: None,
            depth: Depth::Ordinary,
            credentials: Credentials::default(),
            workers: setup(CACHE.path()),
        }
    }

    /// With `--deep`: also reads code, and asks the live gateway.
    #[must_use]
    pub(crate) fn deep(mut self) -> Self {
        self.depth = Depth::Deep;
        self
    }

    #[must_use]
    pub(crate) fn workers(mut self, workers: Setup) -> Self {
        self.workers = workers;
        self
    }

    #[must_use]
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Changes a limit, `NAME=NUMBER`.
    #[must_use]
    pub(crate) fn limit(mut self, setting: &str) -> Self {
        self.limits.push(setting.parse().unwrap());
        self
    }

    #[must_use]
    pub(crate) fn auth(mut self, auth: AuthOverride) -> Self {
        self.auth = Some(auth);
        self
    }

    /// What the live gateway is asked with.
    #[must_use]
    pub(crate) fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    pub(crate) fn run(self, catalogue: &Catalogue) -> Report {
        let options = Options {
            request: Request {
                state_dir: Some(self.workspace.state()),
                cwd: self.workspace.root().to_owned(),
                depth: self.depth,
                credentials: self.credentials,
                ..Request::default()
            },
            auth: self.auth,
            limits: Limits::with(&self.limits),
            workers: self.workers,
            ..Options::default()
        };
        let environment = Environment::from_pairs(self.environment);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(audit(options, environment, catalogue)).unwrap()
    }
}
