//! A single file, as a tree with nothing else in it.

use std::path::Path;
use std::sync::Arc;

use super::error::TreeError;
use super::interface::{HEAD, LinkPolicy, Lookup, Stat, Tree, Visitor, Wanted};
use crate::bounded;
use crate::files::{Content, Entry, FileKind, Listing, Roots};

/// The root that is the file.
const ROOT: &str = "file";

/// A single file.
pub struct SingleFile {
    roots: Arc<Roots>,
    file: String,
    directory: String,
}

impl SingleFile {
    /// The file at a path, through its own link.
    pub fn new(path: &Path) -> Self {
        let roots = Arc::new(Roots::builder().add(ROOT, path).build());
        let last = |path: &Path| {
            path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
        };
        let directory = roots.real(ROOT).and_then(Path::parent).map(last).unwrap_or_default();
        Self { roots, file: last(path), directory }
    }

    /// The file's own name.
    pub fn file(&self) -> &str {
        &self.file
    }

    fn bytes(&self, max: u64) -> Result<Vec<u8>, TreeError> {
        match self.roots.read(ROOT, "", max) {
            Ok(Content::Bytes(bytes)) => Ok(bytes),
            Ok(Content::Unreadable(reason)) => Err(TreeError::Unavailable(reason)),
            Ok(_) => Err(TreeError::Changed),
            Err(error) => Err(error.into()),
        }
    }
}

impl Tree for SingleFile {
    fn name(&self) -> &str {
        &self.directory
    }

    fn list(&self, _directory: &str) -> Result<Listing, TreeError> {
        let entry = Entry { name: self.file.clone(), is_utf8: true, kind: FileKind::File };
        Ok(Listing { entries: vec![entry], complete: true })
    }

    fn stat(&self, path: &str) -> Result<Option<Stat>, TreeError> {
        match self.lookup(path, LinkPolicy::StayInside)? {
            Lookup::File(stat) => Ok(Some(stat)),
            _ => Ok(None),
        }
    }

    fn lookup(&self, path: &str, _links: LinkPolicy) -> Result<Lookup, TreeError> {
        if path != self.file {
            return Ok(Lookup::Missing);
        }
        let Some(file) = self.roots.open(ROOT, "")? else { return Ok(Lookup::Missing) };
        let size = file.metadata()?.len();
        Ok(Lookup::File(Stat { size, executable: false }))
    }

    fn head(&self, _path: &str) -> Result<Vec<u8>, TreeError> {
        match self.roots.open(ROOT, "")? {
            Some(file) => Ok(bounded::head(file, HEAD)?),
            None => Ok(Vec::new()),
        }
    }

    fn may_be_directory(&self, _link: &str) -> bool {
        false
    }

    fn small(&self, _path: &str, _max: u64) -> Option<Vec<u8>> {
        None
    }

    fn read(&self, wanted: &[Wanted], visitor: &mut Visitor<'_>) {
        if let Some(file) = wanted.first() {
            let _last = visitor(0, self.bytes(file.size));
        }
    }
}
