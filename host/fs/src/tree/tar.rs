//! A tar archive that is packed with gzip, as npm makes them. It can only be read from its beginning, so it is read
//! twice: once for its names, once for the files that are wanted.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _};
use std::ops::ControlFlow;

use flate2::read::MultiGzDecoder;
use tar::{Archive, EntryType};
use tokio_util::sync::CancellationToken;

use super::bounded_reader::{Allowance, Packed, UnpackLimits, Unpacked};
use super::entry_path;
use super::error::{ArchiveError, EntryError, MAX_ENTRIES, MAX_NAMES, TreeError};
use super::index::Index;
use super::interface::{HEAD, Issue, LinkPolicy, Lookup, Stat, Tree, Visitor, Wanted};
use crate::bounded;
use crate::files::{FileKind, Listing};

/// What the headers before one file may take, in bytes.
const HEADERS: u64 = 1 << 20;

/// One entry, as it is shown to a visitor. Reading from it is bounded by its size.
pub(super) struct TarEntry<'e> {
    pub(super) number: usize,
    pub(super) name: Vec<u8>,
    pub(super) size: u64,
    pub(super) kind: EntryType,
    executable: bool,
    pub(super) content: &'e mut dyn Read,
}

/// Reads an archive once, from its beginning.
pub(super) struct TarReader<R: Read> {
    archive: Archive<Unpacked<MultiGzDecoder<BufReader<Packed<R>>>>>,
    allowance: Allowance,
}

impl<R: Read> TarReader<R> {
    pub(super) fn new(packed: R, limits: UnpackLimits, cancel: CancellationToken) -> Self {
        let (packed, count) = Packed::new(packed);
        let decoder = MultiGzDecoder::new(BufReader::new(packed));
        let (stream, allowance) = Unpacked::new(decoder, count, limits, cancel);
        Self { archive: Archive::new(stream), allowance }
    }

    /// Shows every entry, until the visitor breaks.
    pub(super) fn walk<E: From<ArchiveError>>(
        &mut self,
        visit: &mut dyn FnMut(&mut TarEntry<'_>) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        self.allowance.set(HEADERS);
        for (number, entry) in self.archive.entries().map_err(ArchiveError::from)?.enumerate() {
            let mut entry = entry.map_err(ArchiveError::from)?;
            if entry.header().entry_type().is_gnu_sparse() {
                // Its size has nothing to do with how many bytes are in the archive.
                return Err(ArchiveError::Malformed("it has a file with holes".to_owned()).into());
            }
            let (name, size) = (entry.path_bytes().into_owned(), entry.size());
            let kind = entry.header().entry_type();
            let executable = entry.header().mode().is_ok_and(|mode| mode & 0o111 != 0);
            // The content, and what fills its last block.
            self.allowance.set(size.saturating_add(HEADERS));
            let mut shown = TarEntry { number, name, size, kind, executable, content: &mut entry };
            if visit(&mut shown)?.is_break() {
                return Ok(());
            }
            // To the end of the content, so the next headers have an allowance of their own.
            io::copy(&mut entry, &mut io::sink()).map_err(ArchiveError::from)?;
            self.allowance.set(HEADERS);
        }
        Ok(())
    }

    /// Reads what follows the last entry, so damage there is found as well.
    pub(super) fn finish(self) -> Result<(), ArchiveError> {
        self.allowance.set(u64::MAX);
        io::copy(&mut self.archive.into_inner(), &mut io::sink())?;
        Ok(())
    }
}

/// Which entry a file is, and what is known of it.
#[derive(Debug)]
struct TarFile {
    number: usize,
    stat: Stat,
    head: Vec<u8>,
}

pub(super) struct TarTree {
    file: File,
    index: Index<TarFile>,
    prefix: String,
    name: String,
    issues: Vec<Issue>,
    cancel: CancellationToken,
}

impl TarTree {
    pub(super) fn open(
        file: File,
        name: &str,
        cancel: &CancellationToken,
    ) -> Result<Self, ArchiveError> {
        let mut index = Index::new();
        let mut issues = Vec::new();
        let mut names = 0;
        let walked = walk(&file, cancel, &mut |entry| {
            names += entry.name.len();
            if entry.number >= MAX_ENTRIES || names > MAX_NAMES {
                return Err(ArchiveError::TooMany);
            }
            let path = String::from_utf8_lossy(&entry.name).into_owned();
            if let Err(error) = add(&mut index, entry)? {
                issues.push(Issue { path, error });
            }
            Ok(ControlFlow::Continue(()))
        });
        // What is in front of the end of a broken archive would be unpacked too.
        let cut_short = |reason: String| Issue {
            path: String::new(),
            error: EntryError::ArchiveCutShort(reason),
        };
        match walked {
            Ok(()) => {}
            Err(ArchiveError::Malformed(reason)) => issues.push(cut_short(reason)),
            Err(ArchiveError::Limit(limit)) => issues.push(cut_short(limit.to_string())),
            Err(other) => return Err(other),
        }
        let (prefix, name) = (index.prefix(), index.own_name(name));
        Ok(Self { file, index, prefix, name, issues, cancel: cancel.clone() })
    }

    fn full(&self, path: &str) -> String {
        format!("{}{path}", self.prefix).trim_end_matches('/').to_owned()
    }
}

/// Shows every entry of a file, from its beginning.
fn walk(
    file: &File,
    cancel: &CancellationToken,
    visit: &mut dyn FnMut(&mut TarEntry<'_>) -> Result<ControlFlow<()>, ArchiveError>,
) -> Result<(), ArchiveError> {
    let mut file = file.try_clone()?;
    file.rewind()?;
    TarReader::new(file, UnpackLimits::SCAN, cancel.clone()).walk(visit)
}

/// Adds an entry to the index; the inner error is what is wrong with this one.
fn add(
    index: &mut Index<TarFile>,
    entry: &mut TarEntry<'_>,
) -> Result<Result<(), EntryError>, ArchiveError> {
    let path = match entry_path::parse(&entry.name) {
        Ok(path) => path,
        Err(error) => return Ok(Err(error)),
    };
    Ok(match entry.kind {
        EntryType::Directory => index.add_directory(&path),
        EntryType::Regular | EntryType::Continuous => {
            let head = bounded::head(&mut *entry.content, HEAD)?;
            let stat = Stat { size: entry.size, executable: entry.executable };
            index.add_file(&path, TarFile { number: entry.number, stat, head })
        }
        EntryType::Symlink | EntryType::Link => index.add_other(&path, FileKind::Symlink),
        // Not an entry but a note about the archive.
        EntryType::XGlobalHeader => Ok(()),
        _ => index.add_other(&path, FileKind::Special),
    })
}

impl Tree for TarTree {
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
        Ok(self.index.file(&self.full(path)).map(|file| file.head.clone()).unwrap_or_default())
    }

    fn small(&self, path: &str, max: u64) -> Option<Vec<u8>> {
        let size = self.stat(path).ok()??.size.min(max);
        let mut found = None;
        let wanted = [Wanted { path: path.to_owned(), size, links: LinkPolicy::StayInside }];
        self.read(&wanted, &mut |_, bytes| {
            found = bytes.ok();
            ControlFlow::Break(())
        });
        found
    }

    fn issues(&self) -> &[Issue] {
        &self.issues
    }

    fn read(&self, wanted: &[Wanted], visitor: &mut Visitor<'_>) {
        let mut waiting: HashMap<usize, usize> = wanted
            .iter()
            .enumerate()
            .filter_map(|(at, file)| Some((self.index.file(&self.full(&file.path))?.number, at)))
            .collect();
        let mut flow = ControlFlow::Continue(());
        let walked = walk(&self.file, &self.cancel, &mut |entry| {
            let Some(at) = waiting.remove(&entry.number) else { return Ok(flow) };
            let Some(file) = wanted.get(at) else { return Ok(flow) };
            flow = visitor(at, content(&self.full(&file.path), file.size, entry));
            Ok(if waiting.is_empty() { ControlFlow::Break(()) } else { flow })
        });
        if flow.is_break() {
            return;
        }
        let error = match walked {
            Ok(()) => TreeError::Changed,
            Err(error) => error.into(),
        };
        let mut left: Vec<usize> = waiting.into_values().collect();
        left.sort_unstable();
        for at in left {
            if visitor(at, Err(error.clone())).is_break() {
                return;
            }
        }
    }
}

/// The content of an entry, if it is still the one that was found.
fn content(path: &str, size: u64, entry: &mut TarEntry<'_>) -> Result<Vec<u8>, TreeError> {
    if entry_path::parse(&entry.name).as_deref() != Ok(path) || entry.size != size {
        return Err(TreeError::Changed);
    }
    let mut bytes = Vec::new();
    (&mut *entry.content)
        .take(size)
        .read_to_end(&mut bytes)
        .map_err(|error| TreeError::Unavailable(error.to_string()))?;
    if bytes.len() as u64 == size { Ok(bytes) } else { Err(TreeError::CutShort) }
}
