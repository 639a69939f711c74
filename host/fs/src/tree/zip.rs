//! A zip archive, read in place. What the archive says of a file is compared with what comes out of it.

use std::fs::File;

use flate2::read::DeflateDecoder;
use rawzip::{
    CompressionMethod, FileReader, MAX_CENTRAL_DIRECTORY_RECORD_SIZE, ReaderAt, ZipArchive,
    ZipArchiveEntryWayfinder, ZipFileHeaderRecord,
};

use super::bounded_reader::UnpackLimits;
use super::entry_path;
use super::error::{ArchiveError, EntryError, MAX_ENTRIES, MAX_NAMES, TreeError};
use super::index::Index;
use super::interface::{HEAD, Issue, LinkPolicy, Lookup, Stat, Tree, Visitor, Wanted};
use crate::bounded::{self, BoundedReadError};
use crate::files::{FileKind, Listing};

/// Bytes that a local header and its name may take.
const LOCAL_HEADER: usize = 1 << 17;

/// Bytes in front of a file's name in its local header.
const LOCAL_HEADER_FIXED: u64 = 30;

/// What the archive's directory says of a file.
pub(super) struct ZipFile {
    stat: Stat,
    method: CompressionMethod,
    wayfinder: ZipArchiveEntryWayfinder,
    name: Vec<u8>,
}

impl ZipFile {
    pub(super) fn of(entry: &ZipFileHeaderRecord<'_>) -> Self {
        let executable = entry.mode().permissions() & 0o111 != 0;
        Self {
            stat: Stat { size: entry.uncompressed_size_hint(), executable },
            method: entry.compression_method(),
            wayfinder: entry.wayfinder(),
            name: entry.file_path().as_bytes().to_owned(),
        }
    }
}

/// Shows every entry of the archive's directory. The directory must have as many entries as it says, and they must not
/// share bytes.
pub(super) fn walk<R: ReaderAt, E: From<ArchiveError>>(
    archive: &ZipArchive<R>,
    visit: &mut dyn FnMut(&ZipFileHeaderRecord<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
    // Where each entry begins, and where it ends at the earliest.
    let mut ranges = Vec::new();
    let mut entries = archive.entries(&mut buffer);
    while let Some(entry) = entries.next_entry().map_err(ArchiveError::from)? {
        let start = entry.local_header_offset();
        let size = entry.compressed_size_hint();
        let name = entry.file_path().as_bytes().len() as u64;
        let length = LOCAL_HEADER_FIXED.saturating_add(name).saturating_add(size);
        ranges.push((start, start.saturating_add(length)));
        visit(&entry)?;
    }
    if ranges.len() as u64 != archive.entries_hint() {
        let reason = "it does not have as many entries as it says".to_owned();
        return Err(ArchiveError::Malformed(reason).into());
    }
    // Entries that share bytes make much out of little.
    ranges.sort_unstable();
    let overlap = ranges.windows(2).any(|pair| match pair {
        [(_, end), (start, _)] => end > start,
        _ => false,
    });
    if overlap { Err(ArchiveError::Overlap.into()) } else { Ok(()) }
}

/// The content of a file of at most `max` bytes, if name, size and checksum are those that the archive's directory says.
pub(super) fn read<R: ReaderAt>(
    archive: &ZipArchive<R>,
    file: &ZipFile,
    max: u64,
) -> Result<Vec<u8>, TreeError> {
    let failed = |error: rawzip::Error| TreeError::Unavailable(error.to_string());
    let entry = archive.get_entry(file.wayfinder).map_err(failed)?;
    let mut header = vec![0; LOCAL_HEADER];
    let local = entry.local_header(&mut header).map_err(failed)?;
    if local.file_path().as_bytes() != file.name.as_slice() {
        return Err(TreeError::TwoNames);
    }
    // Reading to the end makes the reader compare the checksum.
    let read = match file.method {
        CompressionMethod::STORE => bounded::read(entry.verifying_reader(entry.reader()), max),
        CompressionMethod::DEFLATE => {
            bounded::read(entry.verifying_reader(DeflateDecoder::new(entry.reader())), max)
        }
        _ => return Err(TreeError::Method),
    };
    read.map_err(|error| match error {
        BoundedReadError::TooLarge(_) => TreeError::LargerThanStated,
        BoundedReadError::Failed(error) => TreeError::Damaged(error.to_string()),
        BoundedReadError::NotRegular => TreeError::Changed,
    })
}

pub(super) struct ZipTree {
    archive: ZipArchive<FileReader>,
    index: Index<ZipFile>,
    /// The directory that everything is in, with a `/`, or nothing.
    prefix: String,
    name: String,
    issues: Vec<Issue>,
}

impl ZipTree {
    pub(super) fn open(file: File, name: &str) -> Result<Self, ArchiveError> {
        let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
        let archive = ZipArchive::from_file(file, &mut buffer)?;
        let mut index = Index::new();
        let mut issues = Vec::new();
        let (mut count, mut names) = (0, 0);
        walk(&archive, &mut |entry| {
            let raw = entry.file_path();
            count += 1;
            names += raw.as_bytes().len();
            if count > MAX_ENTRIES || names > MAX_NAMES {
                return Err(ArchiveError::TooMany);
            }
            if let Err(error) = add(&mut index, entry, raw.as_bytes()) {
                let path = String::from_utf8_lossy(raw.as_bytes()).into_owned();
                issues.push(Issue { path, error });
            }
            Ok(())
        })?;
        let (prefix, name) = (index.prefix(), index.own_name(name));
        Ok(Self { archive, index, prefix, name, issues })
    }

    fn full(&self, path: &str) -> String {
        format!("{}{path}", self.prefix).trim_end_matches('/').to_owned()
    }

    fn bytes(&self, path: &str, max: u64) -> Result<Vec<u8>, TreeError> {
        let file = self.index.file(&self.full(path)).ok_or(TreeError::NotInArchive)?;
        read(&self.archive, file, max)
    }
}

/// Adds an entry to the index.
fn add(
    index: &mut Index<ZipFile>,
    entry: &ZipFileHeaderRecord<'_>,
    raw: &[u8],
) -> Result<(), EntryError> {
    let path = entry_path::parse(raw)?;
    if entry.is_dir() {
        return index.add_directory(&path);
    }
    if entry.mode().is_symlink() {
        return index.add_other(&path, FileKind::Symlink);
    }
    if entry.flags().is_encrypted() {
        return Err(EntryError::Encrypted);
    }
    if UnpackLimits::SCAN.is_bomb(entry.compressed_size_hint(), entry.uncompressed_size_hint()) {
        return Err(EntryError::Ratio);
    }
    index.add_file(&path, ZipFile::of(entry))
}

impl Tree for ZipTree {
    fn name(&self) -> &str {
        &self.name
    }

    fn shown(&self, path: &str) -> String {
        self.full(path)
    }

    fn list(&self, directory: &str) -> Result<Listing, TreeError> {
        Ok(self.index.list(&self.full(directory)))
    }

    fn stat(&self, path: &str) -> Result<Option<Stat>, TreeError> {
        Ok(self.index.file(&self.full(path)).map(|file| file.stat))
    }

    fn lookup(&self, path: &str, _links: LinkPolicy) -> Result<Lookup, TreeError> {
        Ok(self.stat(path)?.map_or(Lookup::Missing, Lookup::File))
    }

    fn head(&self, path: &str) -> Result<Vec<u8>, TreeError> {
        let Some(file) = self.index.file(&self.full(path)) else { return Ok(Vec::new()) };
        let failed = |error: rawzip::Error| TreeError::Unavailable(error.to_string());
        let reader = self.archive.get_entry(file.wayfinder).map_err(failed)?.reader();
        let head = match file.method {
            CompressionMethod::STORE => bounded::head(reader, HEAD),
            CompressionMethod::DEFLATE => bounded::head(DeflateDecoder::new(reader), HEAD),
            _ => Ok(Vec::new()),
        };
        head.map_err(|error| TreeError::Unavailable(error.to_string()))
    }

    fn small(&self, path: &str, max: u64) -> Option<Vec<u8>> {
        self.bytes(path, max).ok()
    }

    fn issues(&self) -> &[Issue] {
        &self.issues
    }

    fn read(&self, wanted: &[Wanted], visitor: &mut Visitor<'_>) {
        for (number, file) in wanted.iter().enumerate() {
            if visitor(number, self.bytes(&file.path, file.size)).is_break() {
                return;
            }
        }
    }
}
