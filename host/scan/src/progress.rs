//! Who looks on while code is read.

/// For a person who waits; nothing of a report depends on it.
pub trait Watch: Send + Sync {
    /// A tree of this name is read: so many files, so many bytes.
    fn begin(&self, tree: &str, files: u64, bytes: u64);

    /// A file has been read.
    fn file(&self, path: &str, bytes: u64);

    fn end(&self);
}

/// Nobody looks on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn begin(&self, _tree: &str, _files: u64, _bytes: u64) {}

    fn file(&self, _path: &str, _bytes: u64) {}

    fn end(&self) {}
}
