//! The path of a change: names below a directory that was opened while planning. Only directories that the operator named
//! are opened by their path.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use serde::{Deserialize, Serialize};

/// A directory that the operator named. It is opened once for a whole run, following symlinks in its own path; whatever
/// replaces it later is not used.
#[derive(Debug)]
pub(super) struct Anchor {
    pub(super) path: PathBuf,
    pub(super) dir: Result<Dir, io::ErrorKind>,
}

/// A path below an anchor, with at least one name.
#[derive(Debug, Clone)]
pub(super) struct AnchoredPath {
    pub(super) anchor: Rc<Anchor>,
    pub(super) below: Vec<OsString>,
}

/// An anchored path as the journal stores it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredPath {
    pub(super) directory: PathBuf,
    pub(super) below: Vec<OsString>,
}

impl AnchoredPath {
    /// The full path.
    pub(super) fn path(&self) -> PathBuf {
        self.below.iter().fold(self.anchor.path.clone(), |path, name| path.join(name))
    }

    pub(super) fn to_stored(&self) -> StoredPath {
        StoredPath { directory: self.anchor.path.clone(), below: self.below.clone() }
    }

    /// A path in this directory.
    pub(super) fn join(&self, name: impl Into<OsString>) -> Self {
        let mut below = self.below.clone();
        below.push(name.into());
        Self { anchor: Rc::clone(&self.anchor), below }
    }
}

/// The anchors of a run, each opened once.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    opened: HashMap<PathBuf, Rc<Anchor>>,
}

impl Anchors {
    pub(super) fn open(&mut self, path: &Path) -> Rc<Anchor> {
        let anchor = self.opened.entry(path.to_path_buf()).or_insert_with(|| {
            let dir = Dir::open_ambient_dir(path, ambient_authority());
            Rc::new(Anchor { path: path.to_path_buf(), dir: dir.map_err(|error| error.kind()) })
        });
        Rc::clone(anchor)
    }

    /// A path, anchored at its parent directory. None for a path without a name.
    pub(super) fn beside(&mut self, path: &Path) -> Option<AnchoredPath> {
        let (parent, name) = (path.parent()?, path.file_name()?);
        Some(AnchoredPath { anchor: self.open(parent), below: vec![name.to_owned()] })
    }

    /// A path below a directory. None if it is outside or is the directory itself.
    pub(super) fn below(&mut self, directory: &Path, path: &Path) -> Option<AnchoredPath> {
        let relative = path.strip_prefix(directory).ok()?;
        let below: Option<Vec<OsString>> = relative
            .components()
            .map(|component| match component {
                Component::Normal(name) => Some(name.to_owned()),
                _ => None,
            })
            .collect();
        let below = below.filter(|below| !below.is_empty())?;
        Some(AnchoredPath { anchor: self.open(directory), below })
    }

    /// A path that the journal stored. None if no fix can have stored it.
    pub(super) fn at(&mut self, stored: &StoredPath) -> Option<AnchoredPath> {
        let is_name = |name: &OsString| {
            let mut components = Path::new(name).components();
            matches!((components.next(), components.next()), (Some(Component::Normal(_)), None))
        };
        let well_formed = stored.directory.is_absolute()
            && !stored.below.is_empty()
            && stored.below.iter().all(is_name);
        well_formed.then(|| AnchoredPath {
            anchor: self.open(&stored.directory),
            below: stored.below.clone(),
        })
    }
}
