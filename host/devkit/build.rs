//! Embeds the files that a new module starts with: the template, the SDK and the contract.

#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What is embedded, and where it goes in a new module.
const PARTS: [(&str, &str); 6] = [
    ("sdk/template", ""),
    ("sdk/src", "sdk/src/"),
    ("sdk/macros/src", "sdk/macros/src/"),
    ("sdk/document/src", "sdk/document/src/"),
    ("wit/0.1.0", "wit/0.1.0/"),
    ("LICENSE", "sdk/LICENSE"),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    fs::write(Path::new(&out).join("template.rs"), table()?)?;
    Ok(())
}

/// The source of the table.
fn table() -> Result<String, Box<dyn Error>> {
    let own = env::var_os("CARGO_MANIFEST_DIR").ok_or("CARGO_MANIFEST_DIR is not set")?;
    let root = Path::new(&own).join("../..").canonicalize()?;
    let mut table = String::from("static FILES: &[(&str, &str)] = &[\n");
    for (from, to) in PARTS {
        println!("cargo::rerun-if-changed={}", root.join(from).display());
        for (path, file) in files(&root.join(from), to)? {
            // Under its real name it would take effect in this repository too.
            let path = if path == "gitignore" { ".gitignore" } else { &path };
            let file = file.to_str().ok_or_else(|| format!("{} is not UTF-8", file.display()))?;
            writeln!(table, "    ({path:?}, include_str!({file:?})),")?;
        }
    }
    table.push_str("];\n");
    Ok(table)
}

/// A file, or every file below a directory in name order, with its path in a new module.
fn files(from: &Path, to: &str) -> io::Result<Vec<(String, PathBuf)>> {
    if from.is_file() {
        return Ok(vec![(to.to_owned(), from.to_owned())]);
    }
    let mut entries = fs::read_dir(from)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut found = Vec::new();
    for entry in entries {
        let name = entry
            .file_name()
            .into_string()
            .map_err(|name| io::Error::other(format!("{} is not UTF-8", name.display())))?;
        let end = if entry.path().is_dir() { "/" } else { "" };
        found.extend(files(&entry.path(), &format!("{to}{name}{end}"))?);
    }
    Ok(found)
}
