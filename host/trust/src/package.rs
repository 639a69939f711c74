//! What `chitin module add`, `sign` and `verify` get: a component, a directory with one, or an archive with one. Each file
//! is read once, and these bytes are the ones that are verified.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use super::dsse::MAX_ENVELOPE;
use chitin_fs::guarded::{self, GuardedFileError};
use chitin_fs::tree::{ArchiveFormat, ExtractError, ExtractLimits, extract};

/// A larger module is not read.
pub const MAX_MODULE: u64 = 64 << 20;
/// The file name of an envelope is that of its module with this at the end.
pub const ENVELOPE_SUFFIX: &str = ".dsse.json";
const EXTRACT_LIMITS: ExtractLimits =
    ExtractLimits { entries: 1000, file: MAX_MODULE, total: 80 << 20 };

#[derive(Debug, Error)]
pub enum PackageError {
    #[error(transparent)]
    Disk(#[from] GuardedFileError),
    #[error("{path} does not exist", path = .0.display())]
    Missing(PathBuf),
    #[error("{path} contains no module. Expected NAME.wasm and, beside it, NAME.wasm{ENVELOPE_SUFFIX}", path = .0.display())]
    NoModule(PathBuf),
    #[error("{path} contains more than one module: {first} and {second}. Add them one by one", path = .path.display())]
    Ambiguous { path: PathBuf, first: String, second: String },
    #[error("{path} cannot be unpacked: {error}", path = .path.display())]
    Archive { path: PathBuf, error: ExtractError },
}

/// A module and its envelope as they were found, before anything is verified.
#[derive(Debug, Clone)]
pub struct Package {
    /// The file's name.
    pub name: String,
    /// The file's path; none if it came out of an archive.
    pub path: Option<PathBuf>,
    pub module: Arc<[u8]>,
    pub envelope: Option<Vec<u8>>,
}

impl Package {
    /// Reads what is at a path: a directory, an archive, or else a component.
    pub fn read(path: &Path) -> Result<Self, PackageError> {
        if guarded::is_directory(path) {
            return Self::read(&only_module(path)?);
        }
        let bytes = guarded::read_given(path, MAX_MODULE)?
            .ok_or_else(|| PackageError::Missing(path.to_owned()))?;
        let unpacked = unpack(&bytes)
            .map_err(|error| PackageError::Archive { path: path.to_owned(), error })?;
        match unpacked {
            Some(files) => Self::of_archive(path, files),
            None => Ok(Self {
                name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                path: Some(path.to_owned()),
                module: bytes.into(),
                envelope: guarded::read_given(&envelope_path(path), MAX_ENVELOPE as u64)?,
            }),
        }
    }

    fn of_archive(path: &Path, mut files: ArchiveFiles) -> Result<Self, PackageError> {
        let mut modules = files.keys().filter(|name| is_module(name));
        let name = match (modules.next(), modules.next()) {
            (None, _) => return Err(PackageError::NoModule(path.to_owned())),
            (Some(name), None) => name.clone(),
            (Some(first), Some(second)) => {
                let (first, second) = (first.clone(), second.clone());
                return Err(PackageError::Ambiguous { path: path.to_owned(), first, second });
            }
        };
        let envelope = files.remove(&format!("{name}{ENVELOPE_SUFFIX}"));
        let module = files.remove(&name).unwrap_or_default().into();
        let name = name.rsplit('/').next().unwrap_or_default().to_owned();
        Ok(Self { name, path: None, module, envelope })
    }
}

/// Modules and envelopes of an archive, by name.
type ArchiveFiles = BTreeMap<String, Vec<u8>>;

/// Extracts modules and envelopes in memory; other files in the archive are skipped. None if it is not an archive.
fn unpack(bytes: &[u8]) -> Result<Option<ArchiveFiles>, ExtractError> {
    let Some(format) = ArchiveFormat::of(bytes) else { return Ok(None) };
    let is_wanted = |name: &str| is_module(name.strip_suffix(ENVELOPE_SUFFIX).unwrap_or(name));
    extract(format, bytes, EXTRACT_LIMITS, is_wanted).map(Some)
}

fn is_module(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "wasm")
}

/// The path of a module's envelope.
pub(super) fn envelope_path(module: &Path) -> PathBuf {
    let mut path: OsString = module.as_os_str().to_owned();
    path.push(ENVELOPE_SUFFIX);
    path.into()
}

fn only_module(directory: &Path) -> Result<PathBuf, PackageError> {
    let names = guarded::names(directory)?;
    let mut modules = names.iter().filter(|name| is_module(name));
    match (modules.next(), modules.next()) {
        (Some(name), None) if !guarded::is_directory(&directory.join(name)) => {
            Ok(directory.join(name))
        }
        (None, _) | (Some(_), None) => Err(PackageError::NoModule(directory.to_owned())),
        (Some(first), Some(second)) => {
            let (path, first, second) = (directory.to_owned(), first.clone(), second.clone());
            Err(PackageError::Ambiguous { path, first, second })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Bench, write};

    #[test]
    fn a_file_and_a_directory_with_one_are_read() {
        let bench = Bench::new();
        let path = bench.root().join("d/a.wasm");
        write(&path, "module");
        assert_eq!(Package::read(&path).unwrap().envelope, None);
        write(&envelope_path(&path), "envelope");
        write(&bench.root().join("d/README.md"), "text");
        for given in [path.as_path(), &bench.root().join("d")] {
            let package = Package::read(given).unwrap();
            assert_eq!((package.name.as_str(), &package.module[..]), ("a.wasm", &b"module"[..]));
            assert_eq!(package.envelope.as_deref(), Some(&b"envelope"[..]));
        }
        write(&bench.root().join("d/b.wasm"), "other");
        let error = Package::read(&bench.root().join("d")).unwrap_err();
        assert!(matches!(error, PackageError::Ambiguous { .. }), "{error}");
        let error = Package::read(&bench.root().join("nothing")).unwrap_err();
        assert!(matches!(error, PackageError::Missing(_)), "{error}");
        std::fs::create_dir_all(bench.root().join("e/x.wasm")).unwrap();
        let error = Package::read(&bench.root().join("e")).unwrap_err();
        assert!(matches!(error, PackageError::NoModule(_)), "{error}");
    }
}
