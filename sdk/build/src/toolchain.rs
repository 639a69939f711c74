//! Finds a Rust compiler that can build for WebAssembly, and says what to install when there is none.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

/// The target of every check: no WASI, nothing but what the contract imports.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// A cargo and a rustc that build for [`TARGET`].
#[derive(Debug, Clone)]
pub struct Toolchain {
    cargo: PathBuf,
    rustc: PathBuf,
    /// The standard library comes as source and is compiled along.
    build_std: bool,
    origin: &'static str,
}

impl Toolchain {
    /// Takes the compiler that the environment names, else the current one, else a distribution's.
    pub fn find() -> Result<Self> {
        if let Some(toolchain) = Self::from_environment()? {
            return Ok(toolchain);
        }
        let current = Self {
            cargo: program("CARGO", "cargo"),
            rustc: program("RUSTC", "rustc"),
            build_std: false,
            origin: "the current toolchain",
        };
        if current.has_target() {
            return Ok(current);
        }
        let distribution = Self {
            cargo: PathBuf::from("/usr/bin/cargo"),
            rustc: PathBuf::from("/usr/bin/rustc"),
            build_std: true,
            origin: "the distribution's toolchain with its library source",
        };
        if distribution.has_library_source() {
            return Ok(distribution);
        }
        bail!(
            "no Rust compiler for {TARGET} was found.\n\
             help: with rustup:   rustup target add {TARGET}\n\
             help: on Debian 12:  apt-get install rustc-web cargo-web rust-web-src rust-web-llvm, and the lld-NN that\n\
                                  /usr/bin/rust-lld links to   (in chitin's sources: make toolchain)\n\
             help: any other:     set CHITIN_WASM_CARGO and CHITIN_WASM_RUSTC to a cargo and rustc that have the target"
        )
    }

    fn from_environment() -> Result<Option<Self>> {
        let (cargo, rustc) = (env::var_os("CHITIN_WASM_CARGO"), env::var_os("CHITIN_WASM_RUSTC"));
        let (cargo, rustc) = match (cargo, rustc) {
            (None, None) => return Ok(None),
            (Some(cargo), Some(rustc)) => (PathBuf::from(cargo), PathBuf::from(rustc)),
            _ => bail!("set both CHITIN_WASM_CARGO and CHITIN_WASM_RUSTC, or neither"),
        };
        let mut toolchain = Self {
            cargo,
            rustc,
            build_std: false,
            origin: "CHITIN_WASM_CARGO and CHITIN_WASM_RUSTC",
        };
        if !toolchain.has_target() {
            if !toolchain.has_library_source() {
                bail!(
                    "{} has neither the target {TARGET} nor the library's source",
                    toolchain.rustc.display()
                );
            }
            toolchain.build_std = true;
        }
        Ok(Some(toolchain))
    }

    fn print(&self, what: &[&str]) -> Option<PathBuf> {
        let output = Command::new(&self.rustc).arg("--print").args(what).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        (output.status.success() && !text.trim().is_empty()).then(|| PathBuf::from(text.trim()))
    }

    fn has_target(&self) -> bool {
        // rustc prints the directory whether or not the target is installed.
        self.print(&["target-libdir", "--target", TARGET]).is_some_and(|path| path.is_dir())
    }

    fn has_library_source(&self) -> bool {
        self.print(&["sysroot"])
            .is_some_and(|path| path.join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file())
    }

    /// A `cargo build` for [`TARGET`] that nothing of a surrounding cargo run leaks into.
    pub(crate) fn cargo_build(&self, target_dir: &Path) -> Command {
        let mut command = Command::new(&self.cargo);
        for (name, _) in env::vars_os() {
            let name_text = name.to_string_lossy();
            if name_text.starts_with("RUST") && name_text != "RUSTUP_HOME"
                || name_text.starts_with("CARGO") && !is_user_setting(&name_text)
            {
                command.env_remove(&name);
            }
        }
        command
            .args(["build", "--release", "--target", TARGET])
            .arg("--target-dir")
            .arg(target_dir)
            .env("RUSTC", &self.rustc)
            .env("CARGO_ENCODED_RUSTFLAGS", remapped_paths())
            .env("CARGO_PROFILE_RELEASE_LTO", "true")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1")
            .env("CARGO_PROFILE_RELEASE_PANIC", "abort")
            .env("CARGO_PROFILE_RELEASE_STRIP", "true")
            .env("CARGO_PROFILE_RELEASE_BUILD_OVERRIDE_OPT_LEVEL", "0");
        if self.build_std {
            command.env("RUSTC_BOOTSTRAP", "1").arg("-Zbuild-std=std,panic_abort");
        }
        command
    }
}

impl fmt::Display for Toolchain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.origin, self.rustc.display())
    }
}

/// What a user sets to reach a registry; it must survive.
fn is_user_setting(name: &str) -> bool {
    name == "CARGO_HOME"
        || ["CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTR", "CARGO_SOURCE_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

fn program(variable: &str, name: &str) -> PathBuf {
    env::var_os(variable).map_or_else(|| PathBuf::from(name), PathBuf::from)
}

/// Keeps the builder's directories out of the component, so its bytes do not depend on them.
fn remapped_paths() -> String {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")));
    home.map_or_else(String::new, |home| format!("--remap-path-prefix={}=/cargo", home.display()))
}
