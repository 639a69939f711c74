//! A zip archive, read in place. What the archive says of a file is held against what comes of it.

use std::fs::File;
use std::io::{self, Read};

use flate2::read::DeflateDecoder;
use rawzip::{
    CompressionMethod, FileReader, MAX_CENTRAL_DIRECTORY_RECORD_SIZE, ZipArchive,
    ZipArchiveEntryWayfinder, ZipFileHeaderRecord,
};

use super::archive::{MAX_ENTRIES, MAX_NAMES, Unpackable, own_name};
use super::bounded_reader::is_bomb;
use super::index::Index;
use super::{Give, HEAD, More, Named, Reach, Stat, Tree, Trouble, Wanted, entry_path};
use crate::files::{Kind, Listing};

/// A header of a file and its name, at most.
const LOCAL_HEADER: usize = 1 << 17;

/// Bytes that stand before a file's name in its own header.
const LOCAL_HEADER_FIXED: u64 = 30;

/// What the directory of the archive says of a file.
struct Packed {
    stat: Stat,
    method: CompressionMethod,
    wayfinder: ZipArchiveEntryWayfinder,
    name: Vec<u8>,
}

pub(super) struct ZipTree {
    archive: ZipArchive<FileReader>,
    index: Index<Packed>,
    /// The directory that everything lies in, with a `/`, or nothing.
    prefix: String,
    name: String,
    troubles: Vec<Trouble>,
}

impl From<rawzip::Error> for Unpackable {
    fn from(error: rawzip::Error) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl ZipTree {
    pub(super) fn open(file: File, name: &str) -> Result<Self, Unpackable> {
        let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
        let archive = ZipArchive::from_file(file, &mut buffer)?;
        let mut directory = Directory::default();
        let mut entries = archive.entries(&mut buffer);
        while let Some(entry) = entries.next_entry()? {
            directory.add(&entry)?;
        }
        if directory.count as u64 != archive.entries_hint() {
            return Err(Unpackable::Malformed("it has not as many entries as it says".to_owned()));
        }
        let Directory { index, troubles, .. } = directory.without_overlaps()?;
        let top = index.top();
        let prefix = top.map(|top| format!("{top}/")).unwrap_or_default();
        let name = own_name(top, name);
        Ok(Self { archive, index, prefix, name, troubles })
    }

    fn full(&self, path: &str) -> String {
        format!("{}{path}", self.prefix).trim_end_matches('/').to_owned()
    }

    fn bytes(&self, path: &str, max: u64) -> Result<Vec<u8>, String> {
        let Some(packed) = self.index.file(&self.full(path)) else {
            return Err("it is not in the archive".to_owned());
        };
        let failed = |error: rawzip::Error| error.to_string();
        let entry = self.archive.get_entry(packed.wayfinder).map_err(failed)?;
        let mut header = vec![0; LOCAL_HEADER];
        let local = entry.local_header(&mut header).map_err(failed)?;
        if local.file_path().as_bytes() != packed.name.as_slice() {
            return Err("the archive has two names for it".to_owned());
        }
        let read = match packed.method {
            CompressionMethod::STORE => bounded(entry.verifying_reader(entry.reader()), max),
            CompressionMethod::DEFLATE => {
                bounded(entry.verifying_reader(DeflateDecoder::new(entry.reader())), max)
            }
            _ => return Err("it is packed in a way that chitin does not read".to_owned()),
        };
        read.map_err(|error| format!("it cannot be unpacked: {error}"))
    }
}

/// All of a reader, if it gives no more than `max`.
fn bounded(reader: impl Read, max: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more shows a lie about the size, and makes the reader compare the checksum.
    reader.take(max.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max {
        return Err(io::Error::other("it is larger than the archive says"));
    }
    Ok(bytes)
}

/// What has been read of the archive's directory.
struct Directory {
    index: Index<Packed>,
    troubles: Vec<Trouble>,
    /// Where each entry begins, and where it ends at the earliest.
    ranges: Vec<(u64, u64)>,
    count: usize,
    names: usize,
}

impl Default for Directory {
    fn default() -> Self {
        let (troubles, ranges) = (Vec::new(), Vec::new());
        Self { index: Index::new(), troubles, ranges, count: 0, names: 0 }
    }
}

impl Directory {
    fn add(&mut self, entry: &ZipFileHeaderRecord<'_>) -> Result<(), Unpackable> {
        let raw_path = entry.file_path();
        let raw = raw_path.as_bytes();
        self.count += 1;
        self.names += raw.len();
        if self.count > MAX_ENTRIES || self.names > MAX_NAMES {
            return Err(Unpackable::TooMany);
        }
        let start = entry.local_header_offset();
        let size = entry.compressed_size_hint();
        let length = LOCAL_HEADER_FIXED.saturating_add(raw.len() as u64).saturating_add(size);
        self.ranges.push((start, start.saturating_add(length)));
        if let Err(reason) = self.place(entry, raw) {
            let path = String::from_utf8_lossy(raw).into_owned();
            self.troubles.push(Trouble { path, reason: reason.to_owned() });
        }
        Ok(())
    }

    fn place(&mut self, entry: &ZipFileHeaderRecord<'_>, raw: &[u8]) -> Result<(), &'static str> {
        let path = entry_path::path(raw)?;
        if entry.is_dir() {
            return self.index.add_directory(&path);
        }
        if entry.mode().is_symlink() {
            return self.index.add_other(&path, Kind::Symlink);
        }
        if entry.flags().is_encrypted() {
            return Err("it is encrypted");
        }
        let size = entry.uncompressed_size_hint();
        if is_bomb(entry.compressed_size_hint(), size) {
            return Err("it comes to more than 200 times its packed size");
        }
        let executable = entry.mode().permissions() & 0o111 != 0;
        self.index.add_file(
            &path,
            Packed {
                stat: Stat { size, executable },
                method: entry.compression_method(),
                wayfinder: entry.wayfinder(),
                name: raw.to_owned(),
            },
        )
    }

    /// Entries that share bytes make much of little.
    fn without_overlaps(mut self) -> Result<Self, Unpackable> {
        self.ranges.sort_unstable();
        let overlaps = self.ranges.windows(2).any(|pair| match pair {
            [(_, end), (start, _)] => end > start,
            _ => false,
        });
        if overlaps { Err(Unpackable::Overlap) } else { Ok(self) }
    }
}

impl Tree for ZipTree {
    fn name(&self) -> &str {
        &self.name
    }

    fn shown(&self, path: &str) -> String {
        self.full(path)
    }

    fn list(&self, directory: &str) -> Result<Listing, String> {
        Ok(self.index.list(&self.full(directory)))
    }

    fn stat(&self, path: &str) -> Result<Option<Stat>, String> {
        Ok(self.index.file(&self.full(path)).map(|packed| packed.stat))
    }

    fn named(&self, path: &str, _reach: Reach) -> Result<Named, String> {
        Ok(self.stat(path)?.map_or(Named::Nothing, Named::File))
    }

    fn head(&self, path: &str) -> Result<Vec<u8>, String> {
        let Some(packed) = self.index.file(&self.full(path)) else { return Ok(Vec::new()) };
        let failed = |error: rawzip::Error| error.to_string();
        let reader = self.archive.get_entry(packed.wayfinder).map_err(failed)?.reader();
        let mut head = Vec::with_capacity(HEAD);
        let read = match packed.method {
            CompressionMethod::STORE => reader.take(HEAD as u64).read_to_end(&mut head),
            CompressionMethod::DEFLATE => {
                DeflateDecoder::new(reader).take(HEAD as u64).read_to_end(&mut head)
            }
            _ => Ok(0),
        };
        read.map(|_| head).map_err(|error| error.to_string())
    }

    fn small(&self, path: &str, max: u64) -> Option<Vec<u8>> {
        self.bytes(path, max).ok()
    }

    fn troubles(&self) -> &[Trouble] {
        &self.troubles
    }

    fn read(&self, wanted: &[Wanted], give: &mut Give<'_>) {
        for (number, file) in wanted.iter().enumerate() {
            if give(number, self.bytes(&file.path, file.size)) == More::Enough {
                return;
            }
        }
    }
}
