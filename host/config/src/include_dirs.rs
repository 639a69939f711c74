//! Directories that files must be in to be read, by their path as written and by where links lead.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::discover::{Locations, Scope, expand_user_path};
use super::ecma::{length, trim};
use super::environment::Environment;
use chitin_fs::path_normalize::normalize;
use chitin_fs::paths::real_path;
use chitin_fs::read::{self, Access, ReadError};

/// OpenClaw takes no path of this many characters or more.
const PATH_LENGTH: usize = 4096;

/// Why a path is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum IncludePathError {
    #[error("the path contains a NUL")]
    Nul,
    #[error("the path is too long")]
    TooLong,
    #[error("a config from standard input has no directory that files could be included from")]
    NoDirectory,
    #[error("it is outside the allowed directories")]
    Outside,
    #[error("it leads outside the allowed directories through a link")]
    OutsideByLink,
    #[error(transparent)]
    Unreadable(#[from] ReadError),
}

/// The directories that included files may be in: that of the config, and what the gateway's environment adds.
pub fn include_directories(locations: &Locations, environment: &Environment) -> Vec<PathBuf> {
    if matches!(locations.scope, Scope::StandardInput(_)) {
        return Vec::new();
    }
    let added = environment.get("OPENCLAW_INCLUDE_ROOTS").filter(|_| locations.own_gateway());
    let added = std::env::split_paths(added.unwrap_or_default())
        .filter_map(|path| {
            path.to_str().map(trim).filter(|path| !path.is_empty()).map(str::to_owned)
        })
        .map(|path| expand_user_path(&path, &locations.home, &locations.cwd));
    locations.config_path.parent().map(Path::to_path_buf).into_iter().chain(added).collect()
}

#[derive(Clone, Debug)]
struct AllowedDir {
    path: PathBuf,
    /// The same with links resolved.
    real: PathBuf,
}

impl AllowedDir {
    fn new(path: &Path) -> Self {
        let path = normalize(path);
        let real = real_path(&path).unwrap_or_else(|_| path.clone());
        Self { path, real }
    }
}

/// The allowed directories.
#[derive(Clone, Debug)]
pub(super) struct IncludeDirs {
    dirs: Vec<AllowedDir>,
}

impl IncludeDirs {
    /// These directories; those that are not absolute are left out.
    pub(super) fn of<'a>(directories: impl IntoIterator<Item = &'a Path>) -> Self {
        let absolute = directories.into_iter().filter(|path| path.is_absolute());
        Self { dirs: absolute.map(AllowedDir::new).collect() }
    }

    /// The path that an `$include` means, if it may be followed. Nothing has to exist there.
    pub(super) fn resolve(&self, from: &Path, written: &str) -> Result<PathBuf, IncludePathError> {
        if written.contains('\0') {
            return Err(IncludePathError::Nul);
        }
        let path = target(from, written);
        if length(written) >= PATH_LENGTH || length(&path.to_string_lossy()) >= PATH_LENGTH {
            return Err(IncludePathError::TooLong);
        }
        if self.dirs.is_empty() {
            return Err(IncludePathError::NoDirectory);
        }
        if self.dirs.iter().any(|dir| path.starts_with(&dir.path)) {
            Ok(path)
        } else {
            Err(IncludePathError::Outside)
        }
    }

    /// The text of a file, if links do not lead out of the directories.
    pub(super) fn read(
        &self,
        path: &Path,
        limit: u64,
        access: Access,
    ) -> Result<String, IncludePathError> {
        let real = real_path(path).map_err(ReadError::from)?;
        let inside = |dir: &AllowedDir| {
            let relative = real.strip_prefix(&dir.real).ok()?;
            Some((dir.real.clone(), Path::new(".").join(relative)))
        };
        let (dir, relative) =
            self.dirs.iter().find_map(inside).ok_or(IncludePathError::OutsideByLink)?;
        Ok(read::text_below(&dir, &relative, limit, access)?)
    }
}

/// The path that a directive in a file names.
pub(super) fn target(from: &Path, written: &str) -> PathBuf {
    normalize(&from.parent().unwrap_or(Path::new("/")).join(written))
}
