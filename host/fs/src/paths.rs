//! What the machine says about a path that the operator or a config names: whether something is there, and where it
//! really leads.

use std::path::{Path, PathBuf};

/// Whether something is at a path, with links followed. What cannot be looked at counts as missing.
pub fn exists(path: &Path) -> bool {
    path.exists()
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
