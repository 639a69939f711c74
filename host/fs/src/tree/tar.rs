//! A tar archive that is packed with gzip, as npm makes them. It can only be read from its beginning, so it is read twice:
//! once for its names, once for what is wanted of it.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _};

use flate2::read::MultiGzDecoder;
use tar::{Archive, EntryType};

use super::archive::{MAX_ENTRIES, MAX_NAMES, Unpackable, own_name};
use super::bounded_reader::{Allowance, Packed, Unpacked};
use super::index::Index;
use super::{Give, HEAD, More, Named, Reach, Stat, Tree, Trouble, Wanted, entry_path};
use crate::files::{Kind, Listing};
use tokio_util::sync::CancellationToken;

/// What the headers before one file may come to.
const HEADERS: u64 = 1 << 20;

/// Which entry a file is, and what is known of it.
#[derive(Debug)]
struct Packaged {
    number: usize,
    stat: Stat,
    head: Vec<u8>,
}

pub(super) struct TarTree {
    file: File,
    index: Index<Packaged>,
    prefix: String,
    name: String,
    troubles: Vec<Trouble>,
    cancel: CancellationToken,
}

type Source = Unpacked<MultiGzDecoder<BufReader<Packed<File>>>>;

/// One entry, as a visitor sees it. Reading from it is bounded by its size.
struct Seen<'s> {
    number: usize,
    name: Vec<u8>,
    size: u64,
    kind: EntryType,
    executable: bool,
    content: &'s mut dyn Read,
}

impl TarTree {
    pub(super) fn open(
        file: File,
        name: &str,
        cancel: &CancellationToken,
    ) -> Result<Self, Unpackable> {
        let mut tree = Self {
            file,
            index: Index::new(),
            prefix: String::new(),
            name: String::new(),
            troubles: Vec::new(),
            cancel: cancel.clone(),
        };
        let mut index = Index::new();
        let mut troubles = Vec::new();
        let mut names = 0;
        let walked = tree.walk(&mut |seen| {
            names += seen.name.len();
            if seen.number >= MAX_ENTRIES || names > MAX_NAMES {
                return Err(Unpackable::TooMany);
            }
            let shown = String::from_utf8_lossy(&seen.name).into_owned();
            if let Err(reason) = place(&mut index, seen)? {
                troubles.push(Trouble { path: shown, reason: reason.to_owned() });
            }
            Ok(More::Wanted)
        });
        match walked {
            Ok(()) => {}
            // What stands before the end of a broken archive would be unpacked too.
            Err(Unpackable::Malformed(reason)) => troubles.push(Trouble {
                path: String::new(),
                reason: format!("the archive cannot be read to its end: {reason}"),
            }),
            Err(other) => return Err(other),
        }
        let top = index.top();
        tree.prefix = top.map(|top| format!("{top}/")).unwrap_or_default();
        tree.name = own_name(top, name);
        tree.index = index;
        tree.troubles = troubles;
        Ok(tree)
    }

    /// Shows every entry, from the beginning.
    fn walk(
        &self,
        visit: &mut dyn FnMut(&mut Seen<'_>) -> Result<More, Unpackable>,
    ) -> Result<(), Unpackable> {
        let mut file = self.file.try_clone()?;
        file.rewind()?;
        let (packed, count) = Packed::new(file);
        let decoder = MultiGzDecoder::new(BufReader::new(packed));
        let (source, allowance) = Unpacked::new(decoder, count, self.cancel.clone());
        let mut archive = Archive::new(source);
        walk_entries(&mut archive, &allowance, visit)
    }

    fn full(&self, path: &str) -> String {
        format!("{}{path}", self.prefix).trim_end_matches('/').to_owned()
    }
}

fn walk_entries(
    archive: &mut Archive<Source>,
    allowance: &Allowance,
    visit: &mut dyn FnMut(&mut Seen<'_>) -> Result<More, Unpackable>,
) -> Result<(), Unpackable> {
    allowance.set(HEADERS);
    for (number, entry) in archive.entries()?.enumerate() {
        let mut entry = entry?;
        if entry.header().entry_type().is_gnu_sparse() {
            // What it would come to has nothing to do with what is in the archive.
            return Err(Unpackable::Malformed("it has a file with holes".to_owned()));
        }
        let (name, size) = (entry.path_bytes().into_owned(), entry.size());
        let kind = entry.header().entry_type();
        let executable = entry.header().mode().is_ok_and(|mode| mode & 0o111 != 0);
        // The content, and what fills its last block.
        allowance.set(size.saturating_add(HEADERS));
        let mut seen = Seen { number, name, size, kind, executable, content: &mut entry };
        if visit(&mut seen)? == More::Enough {
            return Ok(());
        }
        // To the end of the content, so that the next headers have an allowance of their own.
        io::copy(&mut entry, &mut io::sink())?;
        allowance.set(HEADERS);
    }
    Ok(())
}

/// Notes an entry; the inner error is what is wrong with this one.
fn place(
    index: &mut Index<Packaged>,
    seen: &mut Seen<'_>,
) -> Result<Result<(), &'static str>, Unpackable> {
    let path = match entry_path::path(&seen.name) {
        Ok(path) => path,
        Err(reason) => return Ok(Err(reason)),
    };
    Ok(match seen.kind {
        EntryType::Directory => index.add_directory(&path),
        EntryType::Regular | EntryType::Continuous => {
            let mut head = Vec::with_capacity(HEAD);
            (&mut *seen.content).take(HEAD as u64).read_to_end(&mut head)?;
            let stat = Stat { size: seen.size, executable: seen.executable };
            index.add_file(&path, Packaged { number: seen.number, stat, head })
        }
        EntryType::Symlink | EntryType::Link => index.add_other(&path, Kind::Symlink),
        // Not an entry but a note about the archive.
        EntryType::XGlobalHeader => Ok(()),
        _ => index.add_other(&path, Kind::Special),
    })
}

impl Tree for TarTree {
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
        Ok(self.index.file(&self.full(path)).map(|packaged| packaged.stat))
    }

    fn named(&self, path: &str, _reach: Reach) -> Result<Named, String> {
        Ok(self.stat(path)?.map_or(Named::Nothing, Named::File))
    }

    fn head(&self, path: &str) -> Result<Vec<u8>, String> {
        Ok(self.index.file(&self.full(path)).map(|file| file.head.clone()).unwrap_or_default())
    }

    fn small(&self, path: &str, max: u64) -> Option<Vec<u8>> {
        let size = self.stat(path).ok()??.size;
        let mut found = None;
        let wanted = [Wanted { path: path.to_owned(), size: size.min(max), reach: Reach::Inside }];
        self.read(&wanted, &mut |_, bytes| {
            found = bytes.ok();
            More::Enough
        });
        found
    }

    fn troubles(&self) -> &[Trouble] {
        &self.troubles
    }

    fn read(&self, wanted: &[Wanted], give: &mut Give<'_>) {
        let mut waiting: HashMap<usize, usize> = wanted
            .iter()
            .enumerate()
            .filter_map(|(at, file)| Some((self.index.file(&self.full(&file.path))?.number, at)))
            .collect();
        let mut more = More::Wanted;
        let walked = self.walk(&mut |seen| {
            let Some(at) = waiting.remove(&seen.number) else { return Ok(More::Wanted) };
            let Some(file) = wanted.get(at) else { return Ok(More::Wanted) };
            more = give(at, content(&self.full(&file.path), file.size, seen));
            Ok(if waiting.is_empty() { More::Enough } else { more })
        });
        if more == More::Enough {
            return;
        }
        let reason = match walked {
            Ok(()) => "it changed while it was scanned".to_owned(),
            Err(error) => error.to_string(),
        };
        let mut left: Vec<usize> = waiting.into_values().collect();
        left.sort_unstable();
        for at in left {
            if give(at, Err(reason.clone())) == More::Enough {
                return;
            }
        }
    }
}

/// The content of an entry, if it is still the one that was found.
fn content(path: &str, size: u64, seen: &mut Seen<'_>) -> Result<Vec<u8>, String> {
    if entry_path::path(&seen.name).as_deref() != Ok(path) || seen.size != size {
        return Err("it changed while it was scanned".to_owned());
    }
    let mut bytes = Vec::new();
    (&mut *seen.content).take(size).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 == size { Ok(bytes) } else { Err("the archive ends in it".to_owned()) }
}
