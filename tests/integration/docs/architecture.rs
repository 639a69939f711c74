//! The table of crates in `docs/architecture.md` is what cargo builds: which crates there are, and what each depends on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::support::repository;

const PAGE: &str = "docs/architecture.md";
const HEADER: &str = "| crate | holds | may use of ours | may use from outside |";

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    /// None of an ordinary dependency.
    kind: Option<String>,
    /// Of a crate of the workspace.
    path: Option<PathBuf>,
}

/// What a crate depends on, or what the table says that it may use.
#[derive(Debug, Default, PartialEq, Eq)]
struct Uses {
    ours: BTreeSet<String>,
    outside: BTreeSet<String>,
}

/// The crates of the workspace by folder, with their ordinary dependencies.
fn crates(root: &Path) -> BTreeMap<String, Uses> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Metadata = serde_json::from_slice(&output.stdout).unwrap();
    let folder =
        |directory: &Path| directory.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
    let short = |name: &str| name.strip_prefix("chitin-").unwrap_or(name).to_owned();
    let mut crates = BTreeMap::new();
    for package in metadata.packages {
        let mut uses = Uses::default();
        for dependency in package.dependencies.iter().filter(|used| used.kind.is_none()) {
            match dependency.path {
                Some(_) => uses.ours.insert(short(&dependency.name)),
                None => uses.outside.insert(dependency.name.clone()),
            };
        }
        let directory = package.manifest_path.parent().unwrap();
        assert!(crates.insert(folder(directory), uses).is_none(), "{}", package.name);
    }
    crates
}

/// Names in backticks.
fn names(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The rows of the table by folder.
fn rows(page: &str) -> BTreeMap<String, Uses> {
    let table = page.split_once(HEADER).unwrap_or_else(|| panic!("{PAGE} has no line {HEADER}")).1;
    let mut rows = BTreeMap::new();
    for row in table.lines().skip(2).take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [name, _holds, ours, outside] = cells.as_slice() else {
            panic!("not four cells: {row}")
        };
        let uses = Uses { ours: names(ours), outside: names(outside) };
        let previous = rows.insert(name.trim_matches('`').to_owned(), uses);
        assert!(previous.is_none(), "{name} is in the table twice");
    }
    rows
}

/// The crates that `deny.toml` allows in some rooms only.
fn restricted(root: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(root.join("deny.toml")).unwrap();
    let deny: toml::Table = toml::from_str(&text).unwrap();
    let bans = deny["bans"]["deny"].as_array().unwrap();
    let restricted = bans.iter().filter(|ban| ban.get("wrappers").is_some());
    let name = |ban: &toml::Value| {
        let name = ban.get("crate").or_else(|| ban.get("name")).unwrap().as_str().unwrap();
        name.split(['@', ':']).next().unwrap().to_owned()
    };
    restricted.map(name).collect()
}

fn must_have_a_row(folder: &str) -> bool {
    folder == "checks/openclaw"
        || folder == "sdk"
        || folder.starts_with("host/")
        || folder.starts_with("sdk/")
}

#[test]
fn the_table_of_crates_is_what_cargo_builds() {
    let root = repository::root();
    let crates = crates(&root);
    let rows = rows(&fs::read_to_string(root.join(PAGE)).unwrap());
    let restricted = restricted(&root);
    let mut problems = Vec::new();
    for folder in crates.keys().filter(|folder| must_have_a_row(folder)) {
        if !rows.contains_key(folder) {
            problems.push(format!("{folder} has no row"));
        }
    }
    for (folder, said) in &rows {
        let Some(built) = crates.get(folder) else {
            problems.push(format!("{folder} is not a crate of the workspace"));
            continue;
        };
        for used in built.ours.difference(&said.ours) {
            problems.push(format!("{folder} uses {used}, and the table does not say so"));
        }
        for used in said.ours.difference(&built.ours) {
            problems.push(format!("{folder} does not use {used}"));
        }
        for used in built.outside.intersection(&restricted) {
            if !said.outside.contains(used) {
                problems.push(format!("{folder} uses {used}, and the table does not say so"));
            }
        }
        for used in said.outside.difference(&built.outside) {
            problems.push(format!("{folder} does not use {used}"));
        }
    }
    assert!(problems.is_empty(), "{PAGE}:\n{}", problems.join("\n"));
}
