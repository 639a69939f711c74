//! The template builds, tests and audits at once, and nothing in it is out of date.

use std::fs;
use std::path::Path;

use super::{CommandOutput, command, component, module, template};

#[test]
fn the_template_passes_its_own_examples() {
    let told = module(template(), &["test"]).succeeds();
    assert!(told.stdout.contains("ok    good/private"), "{}", told.stdout);
    assert!(told.stdout.contains("ok    bad/lan"), "{}", told.stdout);
    assert!(told.stdout.ends_with("\n3 passed, 0 failed\n"), "{}", told.stdout);
}

#[test]
fn the_template_audits() {
    let file = component();
    let run = |arguments: &[&str]| {
        let file = file.to_str().unwrap();
        module(template(), &[&["run", file][..], arguments].concat())
    };
    let told = run(&["examples/bad/lan"]).succeeds();
    assert!(told.stdout.contains("tests.my-check.reachable"), "{}", told.stdout);
    assert!(told.stdout.contains("openclaw.json:3:5 (/gateway/bind)"), "{}", told.stdout);
    let json = run(&["examples/good/private", "--json"]).succeeds();
    let report: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(report["findings"], serde_json::json!([]));
    assert_eq!(report["chitin"]["complete"], true);
    // A limit that it needs more than is told, and the audit is not called complete.
    assert_eq!(run(&["examples/bad/lan", "--limit", "fuel=10"]).exit, 3);
}

/// A new module asks for the libraries that its lock names, so it still builds in years to come.
#[test]
fn the_lock_of_the_template_is_complete() {
    let workspace = tempfile::tempdir().unwrap();
    module(workspace.path(), &["new", "my-check"]).succeeds();
    let made = workspace.path().join("my-check");
    let told = command("cargo", &made)
        .args(["metadata", "--locked", "--format-version", "1", "--quiet"])
        .output()
        .unwrap();
    let told = CommandOutput::of(told);
    assert_eq!(told.exit, 0, "renew sdk/template/Cargo.lock: {}", told.stderr);
}

#[test]
fn the_sources_of_the_template_are_formatted() {
    let told = command("rustfmt", template())
        .args(["--check", "--edition", "2024", "src/lib.rs"])
        .output()
        .unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stdout));
}

#[test]
fn the_sdk_and_the_contract_come_with_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for part in ["sdk/src", "sdk/document/src", "sdk/macros/src", "wit/0.1.0"] {
        for entry in fs::read_dir(root.join(part)).unwrap() {
            let entry = entry.unwrap();
            let copy = template().join(part).join(entry.file_name());
            assert_eq!(fs::read(entry.path()).unwrap(), fs::read(copy).unwrap());
        }
    }
}

#[test]
fn a_module_is_made_once_and_under_a_fit_name() {
    let workspace = tempfile::tempdir().unwrap();
    module(workspace.path(), &["new", "one"]).succeeds();
    module(workspace.path(), &["new", "one"]).fails("one already exists");
    for name in ["../up", "Upper", "core"] {
        let told = module(workspace.path(), &["new", name]);
        assert_eq!(told.exit, 2, "{}", told.stderr);
        assert!(told.stderr.contains("cannot be the name of a module"), "{}", told.stderr);
    }
    assert_eq!(fs::read_dir(workspace.path()).unwrap().count(), 1);
}

#[test]
fn a_compile_error_is_shown() {
    let workspace = tempfile::tempdir().unwrap();
    module(workspace.path(), &["new", "broken"]).succeeds();
    let made = workspace.path().join("broken");
    fs::write(made.join("src/lib.rs"), "fn").unwrap();
    module(&made, &["build"]).fails("compiling broken with");
    assert!(!made.join("broken.wasm").exists());
}

#[test]
fn a_compiler_that_cannot_do_it_is_named() {
    let told = command(super::CHITIN, template())
        .args(["module", "build", "-o", "/dev/null"])
        .env("CHITIN_WASM_CARGO", "/bin/false")
        .env("CHITIN_WASM_RUSTC", "/bin/false")
        .output()
        .unwrap();
    CommandOutput::of(told).fails("/bin/false has neither the target wasm32-unknown-unknown");
}
