//! Every path that a page names exists, from the root of the repository, beside the page, or in the template of a module.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::repository::{self, Page};

/// Paths are recognised by their first part: what is at the root of the repository.
fn top_level(root: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(root).unwrap();
    entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.') && name != "target")
        .collect()
}

/// Targets of links to files, texts in backticks, and the words of code blocks.
fn candidates(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut in_block = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if in_block {
            found.extend(line.split(|c: char| c.is_whitespace() || "\"'`(){}:,".contains(c)));
        } else {
            found.extend(line.split('`').skip(1).step_by(2));
            let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            found.extend(targets.filter_map(|target| target.split('#').next()));
        }
    }
    found
}

/// Whether a text claims to be a path in the repository.
fn is_path(text: &str, top_level: &BTreeSet<String>) -> bool {
    let is_rust = Path::new(text).extension().is_some_and(|ending| ending == "rs");
    let Some((first, rest)) = text.split_once('/') else { return is_rust };
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-*".contains(c);
    // Places on a machine that is audited begin differently; so do rule patterns, media types and branches.
    let is_source = top_level.contains(first) || is_rust || rest.is_empty();
    text.chars().all(plain) && !first.is_empty() && is_source
}

fn exists(root: &Path, page: &Path, text: &str) -> bool {
    // Of a pattern, the folder has to exist.
    let fixed = text.split('*').next().unwrap_or_default();
    let bases =
        [root.to_owned(), root.join(page).parent().unwrap().to_owned(), root.join("sdk/template")];
    bases.iter().any(|base| base.join(fixed).exists())
}

#[test]
fn every_path_that_a_page_names_exists() {
    let root = repository::root();
    let top_level = top_level(&root);
    let (mut checked, mut missing) = (0, BTreeSet::new());
    for Page { path, text } in repository::pages() {
        for candidate in candidates(&text).into_iter().filter(|text| is_path(text, &top_level)) {
            checked += 1;
            if !exists(&root, &path, candidate) {
                missing.insert(format!("{}: {candidate}", path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(checked > 40, "only {checked} paths were recognised");
}

#[test]
fn links_to_files_exist_whatever_they_are_called() {
    let root = repository::root();
    let mut missing = BTreeSet::new();
    for Page { path, text } in repository::pages() {
        for rest in text.split("](").skip(1) {
            let target = rest.split([')', '#']).next().unwrap();
            if !target.is_empty() && !target.contains("://") && !exists(&root, &path, target) {
                missing.insert(format!("{}: {target}", path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
