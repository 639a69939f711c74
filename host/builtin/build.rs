//! Writes the table of the built-in checks.
//!
//! Without the feature `checks` the table is empty, and nothing of what builds checks is compiled. The library refuses to
//! be built so; only `make check-windows`, which type-checks and builds nothing, says that it may.

#![allow(clippy::print_stdout, clippy::disallowed_methods)]

#[cfg(feature = "checks")]
#[path = "build/embed.rs"]
mod embed;

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rustc-check-cfg=cfg(chitin_type_check)");
    println!("cargo::rerun-if-changed=build.rs");
    let out = std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    let out = Path::new(&out);
    std::fs::write(out.join("embedded.rs"), table(out)?)?;
    Ok(())
}

#[cfg(feature = "checks")]
fn table(out: &Path) -> Result<String, Box<dyn Error>> {
    Ok(embed::table(out)?)
}

#[cfg(not(feature = "checks"))]
#[allow(clippy::unnecessary_wraps)] // As with the feature.
fn table(_: &Path) -> Result<String, Box<dyn Error>> {
    Ok("pub static MODULES: &[Embedded] = &[];\n".to_owned())
}
