//! A single file, as a tree in which nothing else is.

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use super::{Give, HEAD, Named, Reach, Stat, Tree, Wanted};
use crate::files::{Content, Entry, Kind, Listing, Roots, io_reason};

/// The root that is the file.
const ROOT: &str = "file";

pub struct LoneFile {
    roots: Arc<Roots>,
    file: String,
    directory: String,
}

impl LoneFile {
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

    fn bytes(&self, max: u64) -> Result<Vec<u8>, String> {
        match self.roots.read(ROOT, "", max) {
            Ok(Content::Bytes(bytes)) => Ok(bytes),
            Ok(Content::Unreadable(reason)) => Err(reason),
            Ok(_) => Err("it changed while it was scanned".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl Tree for LoneFile {
    fn name(&self) -> &str {
        &self.directory
    }

    fn list(&self, _directory: &str) -> Result<Listing, String> {
        let entry = Entry { name: self.file.clone(), is_utf8: true, kind: Kind::File };
        Ok(Listing { entries: vec![entry], complete: true })
    }

    fn stat(&self, path: &str) -> Result<Option<Stat>, String> {
        match self.named(path, Reach::Inside)? {
            Named::File(stat) => Ok(Some(stat)),
            _ => Ok(None),
        }
    }

    fn named(&self, path: &str, _reach: Reach) -> Result<Named, String> {
        if path != self.file {
            return Ok(Named::Nothing);
        }
        let opened = self.roots.open(ROOT, "").map_err(|error| error.to_string())?;
        let Some(file) = opened else { return Ok(Named::Nothing) };
        let size = file.metadata().map_err(|error| io_reason(&error))?.len();
        Ok(Named::File(Stat { size, executable: false }))
    }

    fn head(&self, _path: &str) -> Result<Vec<u8>, String> {
        let opened = self.roots.open(ROOT, "").map_err(|error| error.to_string())?;
        let mut head = Vec::with_capacity(HEAD);
        if let Some(file) = opened {
            file.take(HEAD as u64).read_to_end(&mut head).map_err(|error| io_reason(&error))?;
        }
        Ok(head)
    }

    fn may_be_directory(&self, _link: &str) -> bool {
        false
    }

    fn small(&self, _path: &str, _max: u64) -> Option<Vec<u8>> {
        None
    }

    fn read(&self, wanted: &[Wanted], give: &mut Give<'_>) {
        if let Some(file) = wanted.first() {
            give(0, self.bytes(file.size));
        }
    }
}
