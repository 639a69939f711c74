//! Directories that files must lie in to be read, by their path as written and by where links lead.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::ecma::length;
use chitin_fs::path_normalize::normalize;
use chitin_fs::paths::real_path;
use chitin_fs::read::{self, Access, ReadError};

/// OpenClaw takes no path of this many characters or more.
const PATH_LENGTH: usize = 4096;

/// Why a path is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum PathError {
    #[error("the path holds a NUL")]
    Nul,
    #[error("the path is too long")]
    TooLong,
    #[error("it lies outside the allowed directories")]
    Outside,
    #[error("it leads outside the allowed directories through a link")]
    OutsideByLink,
    #[error(transparent)]
    Unreadable(#[from] ReadError),
}

#[derive(Clone, Debug)]
struct Root {
    path: PathBuf,
    /// The same with links resolved.
    real: PathBuf,
}

impl Root {
    fn new(path: &Path) -> Self {
        let path = normalize(path);
        let real = real_path(&path).unwrap_or_else(|_| path.clone());
        Self { path, real }
    }
}

/// The allowed directories.
#[derive(Clone, Debug)]
pub(super) struct Roots {
    roots: Vec<Root>,
}

impl Roots {
    /// These directories; those that are not absolute are left out.
    pub(super) fn of<'a>(directories: impl IntoIterator<Item = &'a Path>) -> Self {
        let absolute = directories.into_iter().filter(|path| path.is_absolute());
        Self { roots: absolute.map(Root::new).collect() }
    }

    /// The path that an `$include` means, if it may be followed. Nothing need exist there.
    pub(super) fn resolve(&self, from: &Path, written: &str) -> Result<PathBuf, PathError> {
        if written.contains('\0') {
            return Err(PathError::Nul);
        }
        let path = target(from, written);
        if length(written) >= PATH_LENGTH || length(&path.to_string_lossy()) >= PATH_LENGTH {
            return Err(PathError::TooLong);
        }
        if self.roots.iter().any(|root| path.starts_with(&root.path)) {
            Ok(path)
        } else {
            Err(PathError::Outside)
        }
    }

    /// The text of a file, if links do not lead out of the directories.
    pub(super) fn read(
        &self,
        path: &Path,
        limit: u64,
        access: Access,
    ) -> Result<String, PathError> {
        let real = real_path(path).map_err(ReadError::from)?;
        let inside = |root: &Root| {
            let relative = real.strip_prefix(&root.real).ok()?;
            Some((root.real.clone(), Path::new(".").join(relative)))
        };
        let (root, relative) =
            self.roots.iter().find_map(inside).ok_or(PathError::OutsideByLink)?;
        Ok(read::text_below(&root, &relative, limit, access)?)
    }
}

/// The path that a directive in a file names.
pub(super) fn target(from: &Path, written: &str) -> PathBuf {
    normalize(&from.parent().unwrap_or(Path::new("/")).join(written))
}
