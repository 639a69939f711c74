//! What is in an archive, as directories.

use std::collections::BTreeMap;

use crate::files::{Entry, Kind, Listing};

/// Directories with what is in them, and what is known of each file.
#[derive(Debug)]
pub(super) struct Index<T> {
    directories: BTreeMap<String, BTreeMap<String, Kind>>,
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

    /// A directory that is named for itself.
    pub(super) fn add_directory(&mut self, path: &str) -> Result<(), &'static str> {
        if path.is_empty() || self.directories.contains_key(path) {
            return Ok(());
        }
        self.enter(path, Kind::Directory)?;
        self.directories.insert(path.to_owned(), BTreeMap::new());
        Ok(())
    }

    pub(super) fn add_file(&mut self, path: &str, known: T) -> Result<(), &'static str> {
        self.enter(path, Kind::File)?;
        self.files.insert(path.to_owned(), known);
        Ok(())
    }

    /// A link or something else that is not read.
    pub(super) fn add_other(&mut self, path: &str, kind: Kind) -> Result<(), &'static str> {
        self.enter(path, kind)
    }

    /// Puts a name into its directory, which is made if the archive did not name it before.
    fn enter(&mut self, path: &str, kind: Kind) -> Result<(), &'static str> {
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        if name.is_empty() {
            return Err("it has no name");
        }
        self.add_directory(parent)?;
        let Some(siblings) = self.directories.get_mut(parent) else {
            return Err("it lies in something that is no directory");
        };
        if siblings.contains_key(name) {
            return Err("the archive has more than one entry of this name");
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

    /// The directory that everything lies in, if there is one: most archives have it.
    pub(super) fn top(&self) -> Option<&str> {
        let mut entries = self.directories.get("")?.iter();
        match (entries.next(), entries.next()) {
            (Some((name, Kind::Directory)), None) => Some(name),
            _ => None,
        }
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
        assert_eq!(index.list("package").entries[0].kind, Kind::Directory);
        assert_eq!(index.file("package/lib/a.js"), Some(&1));
        index.add_file("b.js", 2).unwrap();
        assert_eq!(index.top(), None);
    }

    #[test]
    fn a_name_stands_for_one_thing() {
        let mut index = Index::new();
        index.add_file("a", ()).unwrap();
        assert!(index.add_file("a", ()).is_err());
        assert!(index.add_file("a/b", ()).is_err(), "a file is no directory");
        assert!(index.add_directory("a").is_err());
        assert!(index.add_other("a", Kind::Symlink).is_err());
        assert_eq!(index.list("").entries.len(), 1);
    }
}
