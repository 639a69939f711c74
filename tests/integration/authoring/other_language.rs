//! The contract belongs to no language: a check in AssemblyScript, built with a compiler from npm.

use std::path::Path;
use std::process::Command;

use super::module;
use crate::support::workspace::Workspace;

fn npm(arguments: &[&str], directory: &Path) {
    let output = Command::new("npm").args(arguments).current_dir(directory).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
#[cfg_attr(
    not(have_assemblyscript),
    ignore = "the AssemblyScript compiler needs Node.js 20 and npm"
)]
fn a_check_in_another_language_is_like_any_other() {
    let workspace = Workspace::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdk/assemblyscript");
    for part in ["assembly", "examples"] {
        workspace.copy(&source.join(part), &format!("sample/{part}"));
    }
    for file in ["module.toml", "package.json"] {
        workspace.file(format!("sample/{file}"), 0o600, std::fs::read(source.join(file)).unwrap());
    }
    let sample = workspace.path("sample");
    // The build script has installed the compiler.
    let compiler = concat!(env!("OUT_DIR"), "/assemblyscript/node_modules");
    workspace.link("sample/node_modules", compiler);
    npm(&["run", "--silent", "build"], &sample);
    let wrap = ["wrap", "verbose-logs.core.wasm", "--strings", "utf16", "-o", "verbose-logs.wasm"];
    module(&sample, &wrap).succeeds();
    let told = module(&sample, &["inspect", "verbose-logs.wasm"]).succeeds();
    let imports = told.stdout.split("Imports\n").nth(1).unwrap();
    assert!(imports.lines().all(|line| line.starts_with("  - chitin:audit/")), "{imports}");
    let told = module(&sample, &["test", "--module", "verbose-logs.wasm"]).succeeds();
    assert!(told.stdout.ends_with("\n3 passed, 0 failed\n"), "{}", told.stdout);

    // A refusal costs its rule, and only that.
    workspace.file("broken/openclaw.json", 0o600, "{");
    let broken = workspace.path("broken");
    let told = module(&sample, &["run", "verbose-logs.wasm", broken.to_str().unwrap()]);
    assert_eq!(told.exit, 3);
    assert!(
        told.stdout.contains("example.verbose-logs.level: the config file cannot"),
        "{}",
        told.stdout
    );
}
