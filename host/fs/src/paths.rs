//! What the machine says about a path that the operator or a config names: whether something is there, and where it
//! really leads.

use std::path::{Path, PathBuf};

/// Whether something is at a path, with links followed. What cannot be looked at counts as missing.
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// Whether a path is a directory, with links followed.
pub fn is_dir(path: &Path) -> bool {
    path.is_dir()
}

/// The names in a directory, at most `most` of them, in their byte order. Names that are not UTF-8 have replacement
/// characters.
pub fn names(directory: &Path, most: usize) -> std::io::Result<Vec<String>> {
    let entries = std::fs::read_dir(directory)?.take(most);
    let names: std::io::Result<Vec<String>> =
        entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect();
    let mut names = names?;
    names.sort_unstable();
    Ok(names)
}

/// The absolute path with every link resolved; an error when a part of it is missing or cannot be entered.
pub fn real_path(path: &Path) -> std::io::Result<PathBuf> {
    path.canonicalize()
}

/// Whether the path itself is a symlink.
pub fn is_symlink(path: &Path) -> bool {
    path.is_symlink()
}

/// The home directory of this process's user, from `HOME` or the user database.
pub fn home_dir() -> Option<PathBuf> {
    std::env::home_dir()
}
