//! A worker that has been taken over can say anything. It is a row of frames here.

use std::io::{BufReader, Cursor};
use std::sync::Arc;

use serde::Serialize;
use serde_json::json;

use super::*;
use crate::failure::WorkerFailure;
use crate::store_data::{SharedOutput, lock_output};
use crate::validate::ModuleOutput;
use crate::wait_clock::WaitClock;
use crate::worker::protocol::Task;
use crate::worker::remote::{GuestCall, Statement};
use crate::worker::sandbox::{Bounds, Enforcement};
use chitin_collect::Collected;
use chitin_config::discover::Request;
use chitin_config::environment::Environment;
use chitin_contract::{report, types};
use chitin_model::finding::Origin;
use chitin_model::ledger::Status;
use chitin_model::manifest::Manifest;
use chitin_view::calls::{AnyCall, Effective, Environment as Variable, Roots, Stat};
use chitin_view::{Inputs, View};

const CONFINED: Confinement = Confinement {
    limits: Enforcement::Full,
    landlock: Enforcement::Full,
    seccomp: Enforcement::Full,
};

fn manifest() -> Manifest {
    let manifest = json!({
        "id": "tests.taken", "version": "1", "publisher": "tests", "wit": "0.1.0", "summary": "s",
        "grants": {"config": ["/granted"]},
        "fixes": {"config": ["/granted/value"]},
        "rule": [{"id": "taken.rule", "severities": ["info"], "title": "t", "why": "w", "fix": "f"}],
    });
    Manifest::of_json(manifest.to_string().as_bytes()).unwrap()
}

fn job(limits: Limits) -> Job {
    Job { task: Task::Run, limits, bounds: Bounds { data: 0, address_space: 0, seconds: 0 } }
}

/// A frame as a worker would send it.
fn frame(message: &impl Serialize) -> Vec<u8> {
    let bytes = postcard::to_stdvec(message).unwrap();
    [&u32::try_from(bytes.len()).unwrap().to_le_bytes(), bytes.as_slice()].concat()
}

/// What the host makes of these frames, what it writes, and what it keeps.
fn hears(
    frames: &[Vec<u8>],
    limits: Limits,
) -> (Result<RunResult, SessionError>, Vec<u8>, ModuleOutput) {
    let place = tempfile::tempdir().unwrap();
    let config = place.path().join("openclaw.json");
    std::fs::write(config, r#"{"granted": {"value": "x"}, "other": {"y": 1}}"#).unwrap();
    let request = Request {
        state_dir: Some(place.path().to_path_buf()),
        cwd: place.path().to_path_buf(),
        ..Request::default()
    };
    let collected = Collected::gather(&request, Environment::default());
    let inputs = Arc::new(Inputs::new(collected, None).unwrap());
    let manifest = Arc::new(manifest());
    let (view, output) = (View::new(inputs, manifest.grants.clone()), SharedOutput::default());
    let mut guest = HostState::new(
        manifest,
        Origin::ThirdParty,
        view.into(),
        limits,
        Arc::clone(&output),
        WaitClock::default(),
    );

    let mut written = Vec::new();
    let mut channel = Channel::new(BufReader::new(Cursor::new(frames.concat())), &mut written);
    let job = job(limits);
    let ran = begin(&mut channel, &job, b"the module")
        .and_then(|_confinement| run(&mut channel, &job, &mut guest));
    let output = lock_output(&output).clone();
    (ran, written, output)
}

fn finding(rule: &str, severity: types::Severity) -> GuestCall {
    GuestCall::Add(report::Finding {
        rule: rule.to_owned(),
        severity,
        title: "Title".to_owned(),
        detail: String::new(),
        remediation: None,
        locations: Vec::new(),
        evidence: Vec::new(),
        fixes: Vec::new(),
    })
}

fn ask(call: impl Into<AnyCall>) -> GuestCall {
    GuestCall::Ask(call.into())
}

fn note(statement: Statement, rule: &str, reason: &str) -> GuestCall {
    GuestCall::Note(statement, rule.to_owned(), reason.to_owned())
}

fn script(calls: Vec<GuestCall>) -> Vec<Vec<u8>> {
    let calls = calls.into_iter().map(Message::Call);
    let messages = std::iter::once(Message::Confined(CONFINED)).chain(calls);
    messages.chain([Message::Ended(None)]).map(|message| frame(&message)).collect()
}

fn broken(ran: Result<RunResult, SessionError>) -> String {
    match ran {
        Err(SessionError::Worker(broken)) => broken.to_string(),
        Err(SessionError::HungUp) => "hung up".to_owned(),
        Ok(ran) => panic!("{ran:?}"),
    }
}

#[test]
fn a_worker_that_was_taken_over_says_no_more_than_a_module() {
    let calls = vec![
        finding("gateway.bind_no_auth", types::Severity::Critical),
        finding("taken.rule", types::Severity::Critical),
        note(Statement::NotApplicable, "gateway.bind_no_auth", "x"),
        ask(Effective { pointer: "/other".to_owned() }),
        ask(Stat { root: "state".to_owned(), path: "openclaw.json".to_owned() }),
        ask(Variable { name: "HOME".to_owned() }),
        finding("taken.rule", types::Severity::Info),
    ];
    let (ran, _, said) = hears(&script(calls), Limits::default());
    assert!(matches!(ran, Ok(RunResult::Ended(None))));
    assert_eq!(said.findings.len(), 1);
    assert_eq!(said.findings[0].module, "tests.taken");
    assert_eq!(said.findings[0].origin, Origin::ThirdParty);
    assert!(said.statuses.is_empty());
    assert_eq!(said.rejected.len(), 6, "{:?}", said.rejected);
}

#[test]
fn a_worker_that_was_taken_over_has_no_more_than_its_limits() {
    let limits = Limits::with(&["calls=3".parse().unwrap()]);
    let calls = (0..5).map(|_| ask(Roots {}));
    let (ran, _, _) = hears(&script(calls.collect()), limits);
    assert!(
        matches!(ran, Ok(RunResult::Ended(Some(RunError::Limit(reached)))) if reached.limit() == Limit::Calls)
    );

    let (ran, _, said) = hears(
        &script(vec![note(Statement::NotRun, "taken.rule", &"x".repeat(2 << 20))]),
        Limits::default(),
    );
    assert!(
        matches!(ran, Ok(RunResult::Ended(Some(RunError::Limit(reached)))) if reached.limit() == Limit::Report)
    );
    assert!(!said.statuses.values().any(|(status, _)| *status == Status::NotRun));
}

#[test]
fn the_module_is_sent_to_a_confined_worker_only() {
    let (ran, written, _) = hears(&[frame(&Message::Ended(None))], Limits::default());
    assert!(broken(ran).contains("out of turn"));
    let holds = |bytes: &[u8]| bytes.windows(10).any(|part| part == b"the module");
    assert!(!holds(&written));
    let (_, written, _) = hears(&script(Vec::new()), Limits::default());
    assert!(holds(&written));
}

#[test]
fn frames_that_are_too_large_or_mean_nothing_end_the_conversation() {
    let confined = frame(&Message::Confined(CONFINED));
    let hears =
        |frame: &[u8]| broken(hears(&[confined.clone(), frame.to_vec()], Limits::default()).0);
    assert!(hears(&u32::MAX.to_le_bytes()).contains("too much at once"));
    let beyond = u32::try_from(max_message(&Limits::default()) + 1).unwrap();
    assert!(hears(&beyond.to_le_bytes()).contains("too much at once"));
    assert!(hears(&[1, 0, 0, 0, 99]).contains("malformed message"));
    assert!(hears(&confined).contains("out of turn"));
    assert_eq!(hears(&[9, 0, 0, 0, 4]), "hung up");
    assert_eq!(hears(&[]), "hung up");
}

/// A frame that ends the run, with the failure as bytes.
fn ended(failure: &[u8]) -> Vec<u8> {
    let head = postcard::to_stdvec(&Message::Ended(None)).unwrap();
    let [variant, _none] = head.as_slice() else { panic!("{head:?}") };
    let bytes = [&[*variant, 1], failure].concat();
    [&u32::try_from(bytes.len()).unwrap().to_le_bytes(), bytes.as_slice()].concat()
}

fn ends_with(failure: &[u8]) -> Result<RunResult, SessionError> {
    hears(&[frame(&Message::Confined(CONFINED)), ended(failure)], Limits::default()).0
}

#[test]
fn only_the_host_says_that_a_run_was_cancelled() {
    let failure = |failure: &WorkerFailure| postcard::to_stdvec(failure).unwrap();
    // Every end that a worker has a number for is a failure of its module.
    let known = [
        WorkerFailure::Memory,
        WorkerFailure::Fuel,
        WorkerFailure::Transfer,
        WorkerFailure::Trapped(0),
        WorkerFailure::Trapped(255),
        WorkerFailure::Failed("interrupted".to_owned()),
    ];
    for known in &known {
        let Ok(RunResult::Ended(Some(error))) = ends_with(&failure(known)) else {
            panic!("{known:?}")
        };
        assert_ne!(error, RunError::Cancelled);
    }
    // And there is no further number.
    for beyond in 5..128 {
        assert!(broken(ends_with(&[beyond, 0])).contains("malformed message"), "{beyond}");
    }
}

#[test]
fn a_worker_cannot_report_a_limit_that_only_the_host_counts() {
    let late = WorkerFailure::Trapped(wasmtime::Trap::Interrupt as u8);
    let ran = ends_with(&postcard::to_stdvec(&late).unwrap());
    assert!(broken(ran).contains("only the host"));
}

#[test]
fn an_answer_that_no_guest_could_hold_is_not_sent() {
    let limits = Limits::with(&["memory=1".parse().unwrap()]);
    let (ran, _, _) =
        hears(&script(vec![ask(Effective { pointer: "/granted".to_owned() })]), limits);
    assert!(
        matches!(ran, Ok(RunResult::Ended(Some(RunError::Limit(reached)))) if reached.limit() == Limit::Memory)
    );
}
