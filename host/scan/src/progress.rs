//! How far a scan has come.

/// Shows a scan's progress to a person who waits; nothing in a report depends on it.
pub trait Progress: Send + Sync {
    /// The scan of a tree begins: its name, and how many files and bytes will be read.
    fn begin(&self, tree: &str, files: u64, bytes: u64);

    /// A file of so many bytes has been read.
    fn file(&self, path: &str, bytes: u64);

    /// The scan of the tree has ended.
    fn end(&self);
}

/// Shows nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&self, _tree: &str, _files: u64, _bytes: u64) {}

    fn file(&self, _path: &str, _bytes: u64) {}

    fn end(&self) {}
}
