//! Components of other tools: what becomes a module, and what is refused before it is called one.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::{CommandOutput, module};

/// A directory with a manifest and a component in it.
fn workspace(wat: &str) -> (TempDir, PathBuf) {
    let workspace = tempfile::tempdir().unwrap();
    fs::write(workspace.path().join("given.wasm"), wat::parse_str(wat).unwrap()).unwrap();
    fs::write(
        workspace.path().join("module.toml"),
        "id = \"tests.wat\"\nversion = \"0.1.0\"\npublisher = \"tests\"\nwit = \"0.1.0\"\nsummary = \"By hand\"\n",
    )
    .unwrap();
    let made = workspace.path().join("made.wasm");
    (workspace, made)
}

fn wrap(wat: &str) -> (CommandOutput, bool) {
    let (workspace, made) = workspace(wat);
    let told = module(workspace.path(), &["wrap", "given.wasm", "-o", "made.wasm"]);
    (told, made.exists())
}

#[track_caller]
fn refused(wat: &str, reason: &str) {
    let (told, made) = wrap(wat);
    told.fails(reason);
    assert!(!made, "a file was written");
}

#[test]
fn a_component_gets_a_manifest() {
    let (workspace, _) = workspace(include_str!("../../guests/wat/spin.wat"));
    module(workspace.path(), &["wrap", "given.wasm", "-o", "made.wasm"]).succeeds();
    let told = module(workspace.path(), &["inspect", "made.wasm"]).succeeds();
    assert!(told.stdout.starts_with("tests.wat 0.1.0\nBy hand\n"), "{}", told.stdout);
    // What has one manifest is not given another.
    module(workspace.path(), &["wrap", "made.wasm", "-o", "twice.wasm"])
        .fails("has more than one `chitin:manifest` section");
}

#[test]
fn a_core_module_of_any_compiler_becomes_a_component() {
    for strings in ["utf8", "utf16"] {
        let (workspace, _) = workspace(
            "(module
               (import \"chitin:audit/report@0.1.0\" \"skipped\" (func $skipped (param i32 i32 i32 i32)))
               (memory (export \"memory\") 1)
               (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) unreachable)
               (func (export \"run\") (call $skipped (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))))",
        );
        module(workspace.path(), &["wrap", "given.wasm", "--strings", strings, "-o", "made.wasm"])
            .succeeds();
        fs::create_dir(workspace.path().join("state")).unwrap();
        fs::write(workspace.path().join("state/openclaw.json"), "{}").unwrap();
        module(workspace.path(), &["run", "made.wasm", "state", "--limit", "time=60000"])
            .succeeds();
    }
}

#[test]
fn an_import_outside_of_the_contract_is_refused_by_name() {
    refused(
        include_str!("../../guests/wat/clock.wat"),
        "given imports `wasi:clocks/monotonic-clock@0.2.0`; a check may import nothing but chitin:audit/*\nhelp: ",
    );
    refused(include_str!("../../guests/wat/plain-import.wat"), "given imports `now`");
    refused(
        include_str!("../../guests/wat/other-version.wat"),
        "given imports `chitin:audit/config@0.2.0`",
    );
}

#[test]
fn a_component_that_the_engine_cannot_compile_is_refused() {
    refused(include_str!("../../guests/wat/no-run.wat"), "no export `run`");
    refused(include_str!("../../guests/wat/simd.wat"), "does not load");
    refused(
        "(module (import \"env\" \"now\" (func)) (func (export \"run\")))",
        "do not make a component",
    );
    let part = "(component (core module (memory 1)))";
    refused(
        &format!("(component {part} {part})"),
        "put together of several components; a check is one component with one memory",
    );
}

#[test]
fn a_manifest_with_an_error_makes_no_module() {
    let (workspace, made) = workspace(include_str!("../../guests/wat/spin.wat"));
    let wrap = || module(workspace.path(), &["wrap", "given.wasm", "-o", "made.wasm"]);
    for (text, reason) in [
        ("id = ", "is not TOML"),
        ("id = \"tests.wat\"", "its manifest is malformed: missing field `version`"),
        (
            "id=\"t\"\nversion=\"1\"\npublisher=\"t\"\nwit=\"9.0.0\"\nsummary=\"s\"",
            "is for version 9.0.0 of the contract",
        ),
    ] {
        fs::write(workspace.path().join("module.toml"), text).unwrap();
        wrap().fails(reason);
    }
    fs::remove_file(workspace.path().join("module.toml")).unwrap();
    wrap().fails("module.toml: there is nothing at this path");
    assert!(!made.exists());
}
