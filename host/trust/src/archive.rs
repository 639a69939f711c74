//! Module and envelope out of a `.zip` or `.tgz`, in memory; everything else in the archive is passed over. How archives
//! are read must not enter: chitin-fs does that.

use std::collections::BTreeMap;

use chitin_fs::tree::{ArchiveFormat, ExtractLimits, extract};

use super::package::is_module;
use super::{ENVELOPE_SUFFIX, MAX_MODULE};

pub use chitin_fs::tree::ExtractError as ArchiveError;

const LIMITS: ExtractLimits = ExtractLimits { entries: 1000, file: MAX_MODULE, total: 80 << 20 };

/// Modules and envelopes by name; none when the bytes are not an archive.
pub(super) fn unpack(bytes: &[u8]) -> Result<Option<BTreeMap<String, Vec<u8>>>, ArchiveError> {
    let Some(format) = ArchiveFormat::of(bytes) else { return Ok(None) };
    let is_wanted = |name: &str| is_module(name.strip_suffix(ENVELOPE_SUFFIX).unwrap_or(name));
    extract(format, bytes, LIMITS, is_wanted).map(Some)
}
