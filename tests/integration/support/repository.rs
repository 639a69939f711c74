//! The repository that the tests were built from: its root, and the pages that people read.

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// A page by its path below the root.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// The README files of the project, the SDK and the checks, and the pages right in `docs`.
pub(crate) fn pages() -> Vec<Page> {
    let root = root();
    let mut paths = vec![PathBuf::from("README.md"), PathBuf::from("sdk/README.md")];
    paths.extend(files_in(&root, "docs"));
    for folder in ["sdk", "checks"] {
        let below = entries(&root.join(folder)).into_iter();
        paths.extend(below.map(|name| Path::new(folder).join(name).join("README.md")));
    }
    paths
        .into_iter()
        .filter(|path| root.join(path).is_file())
        .map(|path| Page { text: fs::read_to_string(root.join(&path)).unwrap(), path })
        .collect()
}

/// The Markdown files right in a folder.
fn files_in(root: &Path, folder: &str) -> Vec<PathBuf> {
    let files = entries(&root.join(folder)).into_iter();
    files
        .filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "md"))
        .map(|name| Path::new(folder).join(name))
        .collect()
}

fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
