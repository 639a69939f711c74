//! Builds the modules that the tests run: `guests/*` with the same tool as the built-in checks.

#![allow(clippy::print_stdout)]

use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use chitin_build::Toolchain;

const GUESTS: [&str; 3] = ["hostile", "scanner", "spy"];

fn main() -> Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").context("OUT_DIR is not set")?);
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").context("no manifest directory")?)
        .join("guests");
    for name in ["CHITIN_WASM_CARGO", "CHITIN_WASM_RUSTC"] {
        println!("cargo::rerun-if-env-changed={name}");
    }
    println!("cargo::rerun-if-changed={}", folder.display());

    // The built-in checks are built there too, so the standard library is compiled once.
    let target = out.ancestors().nth(4).context("OUT_DIR is not below a target directory")?;
    let crates = GUESTS.map(|name| folder.join(name));
    let built = chitin_build::build(&Toolchain::find()?, &crates, &target.join("guests"))?;
    for module in built {
        for input in &module.inputs {
            println!("cargo::rerun-if-changed={}", input.display());
        }
        fs::write(out.join(&module.name).with_extension("wasm"), &module.component)?;
    }
    Ok(())
}
