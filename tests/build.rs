//! Builds the modules that the tests run: `guests/*` with the same tool as the built-in checks.
//!
//! It also looks for what this machine may lack. A test that needs it is then marked as ignored, since libtest cannot
//! skip a test that has already started, and one that returned early would be reported as passed.

#![allow(clippy::print_stdout)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use chitin_build::Toolchain;

const GUESTS: [&str; 3] = ["hostile", "scanner", "spy"];

fn main() -> Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").context("OUT_DIR is not set")?);
    let package =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").context("CARGO_MANIFEST_DIR is not set")?);
    build_guests(&package.join("guests"), &out)?;
    find_corpus(&package);
    offer("have_seccomp", sandbox::has_seccomp());
    offer("have_landlock", sandbox::has_landlock());
    offer("have_assemblyscript", install_assemblyscript(&package, &out).is_some());
    Ok(())
}

fn build_guests(folder: &Path, out: &Path) -> Result<()> {
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

/// Declares a `cfg` that tests ask for, and sets it if this machine has what they need.
fn offer(cfg: &str, available: bool) {
    println!("cargo::rustc-check-cfg=cfg({cfg})");
    if available {
        println!("cargo::rustc-cfg={cfg}");
    }
}

/// Published configs: in `CHITIN_CORPUS`, or in `../shared/corpus` beside the repository.
fn find_corpus(package: &Path) {
    println!("cargo::rerun-if-env-changed=CHITIN_CORPUS");
    let folder = env::var_os("CHITIN_CORPUS")
        .map_or_else(|| package.join("../../shared/corpus"), PathBuf::from);
    let found = folder.is_dir();
    offer("have_corpus", found);
    println!("cargo::rustc-env=CHITIN_CORPUS_FOLDER={}", folder.display());
    // A path that is absent must not be watched: cargo would build everything again in each run.
    if found {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
}

/// The compiler for AssemblyScript, which needs Node.js 20 or newer and comes from npm. None where it is not available.
fn install_assemblyscript(package: &Path, out: &Path) -> Option<()> {
    let source = package.join("../sdk/assemblyscript");
    let compiler = out.join("assemblyscript");
    fs::create_dir_all(&compiler).ok()?;
    for file in ["package.json", "package-lock.json"] {
        println!("cargo::rerun-if-changed={}", source.join(file).display());
        fs::copy(source.join(file), compiler.join(file)).ok()?;
    }
    let node = Command::new("node").arg("--version").output().ok()?;
    let version = String::from_utf8(node.stdout).ok()?;
    let major = version.trim_start_matches('v').split('.').next()?;
    major.parse::<u32>().ok().filter(|major| *major >= 20)?;
    let arguments = ["ci", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=0"];
    let installed = Command::new("npm").args(arguments).current_dir(&compiler).output().ok()?;
    installed.status.success().then_some(())
}

/// What the kernel offers to keep a worker in.
#[cfg(target_os = "linux")]
mod sandbox {
    use std::fs;

    /// The version that knows everything a worker is kept from: files, network, signals.
    const LANDLOCK_VERSION: i64 = 6;
    /// `LANDLOCK_CREATE_RULESET_VERSION`: asks for the version only.
    const ASK_VERSION: u32 = 1;

    pub(crate) fn has_seccomp() -> bool {
        fs::read_to_string("/proc/sys/kernel/seccomp/actions_avail")
            .is_ok_and(|actions| actions.split_whitespace().any(|action| action == "kill_process"))
    }

    #[allow(unsafe_code)] // The C library has no function for it.
    pub(crate) fn has_landlock() -> bool {
        let no_attributes: *const u8 = std::ptr::null();
        // SAFETY: with this flag the kernel reads nothing, and makes nothing.
        let version = unsafe {
            libc::syscall(libc::SYS_landlock_create_ruleset, no_attributes, 0_usize, ASK_VERSION)
        };
        version >= LANDLOCK_VERSION
    }
}

#[cfg(not(target_os = "linux"))]
mod sandbox {
    pub(crate) fn has_seccomp() -> bool {
        false
    }

    pub(crate) fn has_landlock() -> bool {
        false
    }
}
