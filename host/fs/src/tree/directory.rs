//! A directory below a root, read through the root's handle.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use super::error::TreeError;
use super::interface::{HEAD, LinkPolicy, Lookup, Stat, Tree, Visitor, Wanted};
use crate::bounded;
use crate::files::{Content, FileKind, FilesError, Listing, Roots};

/// A directory.
pub struct DirectoryTree {
    roots: Arc<Roots>,
    root: String,
    base: String,
    name: String,
}

impl DirectoryTree {
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

    fn open(&self, path: &str, links: LinkPolicy) -> Result<Option<File>, FilesError> {
        match links {
            LinkPolicy::StayInside => self.roots.open(&self.root, &self.full(path)),
            LinkPolicy::FollowAnywhere => self.roots.open_anywhere(&self.root, &self.full(path)),
        }
    }

    fn content(&self, wanted: &Wanted) -> Result<Vec<u8>, TreeError> {
        let file = self.open(&wanted.path, wanted.links)?.ok_or(TreeError::Changed)?;
        Ok(bounded::read_file(file, wanted.size)?)
    }
}

impl Tree for DirectoryTree {
    fn name(&self) -> &str {
        &self.name
    }

    fn list(&self, directory: &str) -> Result<Listing, TreeError> {
        let found = self.roots.list(&self.root, &self.full(directory))?;
        // What is gone, or was never a directory, has nothing in it.
        Ok(found.unwrap_or(Listing { entries: Vec::new(), complete: true }))
    }

    fn stat(&self, path: &str) -> Result<Option<Stat>, TreeError> {
        let found = self.roots.stat(&self.root, &self.full(path))?;
        Ok(found.filter(|found| found.kind == FileKind::File).map(|found| Stat {
            size: found.size,
            executable: found.mode.is_some_and(|mode| mode & 0o111 != 0),
        }))
    }

    fn lookup(&self, path: &str, links: LinkPolicy) -> Result<Lookup, TreeError> {
        let of = |file: File| {
            let size = file.metadata()?.len();
            Ok::<_, TreeError>(Stat { size, executable: false })
        };
        match (self.open(path, LinkPolicy::StayInside), links) {
            (Ok(None) | Err(FilesError::InvalidPath { .. }), _) => Ok(Lookup::Missing),
            (Ok(Some(file)), _) => Ok(Lookup::File(of(file)?)),
            (Err(FilesError::Outside { .. }), LinkPolicy::FollowAnywhere) => {
                let opened = self.open(path, LinkPolicy::FollowAnywhere)?;
                let name = self.roots.real_name(&self.root, &self.full(path));
                match opened.zip(name) {
                    Some((file, name)) => Ok(Lookup::Outside(of(file)?, name)),
                    None => Ok(Lookup::Missing),
                }
            }
            (Err(FilesError::Outside { .. }), LinkPolicy::StayInside) => {
                Ok(Lookup::Refused(TreeError::Outside))
            }
            (Err(error), _) => Err(error.into()),
        }
    }

    fn may_be_directory(&self, link: &str) -> bool {
        let found = self.roots.stat(&self.root, &self.full(link)).ok().flatten();
        let target = found.and_then(|found| found.link).and_then(|link| link.target_kind);
        target == Some(FileKind::Directory)
    }

    fn relative(&self, absolute: &str) -> Option<String> {
        let below = self.roots.relative(&self.root, Path::new(absolute))?;
        if self.base.is_empty() {
            return Some(below);
        }
        below.strip_prefix(&self.base)?.strip_prefix('/').map(str::to_owned)
    }

    fn head(&self, path: &str) -> Result<Vec<u8>, TreeError> {
        match self.roots.open(&self.root, &self.full(path))? {
            Some(file) => Ok(bounded::head(file, HEAD)?),
            None => Ok(Vec::new()),
        }
    }

    fn small(&self, path: &str, max: u64) -> Option<Vec<u8>> {
        match self.roots.read(&self.root, &self.full(path), max) {
            Ok(Content::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }

    fn read(&self, wanted: &[Wanted], visitor: &mut Visitor<'_>) {
        for (number, file) in wanted.iter().enumerate() {
            if visitor(number, self.content(file)).is_break() {
                return;
            }
        }
    }
}
