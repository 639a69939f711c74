//! Modules that are made to be hard to compile. The compiler has a deadline and a bound on memory, and is not in the
//! process that audits.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use chitin_audit::Report;
use chitin_build::MANIFEST_SECTION;
use serde_json::json;

use super::failure;
use crate::hostile_guests::{bare, manifest, with_section};
use crate::support::harness::{Audit, alone_in_worker, setup};
use crate::support::workspace::Workspace;

/// A function of so many steps, each of which depends on many before it.
fn bomb(steps: usize) -> Vec<u8> {
    let mut body = String::new();
    for step in 0..steps {
        let (a, b, c) = (step % 97, (step * 31 + 7) % 89, (step * 17 + 3) % 83);
        write!(
            body,
            "(local.set {a} (i64.add (local.get {b}) (i64.mul (local.get {c}) (local.get {a}))))"
        )
        .unwrap();
        if step % 3 == 0 {
            write!(body, "(if (i64.eqz (local.get {c})) (then (local.set {b} (local.get {a}))))")
                .unwrap();
        }
    }
    let locals = "i64 ".repeat(100);
    let wat = format!(
        "(component (core module $module (func (export \"run\") (local {locals}) {body}))
          (core instance $instance (instantiate $module))
          (func $run (canon lift (core func $instance \"run\"))) (export \"run\" (func $run)))"
    );
    with_section(bare(&wat), MANIFEST_SECTION, manifest().to_string().as_bytes())
}

fn audit(component: &[u8], limit: &str) -> Report {
    let (workspace, cache) = (Workspace::with_config(&json!({})), tempfile::tempdir().unwrap());
    Audit::of(&workspace).workers(setup(cache.path())).limit(limit).run(&alone_in_worker(component))
}

#[test]
fn a_module_that_takes_long_to_compile_is_given_up() {
    let bomb = bomb(60_000);
    let started = Instant::now();
    let report = audit(&bomb, "compile-time=500");
    assert_eq!(
        failure(&report, "tests.wat"),
        "the limit of 500 milliseconds was reached (raise it with --limit compile-time=NUMBER)"
    );
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
}

#[test]
fn a_module_that_takes_much_memory_to_compile_is_given_up() {
    let report = audit(&bomb(60_000), "compile-memory=1");
    let reason = failure(&report, "tests.wat");
    assert!(reason.starts_with("compiling it failed: "), "{reason}");
    assert!(reason.contains("--limit compile-memory=NUMBER"), "{reason}");
}
