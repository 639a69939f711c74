//! Where a change is made: a name below a directory that was opened while planning. Nothing of this opens anything but
//! the directories that the operator named.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use serde::{Deserialize, Serialize};

/// A directory that the operator named, through its own links, opened once for a whole run: what is swapped for it
/// later is not looked at.
#[derive(Debug)]
pub(super) struct Anchor {
    pub(super) path: PathBuf,
    pub(super) dir: Result<Dir, io::ErrorKind>,
}

/// Something below an anchor; there is always at least one name.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) anchor: Rc<Anchor>,
    pub(super) below: Vec<OsString>,
}

/// The same as text, for the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Address {
    pub(super) directory: PathBuf,
    pub(super) below: Vec<OsString>,
}

impl Spot {
    /// The full path.
    pub(super) fn path(&self) -> PathBuf {
        self.below.iter().fold(self.anchor.path.clone(), |path, name| path.join(name))
    }

    pub(super) fn address(&self) -> Address {
        Address { directory: self.anchor.path.clone(), below: self.below.clone() }
    }

    /// Something in this directory.
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

    /// A path through its parent directory. None for one without a name.
    pub(super) fn beside(&mut self, path: &Path) -> Option<Spot> {
        let (parent, name) = (path.parent()?, path.file_name()?);
        Some(Spot { anchor: self.open(parent), below: vec![name.to_owned()] })
    }

    /// A path below a directory. None when it lies elsewhere or is the directory itself.
    pub(super) fn below(&mut self, directory: &Path, path: &Path) -> Option<Spot> {
        let relative = path.strip_prefix(directory).ok()?;
        let below: Option<Vec<OsString>> = relative
            .components()
            .map(|component| match component {
                Component::Normal(name) => Some(name.to_owned()),
                _ => None,
            })
            .collect();
        let below = below.filter(|below| !below.is_empty())?;
        Some(Spot { anchor: self.open(directory), below })
    }

    /// A spot that the journal remembers.
    pub(super) fn at(&mut self, address: &Address) -> Option<Spot> {
        let is_name = |name: &OsString| {
            let mut components = Path::new(name).components();
            matches!((components.next(), components.next()), (Some(Component::Normal(_)), None))
        };
        let well_formed = address.directory.is_absolute()
            && !address.below.is_empty()
            && address.below.iter().all(is_name);
        well_formed
            .then(|| Spot { anchor: self.open(&address.directory), below: address.below.clone() })
    }
}
