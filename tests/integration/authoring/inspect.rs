//! Inspecting a file: what is told, and that nothing of it is believed or run.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{CommandOutput, component, module, template};
use crate::support::harness::SPY;

fn inspect(bytes: &[u8], arguments: &[&str]) -> CommandOutput {
    let workspace = tempfile::tempdir().unwrap();
    fs::write(workspace.path().join("file.wasm"), bytes).unwrap();
    module(workspace.path(), &[&["inspect", "file.wasm"][..], arguments].concat())
}

fn with_manifest(wat: &str, manifest: &Value) -> Vec<u8> {
    let toml = toml::to_string(manifest).unwrap();
    chitin_build::add_manifest(wat::parse_str(wat).unwrap(), &toml).unwrap()
}

fn manifest(summary: &str) -> Value {
    serde_json::json!({
        "id": "tests.wat", "version": "0.1.0", "publisher": "tests", "wit": "0.1.0", "summary": summary,
    })
}

#[test]
fn a_module_is_described_in_plain_words() {
    let told = module(template(), &["inspect", "my-check.wasm"]).succeeds();
    for part in [
        "tests.my-check 0.1.0\n",
        "Publisher: tests\n",
        "Signature: would be refused: ",
        "  - read `gateway.bind` in the configuration and everything below it, with secrets sealed\n",
        "  tests.my-check.short_token (warn/critical)\n",
        "  - chitin:audit/config@0.1.0\n",
    ] {
        assert!(told.stdout.contains(part), "{part}\n{}", told.stdout);
    }
}

#[test]
fn json_has_the_same_findings() {
    let told = module(template(), &["inspect", "my-check.wasm", "--json"]).succeeds();
    let json: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(json["id"], "tests.my-check");
    assert_eq!(json["size"], fs::metadata(component()).unwrap().len());
    assert_eq!(json["rules"][1]["severities"], serde_json::json!(["warn", "critical"]));
    assert_eq!(json["foreignImports"], serde_json::json!([]));
    assert_eq!(json["signature"]["holds"], false);
    assert_eq!(json["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn wide_grants_are_pointed_out() {
    let told = inspect(SPY, &[]).succeeds();
    for part in ["the whole configuration", "read everything in the state directory", "docker"] {
        assert!(told.stdout.contains(part), "{part}\n{}", told.stdout);
    }
}

#[test]
fn a_module_that_does_not_load_is_described_all_the_same() {
    let clock = include_str!("../../guests/wat/clock.wat");
    let told = inspect(&with_manifest(clock, &manifest("A clock")), &[]).succeeds();
    assert!(
        told.stdout.contains("It cannot be loaded: it imports `wasi:clocks/monotonic-clock@0.2.0`"),
        "{}",
        told.stdout
    );
}

#[test]
fn hostile_text_is_escaped() {
    let hostile = manifest("\u{1b}[2Jcleared\u{202e}");
    let spin = include_str!("../../guests/wat/spin.wat");
    for arguments in [&[][..], &["--json"]] {
        let told = inspect(&with_manifest(spin, &hostile), arguments).succeeds();
        assert!(!told.stdout.contains(['\u{1b}', '\u{202e}']), "{:?}", told.stdout);
        assert!(told.stdout.contains("cleared"), "{}", told.stdout);
    }
}

#[test]
fn a_file_that_is_not_a_module_is_refused() {
    for (bytes, reason) in [
        (&b"nonsense"[..], "not a WebAssembly component"),
        (b"\0asm\x01\0\0\0", "a core module, not a component"),
        (b"\0asm\x0d\0\x01\0", "has no `chitin:manifest` section"),
    ] {
        inspect(bytes, &[]).fails(reason);
    }
    for path in ["none.wasm", "."] {
        assert_eq!(module(Path::new("/"), &["inspect", path]).exit, 1);
    }
}
