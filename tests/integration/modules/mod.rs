//! Third-party modules as a user meets them: keys, signing, trusting, installing, and what an audit says of them. The
//! decisions one by one are tested in `host/src/trust`.

mod attacks;
mod report;
mod running;
mod sign;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::runner::{Answer, Run};
use crate::support::workspace::Workspace;

/// A workspace with a config, a key of `acme` and the module `acme.check`.
struct TestBed {
    workspace: Workspace,
}

impl TestBed {
    fn new() -> Self {
        let bed =
            Self { workspace: Workspace::with_config(&json!({"gateway": {"bind": "loopback"}})) };
        bed.keygen("acme");
        bed.module("check.wasm", &manifest("acme"));
        bed
    }

    /// The same, signed, with its publisher trusted.
    fn trusting() -> Self {
        let bed = Self::new();
        bed.trust("acme");
        bed.sign("check.wasm", "acme", 1);
        bed
    }

    /// And installed.
    fn installed() -> Self {
        let bed = Self::trusting();
        bed.ok(&["module", "add", "check.wasm", "--yes"]);
        bed
    }

    fn run(&self, arguments: &[&str]) -> Answer {
        Run::new(&self.workspace, arguments).go()
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let answer = self.run(arguments);
        assert_eq!(answer.exit, 0, "{arguments:?}\n{}{}", answer.stdout, answer.stderr);
        answer.stdout
    }

    /// What a refusal says. Nothing may have been installed.
    fn refused(&self, arguments: &[&str]) -> String {
        let before = self.stored();
        let answer = self.run(arguments);
        assert_eq!(answer.exit, 1, "{arguments:?}\n{}{}", answer.stdout, answer.stderr);
        assert!(answer.stderr.starts_with("error: "), "{}", answer.stderr);
        assert_eq!(self.stored(), before);
        answer.stderr
    }

    /// What `module add` says when it refuses. `module verify` has to say the same.
    fn refused_to_add(&self, module: &str) -> String {
        let added = self.refused(&["module", "add", module, "--yes"]);
        assert_eq!(self.refused(&["module", "verify", module]), added);
        added
    }

    fn keygen(&self, name: &str) {
        self.ok(&["module", "keygen", "--no-passphrase", "--out", &format!("{name}.key")]);
    }

    fn trust(&self, name: &str) {
        let key = format!("{name}.pub");
        self.ok(&[
            "module",
            "trust",
            "add",
            &key,
            "--publisher",
            name,
            "--grant",
            "config:/gateway",
        ]);
    }

    fn module(&self, file: &str, manifest: &Value) {
        self.workspace.file(file, 0o644, component(&manifest.to_string()));
    }

    fn sign(&self, module: &str, name: &str, sequence: u64) {
        let (key, sequence) = (format!("{name}.key"), sequence.to_string());
        self.ok(&["module", "sign", module, "--key", &key, "--sequence", &sequence]);
    }

    fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.workspace.path(path)).unwrap()
    }

    fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        self.workspace.file(path, 0o600, content);
    }

    /// The names of installed modules' files.
    fn stored(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.workspace.path(STORE)) else { return Vec::new() };
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name.contains(".wasm")).collect();
        names.sort();
        names
    }

    /// The file of the one module that is installed.
    fn stored_module(&self) -> String {
        let name = self
            .stored()
            .into_iter()
            .find(|name| Path::new(name).extension().is_some_and(|ending| ending == "wasm"))
            .unwrap();
        format!("{STORE}/{name}")
    }

    fn audit(&self) -> crate::support::runner::Report {
        Run::audit_json(&self.workspace).go().json()
    }
}

const STORE: &str = "home/.local/share/chitin/modules";
const TRUST: &str = "home/.config/chitin/trust.toml";

/// A manifest that asks for little.
fn manifest(publisher: &str) -> Value {
    json!({
        "id": format!("{publisher}.check"),
        "version": "1.0.0",
        "publisher": publisher,
        "wit": "0.1.0",
        "summary": "Checks something",
        "grants": {"config": ["/gateway/port"]},
        "rule": [{
            "id": format!("{publisher}.rule"),
            "severities": ["warn"],
            "title": "Something is wrong",
            "why": "w",
            "fix": "f",
        }],
    })
}

/// A component that is nothing but a manifest: nothing here runs it.
fn component(manifest: &str) -> Vec<u8> {
    let empty = b"\0asm\x0d\0\x01\0".to_vec();
    crate::hostile_guests::with_section(empty, chitin_build::MANIFEST_SECTION, manifest.as_bytes())
}
