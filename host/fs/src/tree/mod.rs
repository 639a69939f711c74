//! A tree of files that is scanned, whatever holds it: a directory, a single file, or an archive that is read in place.
//! Nothing is unpacked to the disk, and nothing here knows what the files mean.

mod archive;
mod bounded_reader;
mod directory;
mod entry_path;
mod error;
mod extract;
mod index;
mod interface;
mod single_file;
mod tar;
mod zip;

pub use archive::{ArchiveFormat, open_archive};
pub use directory::DirectoryTree;
pub use error::{ArchiveError, EntryError, TreeError, UnpackLimitError};
pub use extract::{ExtractError, ExtractLimits, extract};
pub use interface::{HEAD, Issue, LinkPolicy, Lookup, Stat, Tree, Visitor, Wanted};
pub use single_file::SingleFile;
