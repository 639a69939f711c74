//! What `chitin module add`, `sign` and `verify` are given: a component, a directory with one, or an archive with one.
//! Each file is read once; what is decided about it is decided about those bytes.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use super::archive::{self, ArchiveError};
use super::dsse::MAX_ENVELOPE;
use super::{ENVELOPE_SUFFIX, MAX_MODULE};
use chitin_fs::guarded::{self, GuardedFileError};

#[derive(Debug, Error)]
pub enum OfferError {
    #[error(transparent)]
    Disk(#[from] GuardedFileError),
    #[error("{path} does not exist", path = .0.display())]
    Missing(PathBuf),
    #[error("{path} has no module: a file NAME.wasm and NAME.wasm{ENVELOPE_SUFFIX} beside it", path = .0.display())]
    NoModule(PathBuf),
    #[error("{path} has more than one module: {first} and {second}. Add them one by one", path = .path.display())]
    Ambiguous { path: PathBuf, first: String, second: String },
    #[error("{path} cannot be unpacked: {error}", path = .path.display())]
    Archive { path: PathBuf, error: ArchiveError },
}

/// A module that somebody wants to be used. Nothing about it is known yet.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The file's name.
    pub name: String,
    /// Where the file is, unless it came out of an archive.
    pub path: Option<PathBuf>,
    pub module: Arc<[u8]>,
    pub envelope: Option<Vec<u8>>,
}

impl Offer {
    /// Reads what is at a path: a directory, an archive, or else a component.
    pub fn read(path: &Path) -> Result<Self, OfferError> {
        if guarded::is_directory(path) {
            return Self::read(&only_module(path)?);
        }
        let bytes = guarded::read_given(path, MAX_MODULE)?
            .ok_or_else(|| OfferError::Missing(path.to_owned()))?;
        let unpacked = archive::unpack(&bytes)
            .map_err(|error| OfferError::Archive { path: path.to_owned(), error })?;
        match unpacked {
            Some(found) => Self::of_archive(path, found),
            None => Ok(Self {
                name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                path: Some(path.to_owned()),
                module: bytes.into(),
                envelope: guarded::read_given(&envelope_path(path), MAX_ENVELOPE as u64)?,
            }),
        }
    }

    fn of_archive(path: &Path, mut found: BTreeMap<String, Vec<u8>>) -> Result<Self, OfferError> {
        let mut modules = found.keys().filter(|name| is_module(name));
        let name = match (modules.next(), modules.next()) {
            (None, _) => return Err(OfferError::NoModule(path.to_owned())),
            (Some(name), None) => name.clone(),
            (Some(first), Some(second)) => {
                let (first, second) = (first.clone(), second.clone());
                return Err(OfferError::Ambiguous { path: path.to_owned(), first, second });
            }
        };
        let envelope = found.remove(&format!("{name}{ENVELOPE_SUFFIX}"));
        let module = found.remove(&name).unwrap_or_default().into();
        let name = name.rsplit('/').next().unwrap_or_default().to_owned();
        Ok(Self { name, path: None, module, envelope })
    }
}

pub(super) fn is_module(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == "wasm")
}

/// Where the envelope of a module is.
pub(super) fn envelope_path(module: &Path) -> PathBuf {
    let mut path: OsString = module.as_os_str().to_owned();
    path.push(ENVELOPE_SUFFIX);
    path.into()
}

fn only_module(directory: &Path) -> Result<PathBuf, OfferError> {
    let names = guarded::names(directory)?;
    let mut modules = names.iter().filter(|name| is_module(name));
    match (modules.next(), modules.next()) {
        (Some(name), None) if !guarded::is_directory(&directory.join(name)) => {
            Ok(directory.join(name))
        }
        (None, _) | (Some(_), None) => Err(OfferError::NoModule(directory.to_owned())),
        (Some(first), Some(second)) => {
            let (path, first, second) = (directory.to_owned(), first.clone(), second.clone());
            Err(OfferError::Ambiguous { path, first, second })
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
        assert_eq!(Offer::read(&path).unwrap().envelope, None);
        write(&envelope_path(&path), "envelope");
        write(&bench.root().join("d/README.md"), "text");
        for given in [path.as_path(), &bench.root().join("d")] {
            let offer = Offer::read(given).unwrap();
            assert_eq!((offer.name.as_str(), &offer.module[..]), ("a.wasm", &b"module"[..]));
            assert_eq!(offer.envelope.as_deref(), Some(&b"envelope"[..]));
        }
        write(&bench.root().join("d/b.wasm"), "other");
        let error = Offer::read(&bench.root().join("d")).unwrap_err();
        assert!(matches!(error, OfferError::Ambiguous { .. }), "{error}");
        let error = Offer::read(&bench.root().join("nothing")).unwrap_err();
        assert!(matches!(error, OfferError::Missing(_)), "{error}");
        std::fs::create_dir_all(bench.root().join("e/x.wasm")).unwrap();
        let error = Offer::read(&bench.root().join("e")).unwrap_err();
        assert!(matches!(error, OfferError::NoModule(_)), "{error}");
    }
}
