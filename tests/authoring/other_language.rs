//! The contract belongs to no language: a check in AssemblyScript, built with a compiler from npm.

use std::path::Path;
use std::process::Command;

use super::module;
use crate::place::Place;

/// Runs a tool in a directory; what it said, when it is not there or fails.
fn tool(program: &str, arguments: &[&str], directory: &Path) -> Result<String, String> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(directory)
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        Ok(said(&output.stdout))
    } else {
        Err(format!("{program} {}: {}", arguments.join(" "), said(&output.stderr)))
    }
}

/// The compiler needs Node.js 20 or newer, and itself.
fn install(sample: &Path) -> Result<(), String> {
    let version = tool("node", &["--version"], sample)?;
    let major =
        version.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
    if major.is_none_or(|major: u32| major < 20) {
        return Err(format!("Node.js is {version}, not 20 or newer"));
    }
    tool("npm", &["ci", "--no-audit", "--no-fund"], sample).map(drop)
}

#[test]
fn a_check_in_another_language_is_like_any_other() {
    let place = Place::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdk/assemblyscript");
    for part in ["assembly", "examples"] {
        place.copy(&source.join(part), &format!("sample/{part}"));
    }
    for file in ["module.toml", "package.json", "package-lock.json"] {
        place.file(format!("sample/{file}"), 0o600, std::fs::read(source.join(file)).unwrap());
    }
    let sample = place.path("sample");
    if let Err(reason) = install(&sample) {
        println!("SKIPPED: no compiler for AssemblyScript here ({reason})");
        return;
    }
    tool("npm", &["run", "--silent", "build"], &sample).unwrap();
    let wrap = ["wrap", "verbose-logs.core.wasm", "--strings", "utf16", "-o", "verbose-logs.wasm"];
    module(&sample, &wrap).succeeds();
    let told = module(&sample, &["inspect", "verbose-logs.wasm"]).succeeds();
    let imports = told.stdout.split("Imports\n").nth(1).unwrap();
    assert!(imports.lines().all(|line| line.starts_with("  - chitin:audit/")), "{imports}");
    let told = module(&sample, &["test", "--module", "verbose-logs.wasm"]).succeeds();
    assert!(told.stdout.ends_with("\n3 passed, 0 failed\n"), "{}", told.stdout);

    // A refusal costs its rule, and only that.
    place.file("broken/openclaw.json", 0o600, "{");
    let broken = place.path("broken");
    let told = module(&sample, &["run", "verbose-logs.wasm", broken.to_str().unwrap()]);
    assert_eq!(told.exit, 3);
    assert!(
        told.stdout.contains("example.verbose-logs.level: the config file cannot"),
        "{}",
        told.stdout
    );
}
