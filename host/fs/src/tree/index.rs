//! What is in an archive, as directories.

use std::collections::BTreeMap;

use super::error::EntryError;
use crate::files::{Entry, FileKind, Listing};

/// Directories with their entries, and what is known of each file.
#[derive(Debug)]
pub(super) struct Index<T> {
    directories: BTreeMap<String, BTreeMap<String, FileKind>>,
    files: BTreeMap<String, T>,
}

impl<T> Index<T> {
    pub(super) fn new() -> Self {
        let root = BTreeMap::from([(String::new(), BTreeMap::new())]);
        Self { directories: root, files: BTreeMap::new() }
    }

    pub(super) fn file(&self, path: &str) -> Option<&T> {
        self.files.get(path)
    }

    /// Adds a directory that has an entry of its own.
    pub(super) fn add_directory(&mut self, path: &str) -> Result<(), EntryError> {
        if path.is_empty() || self.directories.contains_key(path) {
            return Ok(());
        }
        self.enter(path, FileKind::Directory)?;
        self.directories.insert(path.to_owned(), BTreeMap::new());
        Ok(())
    }

    /// Adds a regular file.
    pub(super) fn add_file(&mut self, path: &str, known: T) -> Result<(), EntryError> {
        self.enter(path, FileKind::File)?;
        self.files.insert(path.to_owned(), known);
        Ok(())
    }

    /// Adds a link, or something else that is not read.
    pub(super) fn add_other(&mut self, path: &str, kind: FileKind) -> Result<(), EntryError> {
        self.enter(path, kind)
    }

    /// Puts a name into its directory, which is made if the archive did not name it before.
    fn enter(&mut self, path: &str, kind: FileKind) -> Result<(), EntryError> {
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        if name.is_empty() {
            return Err(EntryError::NoName);
        }
        self.add_directory(parent)?;
        let Some(siblings) = self.directories.get_mut(parent) else {
            return Err(EntryError::NotInDirectory);
        };
        if siblings.contains_key(name) {
            return Err(EntryError::Duplicate);
        }
        siblings.insert(name.to_owned(), kind);
        Ok(())
    }

    pub(super) fn list(&self, directory: &str) -> Listing {
        let entries = self.directories.get(directory).into_iter().flatten();
        let entries = entries
            .map(|(name, kind)| Entry { name: name.clone(), is_utf8: true, kind: *kind })
            .collect();
        Listing { entries, complete: true }
    }

    /// The directory that everything is in, if there is one: most archives have it.
    fn top(&self) -> Option<&str> {
        let mut entries = self.directories.get("")?.iter();
        match (entries.next(), entries.next()) {
            (Some((name, FileKind::Directory)), None) => Some(name),
            _ => None,
        }
    }

    /// The name of what the archive holds: that of its only directory, if that says something.
    pub(super) fn own_name(&self, file: &str) -> String {
        // npm gives the directory this name in every package.
        self.top().filter(|top| *top != "package").unwrap_or(file).to_owned()
    }

    /// The only directory with a `/`, or nothing: what every path in the archive begins with.
    pub(super) fn prefix(&self) -> String {
        self.top().map(|top| format!("{top}/")).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_come_from_names() {
        let mut index = Index::new();
        index.add_file("package/lib/a.js", 1).unwrap();
        index.add_directory("package").unwrap();
        assert_eq!(index.top(), Some("package"));
        assert_eq!(index.list("package").entries[0].kind, FileKind::Directory);
        assert_eq!(index.file("package/lib/a.js"), Some(&1));
        index.add_file("b.js", 2).unwrap();
        assert_eq!(index.top(), None);
    }

    #[test]
    fn a_name_is_used_once() {
        let mut index = Index::new();
        index.add_file("a", ()).unwrap();
        assert!(index.add_file("a", ()).is_err());
        assert!(index.add_file("a/b", ()).is_err(), "a file is not a directory");
        assert!(index.add_directory("a").is_err());
        assert!(index.add_other("a", FileKind::Symlink).is_err());
        assert_eq!(index.list("").entries.len(), 1);
    }
}
