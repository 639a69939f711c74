//! Directories that links in a workspace's `skills` directory lead to. The agent loads the skills in them as its own, so
//! an audit looks whether there are any; only for this machine's own gateway so far.

use std::fs;
use std::path::{Path, PathBuf};

use chitin_config::discover::Locations;

/// Links; no person makes more.
const MAX_LINKS: usize = 64;

/// Entries of a directory that are looked at.
const MAX_ENTRIES: usize = 5000;

/// A root for each link that leads out of its workspace: `link-target:<n>`, at the real path.
pub(super) fn roots(
    locations: &Locations,
    workspaces: &[(String, PathBuf)],
) -> Vec<(String, PathBuf)> {
    if !locations.own_gateway() {
        return Vec::new();
    }
    let mut found: Vec<PathBuf> = Vec::new();
    for (_, workspace) in workspaces {
        let skills = workspace.join("skills");
        // OpenClaw does not search behind a `skills` that is a link itself, and that link is seen without this.
        if fs::symlink_metadata(&skills).is_ok_and(|metadata| metadata.is_symlink()) {
            continue;
        }
        for path in targets(&skills).into_iter().filter(|path| !is_inside(path, workspace)) {
            if !found.contains(&path) && found.len() < MAX_LINKS {
                found.push(path);
            }
        }
    }
    found.into_iter().enumerate().map(|(at, path)| (format!("link-target:{at}"), path)).collect()
}

/// The real paths of the directories that the links directly in a directory lead to, in the order of their names.
pub(super) fn targets(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut links: Vec<PathBuf> = entries
        .take(MAX_ENTRIES)
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_symlink()))
        .map(|entry| entry.path())
        .collect();
    links.sort_unstable();
    let real = |link: &PathBuf| link.canonicalize().ok().filter(|path| path.is_dir());
    links.iter().filter_map(real).collect()
}

/// Whether a real path is inside a directory.
pub(super) fn is_inside(path: &Path, directory: &Path) -> bool {
    directory.canonicalize().is_ok_and(|directory| path.starts_with(directory))
}
