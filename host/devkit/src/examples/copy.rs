//! A copy of an example in a temporary directory, private to its owner as a state directory should be, except for what the
//! example sets otherwise.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path};

use crate::AuthorError;
use chitin_fs::private_dir::PrivateTempDir;

/// Where in the temporary directory the state directory lies.
pub(super) const STATE: &str = "state";

const MAX_ENTRIES: usize = 10_000;
const MAX_BYTES: u64 = 64 << 20;
const MAX_DEPTH: usize = 64;

/// Copies an example without the named file.
pub(super) fn copy(
    example: &Path,
    without: &str,
    modes: &BTreeMap<String, String>,
) -> Result<PrivateTempDir, AuthorError> {
    let place = PrivateTempDir::new().map_err(|error| AuthorError::file(example, &error))?;
    let state = place.path().join(STATE);
    let mut copying = Copying { entries: 0, bytes: 0 };
    make(&state)?;
    for name in names(example)? {
        if name != without {
            copying.entry(&example.join(&name), &state.join(&name), MAX_DEPTH)?;
        }
    }
    for (path, mode) in modes {
        set_mode(&state, path, mode)?;
    }
    Ok(place)
}

struct Copying {
    entries: usize,
    bytes: u64,
}

impl Copying {
    fn entry(&mut self, from: &Path, to: &Path, depth: usize) -> Result<(), AuthorError> {
        let failed = |error: std::io::Error| AuthorError::file(from, &error);
        let metadata = fs::symlink_metadata(from).map_err(failed)?;
        self.entries += 1;
        if self.entries > MAX_ENTRIES || depth == 0 {
            return Err(expected(from, "an example has fewer files, and less deep"));
        }
        if metadata.is_dir() {
            make(to)?;
            for name in names(from)? {
                self.entry(&from.join(&name), &to.join(&name), depth - 1)?;
            }
            return Ok(());
        }
        if metadata.is_symlink() {
            return link(&fs::read_link(from).map_err(failed)?, to).map_err(failed);
        }
        if !metadata.is_file() {
            return Err(expected(from, "an example has files, directories and links only"));
        }
        self.bytes = self.bytes.saturating_add(metadata.len());
        if self.bytes > MAX_BYTES {
            return Err(AuthorError::TooLarge { path: from.to_owned(), limit: MAX_BYTES });
        }
        fs::copy(from, to).map_err(failed)?;
        mode(to, 0o600)
    }
}

fn expected(path: &Path, reason: &str) -> AuthorError {
    AuthorError::Expected { path: path.to_owned(), reason: reason.to_owned() }
}

/// The names in a directory. One that is not text cannot be part of a module's sources.
fn names(directory: &Path) -> Result<Vec<String>, AuthorError> {
    let failed = |error: std::io::Error| AuthorError::file(directory, &error);
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        names.push(name.into_string().map_err(|_| expected(directory, "a name is not UTF-8"))?);
    }
    names.sort();
    Ok(names)
}

fn make(directory: &Path) -> Result<(), AuthorError> {
    fs::create_dir(directory).map_err(|error| AuthorError::file(directory, &error))?;
    mode(directory, 0o700)
}

/// Sets a mode that the example asks for, on nothing but what was copied.
fn set_mode(state: &Path, path: &str, octal: &str) -> Result<(), AuthorError> {
    let relative = Path::new(path);
    let inside = relative.components().all(|part| matches!(part, Component::Normal(_)));
    let full = state.join(relative);
    let bits = u32::from_str_radix(octal, 8).ok().filter(|bits| *bits <= 0o777);
    let (true, Some(bits)) = (inside, bits) else {
        return Err(expected(relative, "write a path in the example, and a mode like \"644\""));
    };
    // A link on the way could lead anywhere.
    let resolved = full.canonicalize().map_err(|error| AuthorError::file(relative, &error))?;
    let root = state.canonicalize().map_err(|error| AuthorError::file(state, &error))?;
    if resolved != root.join(relative) {
        return Err(expected(relative, "a mode is set on files and directories, not on links"));
    }
    mode(&resolved, bits)
}

#[cfg(unix)]
fn mode(path: &Path, bits: u32) -> Result<(), AuthorError> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(bits))
        .map_err(|error| AuthorError::file(path, &error))
}

/// Other systems have no modes.
#[cfg(not(unix))]
fn mode(_path: &Path, _bits: u32) -> Result<(), AuthorError> {
    Ok(())
}

#[cfg(unix)]
fn link(target: &Path, to: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, to)
}

#[cfg(not(unix))]
fn link(_target: &Path, _to: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn modes(path: &str, mode: &str) -> BTreeMap<String, String> {
        BTreeMap::from([(path.to_owned(), mode.to_owned())])
    }

    #[test]
    fn a_copy_is_private_and_has_the_modes_that_are_asked_for() {
        let example = tempfile::tempdir().unwrap();
        fs::create_dir(example.path().join("logs")).unwrap();
        fs::write(example.path().join("logs/a"), "x").unwrap();
        fs::write(example.path().join("expected.toml"), "").unwrap();
        symlink("logs/a", example.path().join("link")).unwrap();
        let place = copy(example.path(), "expected.toml", &modes("logs/a", "644")).unwrap();
        let state = place.path().join(STATE);
        let mode =
            |path: &str| fs::metadata(state.join(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(""), mode("logs"), mode("logs/a")), (0o700, 0o700, 0o644));
        assert_eq!(fs::read_link(state.join("link")).unwrap(), Path::new("logs/a"));
        assert!(!state.join("expected.toml").exists());
    }

    #[test]
    fn no_mode_is_set_outside_of_the_copy() {
        let example = tempfile::tempdir().unwrap();
        let outside = tempfile::NamedTempFile::new().unwrap();
        symlink(outside.path(), example.path().join("link")).unwrap();
        for path in ["../x", "/etc/passwd", "link", "none", "."] {
            assert!(copy(example.path(), "", &modes(path, "644")).is_err(), "{path}");
        }
        assert!(copy(example.path(), "", &modes("link", "abc")).is_err());
        assert_eq!(outside.as_file().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}
