//! A directory below a root, read through the root's handle.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use super::{Give, HEAD, More, Named, Reach, Stat, Tree, Wanted};
use crate::files::{Content, FilesError, Kind, Listing, Roots, io_reason, read_bounded};

pub struct Folder {
    roots: Arc<Roots>,
    root: String,
    base: String,
    name: String,
}

impl Folder {
    /// The directory at a path below a root.
    pub fn new(roots: Arc<Roots>, root: &str, base: &str) -> Self {
        let own_name = base.rsplit('/').next().filter(|name| !name.is_empty());
        let name = own_name.map(str::to_owned).or_else(|| {
            let name = roots.real(root)?.file_name()?;
            Some(name.to_string_lossy().into_owned())
        });
        let name = name.unwrap_or_default();
        Self { roots, root: root.to_owned(), base: base.to_owned(), name }
    }

    fn full(&self, path: &str) -> String {
        match (self.base.as_str(), path) {
            ("", path) => path.to_owned(),
            (base, "") => base.to_owned(),
            (base, path) => format!("{base}/{path}"),
        }
    }

    fn open(&self, path: &str, reach: Reach) -> Result<Option<File>, FilesError> {
        match reach {
            Reach::Inside => self.roots.open(&self.root, &self.full(path)),
            Reach::Anywhere => self.roots.open_anywhere(&self.root, &self.full(path)),
        }
    }

    fn content(&self, wanted: &Wanted) -> Result<Vec<u8>, String> {
        let file = self.open(&wanted.path, wanted.reach).map_err(|error| said(&error))?;
        match file.map(|file| read_bounded(file, wanted.size)) {
            Some(Ok(Content::Bytes(bytes))) => Ok(bytes),
            Some(Err(error)) => Err(io_reason(&error)),
            Some(Ok(_)) | None => Err("it changed while it was scanned".to_owned()),
        }
    }
}

/// Without the place, which whoever tells the reason knows.
fn said(error: &FilesError) -> String {
    match error {
        FilesError::Unavailable { reason, .. } => reason.clone(),
        FilesError::Outside { .. } => "it leads out through a link".to_owned(),
        other => other.to_string(),
    }
}

impl Tree for Folder {
    fn name(&self) -> &str {
        &self.name
    }

    fn list(&self, directory: &str) -> Result<Listing, String> {
        let found = self.roots.list(&self.root, &self.full(directory));
        let empty = Listing { entries: Vec::new(), complete: true };
        // What is gone, or was never a directory, has nothing in it.
        found.map(|listing| listing.unwrap_or(empty)).map_err(|error| said(&error))
    }

    fn stat(&self, path: &str) -> Result<Option<Stat>, String> {
        let found = self.roots.stat(&self.root, &self.full(path)).map_err(|error| said(&error))?;
        Ok(found.filter(|found| found.kind == Kind::File).map(|found| Stat {
            size: found.size,
            executable: found.mode.is_some_and(|mode| mode & 0o111 != 0),
        }))
    }

    fn named(&self, path: &str, reach: Reach) -> Result<Named, String> {
        let of = |file: File| {
            let size = file.metadata().map_err(|error| io_reason(&error))?.len();
            Ok::<_, String>(Stat { size, executable: false })
        };
        match (self.open(path, Reach::Inside), reach) {
            (Ok(None) | Err(FilesError::InvalidPath { .. }), _) => Ok(Named::Nothing),
            (Ok(Some(file)), _) => Ok(Named::File(of(file)?)),
            (Err(FilesError::Outside { .. }), Reach::Anywhere) => {
                let opened = self.open(path, Reach::Anywhere).map_err(|error| said(&error))?;
                let name = self.roots.real_name(&self.root, &self.full(path));
                match opened.zip(name) {
                    Some((file, name)) => Ok(Named::Beyond(of(file)?, name)),
                    None => Ok(Named::Nothing),
                }
            }
            (Err(error @ FilesError::Outside { .. }), Reach::Inside) => {
                Ok(Named::Refused(said(&error)))
            }
            (Err(error), _) => Err(said(&error)),
        }
    }

    fn may_be_directory(&self, link: &str) -> bool {
        let found = self.roots.stat(&self.root, &self.full(link)).ok().flatten();
        let target = found.and_then(|found| found.link).and_then(|link| link.target_kind);
        target == Some(Kind::Directory)
    }

    fn relative(&self, absolute: &str) -> Option<String> {
        let below = self.roots.relative(&self.root, Path::new(absolute))?;
        if self.base.is_empty() {
            return Some(below);
        }
        below.strip_prefix(&self.base)?.strip_prefix('/').map(str::to_owned)
    }

    fn head(&self, path: &str) -> Result<Vec<u8>, String> {
        let opened = self.roots.open(&self.root, &self.full(path)).map_err(|error| said(&error))?;
        let mut head = Vec::with_capacity(HEAD);
        if let Some(file) = opened {
            file.take(HEAD as u64).read_to_end(&mut head).map_err(|error| io_reason(&error))?;
        }
        Ok(head)
    }

    fn small(&self, path: &str, max: u64) -> Option<Vec<u8>> {
        match self.roots.read(&self.root, &self.full(path), max) {
            Ok(Content::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }

    fn read(&self, wanted: &[Wanted], give: &mut Give<'_>) {
        for (number, file) in wanted.iter().enumerate() {
            if give(number, self.content(file)) == More::Enough {
                return;
            }
        }
    }
}
