//! Takes wanted files out of an archive that is in memory. No entry's name becomes a path, so nothing can be written to
//! the wrong place. Whatever is wrong with a wanted file, or with the archive, is an error: this is for files that decide
//! what runs.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use rawzip::ZipArchive;
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use super::archive::ArchiveFormat;
use super::bounded_reader::UnpackLimits;
use super::error::{ArchiveError, TreeError, UnpackLimitError};
use super::tar::TarReader;
use super::zip::{self, ZipFile};
use crate::bounded::{self, BoundedReadError};

/// How much is taken out.
#[derive(Debug, Clone, Copy)]
pub struct ExtractLimits {
    /// Entries of the archive, wanted or not.
    pub entries: usize,
    /// Bytes of one wanted file.
    pub file: u64,
    /// Bytes of all wanted files together, and of a tar archive as a whole.
    pub total: u64,
}

/// Why nothing is taken out of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ExtractError {
    #[error("it is damaged, or of a kind that is not read")]
    Damaged,
    #[error("unpacked it is larger than {0} bytes")]
    TooLarge(u64),
    #[error("it has more than {0} entries")]
    TooMany(usize),
    #[error("it has two entries named {0}")]
    Duplicate(String),
    #[error("{0} in it is not a regular file")]
    NotRegular(String),
    #[error("{0} in it is encrypted, or packed in a way that is not read")]
    Method(String),
}

impl From<ArchiveError> for ExtractError {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Limit(UnpackLimitError::Size(limit)) => Self::TooLarge(limit),
            _ => Self::Damaged,
        }
    }
}

/// The wanted files of an archive, by the names that the archive gives them. A name that is not UTF-8 is not wanted.
pub fn extract(
    format: ArchiveFormat,
    bytes: &[u8],
    limits: ExtractLimits,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, Vec<u8>>, ExtractError> {
    let extraction = Extraction { limits, found: BTreeMap::new(), size: 0 };
    match format {
        ArchiveFormat::Zip => extraction.zip(bytes, &is_wanted),
        ArchiveFormat::TarGz => extraction.tar(bytes, &is_wanted),
    }
}

/// What has been taken out so far.
struct Extraction {
    limits: ExtractLimits,
    found: BTreeMap<String, Vec<u8>>,
    size: u64,
}

impl Extraction {
    /// How many bytes there may be more.
    fn left(&self) -> u64 {
        self.limits.total.saturating_sub(self.size)
    }

    fn put(&mut self, name: String, bytes: Vec<u8>) -> Result<(), ExtractError> {
        let length = bytes.len() as u64;
        if length > self.limits.file || length > self.left() {
            return Err(ExtractError::TooLarge(self.limits.total));
        }
        if self.found.contains_key(&name) {
            return Err(ExtractError::Duplicate(name));
        }
        self.size += length;
        self.found.insert(name, bytes);
        Ok(())
    }

    fn zip(
        mut self,
        bytes: &[u8],
        is_wanted: &dyn Fn(&str) -> bool,
    ) -> Result<BTreeMap<String, Vec<u8>>, ExtractError> {
        let archive = ZipArchive::from_slice(bytes).map_err(ArchiveError::from)?;
        let archive = archive.into_cursor_archive();
        let mut wanted = Vec::new();
        let mut count = 0;
        zip::walk(&archive, &mut |entry| {
            count += 1;
            if count > self.limits.entries {
                return Err(ExtractError::TooMany(self.limits.entries));
            }
            let path = entry.file_path();
            let Ok(name) = std::str::from_utf8(path.as_bytes()) else { return Ok(()) };
            if !is_wanted(name) {
                return Ok(());
            }
            let name = name.to_owned();
            if entry.is_dir() || entry.mode().is_symlink() {
                return Err(ExtractError::NotRegular(name));
            }
            if entry.flags().is_encrypted() {
                return Err(ExtractError::Method(name));
            }
            wanted.push((name, ZipFile::of(entry)));
            Ok(())
        })?;
        for (name, file) in wanted {
            let content = zip::read(&archive, &file, self.left()).map_err(|error| match error {
                TreeError::LargerThanStated => ExtractError::TooLarge(self.limits.total),
                TreeError::Method => ExtractError::Method(name.clone()),
                _ => ExtractError::Damaged,
            })?;
            self.put(name, content)?;
        }
        Ok(self.found)
    }

    fn tar(
        mut self,
        bytes: &[u8],
        is_wanted: &dyn Fn(&str) -> bool,
    ) -> Result<BTreeMap<String, Vec<u8>>, ExtractError> {
        let limits = UnpackLimits { size: self.limits.total, ratio: u64::MAX };
        let mut reader = TarReader::new(bytes, limits, CancellationToken::new());
        reader.walk(&mut |entry| {
            if entry.number >= self.limits.entries {
                return Err(ExtractError::TooMany(self.limits.entries));
            }
            let name = std::str::from_utf8(&entry.name).ok().filter(|name| is_wanted(name));
            let Some(name) = name.map(str::to_owned) else { return Ok(ControlFlow::Continue(())) };
            if !entry.kind.is_file() {
                return Err(ExtractError::NotRegular(name));
            }
            let content =
                bounded::read(&mut *entry.content, self.left()).map_err(|error| match error {
                    BoundedReadError::TooLarge(_) => ExtractError::TooLarge(self.limits.total),
                    BoundedReadError::Failed(error) => ArchiveError::from(error).into(),
                    BoundedReadError::NotRegular => ExtractError::Damaged,
                })?;
            self.put(name, content)?;
            Ok(ControlFlow::Continue(()))
        })?;
        reader.finish()?;
        Ok(self.found)
    }
}

#[cfg(test)]
mod tests;
