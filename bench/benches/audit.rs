//! `cargo bench -p chitin-bench`: a whole audit, each module in its sandbox, and the same checks natively, in one run.

// A bench that cannot be set up should say so and stop.
#![allow(clippy::expect_used)]

use std::path::PathBuf;
use std::sync::Arc;

use chitin_audit::{Options, audit};
use chitin_bench::Native;
use chitin_collect::Collected;
use chitin_config::discover::{Request, Target};
use chitin_config::environment::Environment;
use chitin_runtime::limits::Limits;
use chitin_runtime::worker::{CacheDir, Program, Setup};
use chitin_runtime::{Module, Runner};
use chitin_sdk::Group;
use chitin_view::{Inputs, View};
use divan::Bencher;
use tokio_util::sync::CancellationToken;

fn main() {
    divan::main();
}

const FIXTURES: [&str; 2] = ["exposed", "empty"];

/// Every built-in check by the name of its folder.
const CHECKS: &[(&str, &[Group])] = &[
    ("browser", chitin_check_browser::GROUPS),
    ("channels", chitin_check_channels::GROUPS),
    ("config", chitin_check_config::GROUPS),
    ("exposure", chitin_check_exposure::GROUPS),
    ("filesystem", chitin_check_filesystem::GROUPS),
    ("gateway", chitin_check_gateway::GROUPS),
    ("hooks", chitin_check_hooks::GROUPS),
    ("logging", chitin_check_logging::GROUPS),
    ("models", chitin_check_models::GROUPS),
    ("plugins", chitin_check_plugins::GROUPS),
    ("sandbox", chitin_check_sandbox::GROUPS),
    ("skills", chitin_check_skills::GROUPS),
    ("tools", chitin_check_tools::GROUPS),
];

const NAMES: [&str; CHECKS.len()] = {
    let mut names = [""; CHECKS.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = CHECKS[at].0;
        at += 1;
    }
    names
};

fn request(fixture: &str) -> Request {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/data/gateways");
    Request { target: Some(Target::Path(root.join(fixture))), cwd: root, ..Request::default() }
}

fn environment() -> Environment {
    Environment::from_pairs([("HOME", "/nonexistent")])
}

/// The inputs of a run on the exposed fixture, with everything collected that is collected before checks run.
fn inputs() -> Arc<Inputs> {
    let collected = Collected::gather(&request("exposed"), environment());
    Arc::new(Inputs::new(collected, None).expect("random numbers"))
}

fn module(name: &str) -> Module {
    let catalogue = chitin_builtin::catalogue().expect("the built-in modules load");
    let id = format!("chitin.{name}");
    let found = catalogue.modules().iter().find(|module| module.manifest.id == id);
    found.expect("a module of that name").clone()
}

/// From an environment to a report: collect, seal, load every module, run it, put the report together.
#[divan::bench(args = FIXTURES)]
fn whole_audit(bencher: Bencher<'_, '_>, fixture: &str) {
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let catalogue = chitin_builtin::catalogue().expect("the built-in modules load");
    bencher.bench_local(|| {
        let options = Options { request: request(fixture), ..Options::default() };
        runtime.block_on(audit(options, environment(), &catalogue)).expect("a report")
    });
}

/// The same without the sandbox: collect, seal, run every check natively.
#[divan::bench(args = FIXTURES)]
fn whole_audit_native(bencher: Bencher<'_, '_>, fixture: &str) {
    let catalogue = chitin_builtin::catalogue().expect("the built-in modules load");
    bencher.bench_local(|| {
        let collected = Collected::gather(&request(fixture), environment());
        let inputs = Arc::new(Inputs::new(collected, None).expect("random numbers"));
        for (name, groups) in CHECKS {
            let id = format!("chitin.{name}");
            let module = catalogue.modules().iter().find(|module| module.manifest.id == id);
            let grants = module.expect("a module of that name").manifest.grants.clone();
            chitin_sdk::run(&Native::new(View::new(Arc::clone(&inputs), grants)), groups);
        }
    });
}

/// The whole audit with so many modules of others beside the built-in ones, each in a worker, their machine code ready.
#[divan::bench(args = [0, 1, 5, 20])]
fn with_foreign_modules(bencher: Bencher<'_, '_>, number: usize) {
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let cache = tempfile::tempdir().expect("a temporary directory");
    let workers = Setup {
        program: Program::At(env!("CARGO_BIN_EXE_chitin-under-bench").into()),
        cache: CacheDir::At(cache.path().join("compiled")),
        ..Setup::default()
    };
    let modules = chitin_bench::foreign::modules(number);
    let run = || {
        let catalogue = chitin_builtin::catalogue().expect("the built-in modules load");
        let options =
            Options { request: request("exposed"), workers: workers.clone(), ..Options::default() };
        let catalogue = catalogue.admit(modules.clone());
        let report = runtime.block_on(audit(options, environment(), &catalogue)).expect("a report");
        let failed = report.modules.iter().find_map(|module| module.failure.clone());
        assert_eq!(failed, None);
    };
    // The first run compiles.
    run();
    bencher.bench_local(run);
}

/// One check in its sandbox: a fresh store, the run, what it said.
#[divan::bench(args = NAMES)]
fn sandboxed(bencher: Bencher<'_, '_>, name: &str) {
    let (inputs, module) = (inputs(), module(name));
    let runner = Runner::new(Limits::default(), Setup::default(), CancellationToken::new())
        .expect("an engine");
    let prepared = runner.prepare(&module).expect("a module that loads");
    bencher.bench_local(|| {
        let view = View::new(Arc::clone(&inputs), module.manifest.grants.clone());
        prepared.run(view)
    });
}

/// The same check compiled natively, over the same view.
#[divan::bench(args = NAMES)]
fn native(bencher: Bencher<'_, '_>, name: &str) {
    let (inputs, module) = (inputs(), module(name));
    let groups =
        CHECKS.iter().find(|(check, _)| *check == name).map_or(&[][..], |(_, groups)| groups);
    bencher.bench_local(|| {
        let host = Native::new(View::new(Arc::clone(&inputs), module.manifest.grants.clone()));
        chitin_sdk::run(&host, groups);
        host.findings()
    });
}

/// Reading every manifest, and making one module ready to run.
#[divan::bench(args = NAMES)]
fn loading(bencher: Bencher<'_, '_>, name: &str) {
    let module = module(name);
    let runner = Runner::new(Limits::default(), Setup::default(), CancellationToken::new())
        .expect("an engine");
    bencher.bench_local(|| runner.prepare(&module).expect("a module that loads"));
}
