//! Runs cargo for check crates and collects what it made.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::toolchain::{TARGET, Toolchain};
use crate::wrap::wrap;

/// A component made from a crate.
#[derive(Debug)]
pub struct Built {
    /// The name of the crate's directory.
    pub name: String,
    /// The name that the crate gives itself.
    pub package: String,
    pub component: Vec<u8>,
    /// Every file that went into it.
    pub inputs: BTreeSet<PathBuf>,
}

/// Builds check crates of one workspace, given by their directories.
///
/// The target directory must not be one that a surrounding cargo run holds a lock on.
pub fn build(toolchain: &Toolchain, crates: &[PathBuf], target_dir: &Path) -> Result<Vec<Built>> {
    let packages = crates.iter().map(|path| package_name(path)).collect::<Result<Vec<_>>>()?;
    let Some(first) = crates.first() else { return Ok(Vec::new()) };

    let mut cargo = toolchain.cargo_build(target_dir);
    cargo.current_dir(first);
    for package in &packages {
        cargo.args(["-p", package]);
    }
    let status = cargo.status().with_context(|| format!("cannot start {cargo:?}"))?;
    if !status.success() {
        bail!("compiling {} with {toolchain} failed ({status})", packages.join(", "));
    }

    crates.iter().zip(&packages).map(|(path, package)| collect(path, package, target_dir)).collect()
}

fn collect(crate_dir: &Path, package: &str, target_dir: &Path) -> Result<Built> {
    let made = target_dir.join(TARGET).join("release").join(package.replace('-', "_"));
    let wasm = made.with_extension("wasm");
    let module = fs::read(&wasm).with_context(|| {
        format!("{package} made no {}; is its crate-type cdylib?", wasm.display())
    })?;
    let manifest_path = crate_dir.join("module.toml");
    let manifest = fs::read_to_string(&manifest_path)
        .with_context(|| format!("{package} has no {}", manifest_path.display()))?;
    let component = wrap(&module, &manifest).with_context(|| format!("wrapping {package}"))?;

    let mut inputs = dependencies(&made.with_extension("d"))?;
    inputs.insert(manifest_path);
    inputs.insert(crate_dir.join("Cargo.toml"));
    let name = crate_dir.file_name().context("a crate directory has a name")?;
    Ok(Built {
        name: name.to_string_lossy().into_owned(),
        package: package.to_owned(),
        component,
        inputs,
    })
}

/// The name in a crate's own manifest.
fn package_name(crate_dir: &Path) -> Result<String> {
    let path = crate_dir.join("Cargo.toml");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let manifest: toml::Table =
        text.parse().with_context(|| format!("{} is not TOML", path.display()))?;
    manifest
        .get("package")
        .and_then(|package| package.get("name"))
        .and_then(toml::Value::as_str)
        .map(str::to_owned)
        .with_context(|| format!("{} has no package.name", path.display()))
}

/// The files that cargo lists in its `.d` file: `output: input input`, blanks escaped with a backslash.
fn dependencies(path: &Path) -> Result<BTreeSet<PathBuf>> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut inputs = BTreeSet::new();
    for line in text.lines() {
        let Some((_, list)) = line.split_once(": ") else { continue };
        let unescaped = list.replace("\\ ", "\0");
        inputs.extend(
            unescaped.split_whitespace().map(|name| PathBuf::from(name.replace('\0', " "))),
        );
    }
    Ok(inputs)
}
