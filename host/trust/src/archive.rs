//! Module and envelope out of a `.zip` or `.tgz`, in memory. No entry's name becomes a path, so there is nothing that
//! could be written to the wrong place; everything else in the archive is passed over.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::{DeflateDecoder, GzDecoder};
use thiserror::Error;

use super::package::{ENVELOPE_SUFFIX, MAX_MODULE, is_module};

const MAX_ENTRIES: usize = 1000;
/// Of all that is taken out together, and of a tar before it is taken apart.
const MAX_UNPACKED: usize = 80 << 20;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ArchiveError {
    #[error("it is damaged, or of a kind that is not read")]
    Damaged,
    #[error("unpacked it is larger than {MAX_UNPACKED} bytes")]
    TooLarge,
    #[error("it has more than {MAX_ENTRIES} entries")]
    TooMany,
    #[error("it has two entries named {0}")]
    Twice(String),
    #[error("{0} in it is no regular file")]
    NotRegular(String),
    #[error("{0} in it is encrypted, or packed in a way that is not read")]
    Method(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Zip,
    TarGz,
}

/// By its first bytes; a component's are others.
pub(super) fn kind(bytes: &[u8]) -> Option<Kind> {
    if bytes.starts_with(b"PK") {
        Some(Kind::Zip)
    } else if bytes.starts_with(&[0x1f, 0x8b]) {
        Some(Kind::TarGz)
    } else {
        None
    }
}

/// Modules and envelopes by name.
pub(super) type Found = BTreeMap<String, Vec<u8>>;

pub(super) fn unpack(kind: Kind, bytes: &[u8]) -> Result<Found, ArchiveError> {
    match kind {
        Kind::Zip => zip(bytes),
        Kind::TarGz => tar(&unpacked(GzDecoder::new(bytes), MAX_UNPACKED)?),
    }
}

fn is_wanted(name: &str) -> bool {
    is_module(name.strip_suffix(ENVELOPE_SUFFIX).unwrap_or(name))
}

/// What was found so far, and how much more there may be.
#[derive(Default)]
struct Taken {
    found: Found,
    size: usize,
}

impl Taken {
    fn left(&self) -> usize {
        MAX_UNPACKED.saturating_sub(self.size)
    }

    fn put(&mut self, name: String, bytes: Vec<u8>) -> Result<(), ArchiveError> {
        self.size = self.size.saturating_add(bytes.len());
        if bytes.len() as u64 > MAX_MODULE || self.size > MAX_UNPACKED {
            return Err(ArchiveError::TooLarge);
        }
        if self.found.contains_key(&name) {
            return Err(ArchiveError::Twice(name));
        }
        self.found.insert(name, bytes);
        Ok(())
    }
}

/// All that comes out of something packed, if it is not too much.
fn unpacked(packed: impl Read, limit: usize) -> Result<Vec<u8>, ArchiveError> {
    let mut content = Vec::new();
    let most = limit as u64 + 1;
    packed.take(most).read_to_end(&mut content).map_err(|_| ArchiveError::Damaged)?;
    if content.len() > limit { Err(ArchiveError::TooLarge) } else { Ok(content) }
}

fn zip(bytes: &[u8]) -> Result<Found, ArchiveError> {
    let damaged = |_| ArchiveError::Damaged;
    let archive = rawzip::ZipArchive::from_slice(bytes).map_err(damaged)?;
    let mut taken = Taken::default();
    let mut entries = archive.entries();
    let mut count = 0;
    while let Some(entry) = entries.next_entry().map_err(damaged)? {
        count += 1;
        if count > MAX_ENTRIES {
            return Err(ArchiveError::TooMany);
        }
        let path = entry.file_path();
        let Ok(name) = std::str::from_utf8(path.as_ref()) else { continue };
        if !is_wanted(name) {
            continue;
        }
        let name = name.to_owned();
        if entry.is_dir() || entry.mode().is_symlink() {
            return Err(ArchiveError::NotRegular(name));
        }
        if entry.flags().is_encrypted() {
            return Err(ArchiveError::Method(name));
        }
        let packed = archive.get_entry(entry.wayfinder()).map_err(damaged)?;
        let content = match entry.compression_method() {
            rawzip::CompressionMethod::STORE if packed.data().len() <= taken.left() => {
                packed.data().to_vec()
            }
            rawzip::CompressionMethod::STORE => return Err(ArchiveError::TooLarge),
            rawzip::CompressionMethod::DEFLATE => {
                unpacked(DeflateDecoder::new(packed.data()), taken.left())?
            }
            _ => return Err(ArchiveError::Method(name)),
        };
        let is_there = rawzip::ZipVerification {
            crc: rawzip::crc32(&content),
            uncompressed_size: content.len() as u64,
        };
        packed.claim_verifier().valid(is_there).map_err(damaged)?;
        taken.put(name, content)?;
    }
    Ok(taken.found)
}

fn tar(bytes: &[u8]) -> Result<Found, ArchiveError> {
    let damaged = |_| ArchiveError::Damaged;
    let mut archive = tar::Archive::new(bytes);
    let mut taken = Taken::default();
    for (count, entry) in archive.entries().map_err(damaged)?.enumerate() {
        if count >= MAX_ENTRIES {
            return Err(ArchiveError::TooMany);
        }
        let mut entry = entry.map_err(damaged)?;
        let name = entry.path_bytes().into_owned();
        let Ok(name) = String::from_utf8(name) else { continue };
        if !is_wanted(&name) {
            continue;
        }
        if !entry.header().entry_type().is_file() {
            return Err(ArchiveError::NotRegular(name));
        }
        let content = unpacked(&mut entry, taken.left())?;
        taken.put(name, content)?;
    }
    Ok(taken.found)
}

#[cfg(test)]
mod tests;
