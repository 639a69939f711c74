//! Builds the built-in checks, compiles them ahead of time and writes the table that the program embeds.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chitin_build::{Built, Toolchain};

/// The source of the table.
pub(super) fn table(out: &Path) -> Result<String> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("../..");
    for name in ["CHITIN_WASM_CARGO", "CHITIN_WASM_RUSTC"] {
        println!("cargo::rerun-if-env-changed={name}");
    }

    let checks = root.join("checks").canonicalize().context("checks/ is not there")?;
    println!("cargo::rerun-if-changed={}", checks.display());
    let built = chitin_build::build(&Toolchain::find()?, &modules(&checks)?, &guests(out)?)?;
    for input in built.iter().flat_map(|module| &module.inputs) {
        println!("cargo::rerun-if-changed={}", input.display());
    }
    embed(&built, out)
}

/// Every folder of `checks/` with a module manifest, in name order.
fn modules(checks: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(checks)? {
        let path = entry?.path();
        if path.join("module.toml").is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The guests' own target directory: the outer cargo holds a lock on its own.
///
/// It lies beside the profile's directory and not in `OUT_DIR`, so the guests' standard library is compiled once
/// and not again for each hash of this build script.
fn guests(out: &Path) -> Result<PathBuf> {
    let target = out.ancestors().nth(4).context("OUT_DIR is not below a target directory")?;
    Ok(target.join("guests"))
}

/// Compiles the components for the target's baseline processor and writes the table of them.
fn embed(built: &[Built], out: &Path) -> Result<String> {
    let mut config = chitin_engine::config();
    // An explicit target keeps the build machine's processor features out of the code.
    config.target(&variable("TARGET")?)?;
    let engine = wasmtime::Engine::new(&config)?;
    let mut table = String::from("pub static MODULES: &[Embedded] = &[\n");
    for module in built {
        let compiled = engine
            .precompile_component(&module.component)
            .map_err(anyhow::Error::from)
            .with_context(|| format!("compiling {}", module.name))?;
        let (wasm, native) = (format!("{}.wasm", module.name), format!("{}.cwasm", module.name));
        fs::write(out.join(&wasm), &module.component)?;
        fs::write(out.join(&native), compiled)?;
        writeln!(
            table,
            "    // SAFETY: the build script compiled the one to the other with this engine.
    unsafe {{ Embedded::new(include_bytes!({wasm}), include_bytes!({native})) }},",
            wasm = literal(&out.join(wasm))?,
            native = literal(&out.join(native))?,
        )?;
    }
    table.push_str("];\n");
    Ok(table)
}

/// A path as a string literal of the generated source.
fn literal(path: &Path) -> Result<String> {
    let text = path.to_str().with_context(|| format!("{} is not UTF-8", path.display()))?;
    Ok(format!("{text:?}"))
}

fn variable(name: &str) -> Result<String> {
    env::var(name).with_context(|| format!("{name} is not set"))
}
