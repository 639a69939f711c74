//! A tree of files that is scanned, whatever holds it: a directory, a single file, or an archive that is read in place.
//! Nothing is unpacked to the disk, and nothing here knows what the files mean.

mod archive;
mod bounded_reader;
mod directory;
mod entry_path;
mod index;
mod single_file;
mod tar;
mod zip;

pub use archive::open_archive;
pub use directory::Folder;
pub use single_file::LoneFile;

use super::files::Listing;

/// What is known of a regular file before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    pub size: u64,
    /// Somebody may run it.
    pub executable: bool,
}

/// What a name that somebody gave leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum Named {
    File(Stat),
    /// A file outside of the tree, with its own name.
    Beyond(Stat, String),
    /// Nothing, or nothing that is a regular file.
    Nothing,
    /// A file that may not be read, with the reason.
    Refused(String),
}

/// A file that is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub path: String,
    /// As it was when it was found; not a byte more is read.
    pub size: u64,
    pub reach: Reach,
}

/// How far a file may lie that somebody names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Below the root, links included.
    Inside,
    /// Wherever a link leads, as OpenClaw has it.
    Anywhere,
}

/// A file or directory with what is wrong about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub path: String,
    pub reason: String,
}

/// Whether whoever gets the files wants more of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum More {
    Wanted,
    Enough,
}

/// Takes the bytes of the nth wanted file, or why they cannot be had.
pub type Give<'g> = dyn FnMut(usize, Result<Vec<u8>, String>) -> More + 'g;

/// How many first bytes of a file tell what it is.
pub const HEAD: usize = 4;

/// Paths are relative to the tree, separated by `/`; the empty one is the tree itself.
pub trait Tree: Send + Sync {
    /// The tree's own name.
    fn name(&self) -> &str;

    /// A path as it is told to people.
    fn shown(&self, path: &str) -> String {
        path.to_owned()
    }

    /// What is in a directory; the error is a reason.
    fn list(&self, directory: &str) -> Result<Listing, String>;

    /// Of a regular file that a listing has shown.
    fn stat(&self, path: &str) -> Result<Option<Stat>, String>;

    /// Of a file that somebody names, through links.
    fn named(&self, path: &str, reach: Reach) -> Result<Named, String>;

    /// Whether a link may lead to a directory, which would be full of files that are not looked at. Nobody knows where
    /// a link of an archive leads.
    fn may_be_directory(&self, _link: &str) -> bool {
        true
    }

    /// A path below the tree that an absolute path stands for.
    fn relative(&self, _absolute: &str) -> Option<String> {
        None
    }

    /// The first bytes of a file, as many as there are.
    fn head(&self, path: &str) -> Result<Vec<u8>, String>;

    /// A whole small file; none when it is not there, is no file or is larger.
    fn small(&self, path: &str, max: u64) -> Option<Vec<u8>>;

    /// What went wrong with the tree as a whole.
    fn troubles(&self) -> &[Trouble] {
        &[]
    }

    /// Gives the wanted files one after the other, each once, in whatever order is best.
    fn read(&self, wanted: &[Wanted], give: &mut Give<'_>);
}
