//! Configs that people published. They are not part of the project; the build script says whether they are here.

use std::fs;
use std::path::PathBuf;

/// The folders with a config each, in order. A test that asks for them is ignored where they are absent.
pub(crate) fn folders() -> Vec<PathBuf> {
    let corpus = env!("CHITIN_CORPUS_FOLDER");
    let mut folders: Vec<_> = fs::read_dir(corpus)
        .unwrap_or_else(|error| panic!("{corpus}: {error}; set CHITIN_CORPUS and build again"))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("openclaw.json").is_file())
        .collect();
    folders.sort();
    assert!(!folders.is_empty(), "{corpus} has no folder with an openclaw.json");
    folders
}
