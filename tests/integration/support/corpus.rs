//! Configs of gateways, a folder each: made-up ones of this repository, and those that people published, which are not
//! part of the project. The build script says whether these are here.

use std::fs;
use std::path::{Path, PathBuf};

fn folders_in(corpus: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<_> = fs::read_dir(corpus)
        .unwrap_or_else(|error| panic!("{}: {error}", corpus.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("openclaw.json").is_file())
        .collect();
    folders.sort();
    assert!(!folders.is_empty(), "{} has no folder with an openclaw.json", corpus.display());
    folders
}

/// The folders of published configs, in order. A test that asks for them alone is ignored where they are absent.
pub(crate) fn published() -> Vec<PathBuf> {
    folders_in(Path::new(env!("CHITIN_CORPUS_FOLDER")))
}

/// All folders with a config, made up and published.
pub(crate) fn folders() -> Vec<PathBuf> {
    let mut folders = folders_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/configs"));
    if cfg!(have_corpus) {
        folders.extend(published());
    }
    folders
}
