//! Machine code that workers made, kept in a private directory: so that a module is compiled once and not in every audit.
//!
//! Anyone else who could write there could give a module other code, so a directory that is not private is not used. Against
//! chance there is a digest over the code and what it was made of: anything that does not fit is made anew. What lies
//! here is only ever loaded in a worker.

use std::ffi::OsString;
use std::hash::{Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};
use wasmtime::Engine;

use super::protocol::MAX_BULK;
use chitin_fs::bounded;
use chitin_fs::hash::hex;
use chitin_fs::private_dir::{self, PrivateDir, PrivateDirError};
use chitin_fs::replace::{Durability, replace};

/// The last bytes of an entry; another layout has others.
const MAGIC: &[u8; 8] = b"chitin\0\x01";
const DIGEST: usize = 32;
const ENDING: &str = ".cwasm";
/// An entry is an artifact, its digest and the magic bytes.
const MAX_ENTRY: u64 = (MAX_BULK + MAGIC.len() + DIGEST) as u64;

/// After so long an entry is made anew, so nothing stays for ever.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// What machine code was made of: the component, and all of the engine that decides how it comes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    component: [u8; DIGEST],
    engine: [u8; DIGEST],
}

impl Key {
    pub(super) fn of(component: &[u8], engine: &Engine) -> Self {
        let mut hasher = EngineHasher(Sha256::new());
        engine.precompile_compatibility_hash().hash(&mut hasher);
        Self { component: Sha256::digest(component).into(), engine: hasher.0.finalize().into() }
    }

    fn file(&self) -> String {
        // A name need not be longer than it takes to be one of its kind; the entry itself is bound to the whole key.
        let (engine, _) = self.engine.split_at(8);
        hex(&self.component) + &hex(engine) + ENDING
    }

    fn digest(&self, artifact: &[u8]) -> [u8; DIGEST] {
        let mut digest = Sha256::new();
        for part in [&self.component, &self.engine, artifact] {
            digest.update(part);
        }
        digest.finalize().into()
    }
}

/// The engine tells what it is to a hasher of the standard library only.
struct EngineHasher(Sha256);

impl Hasher for EngineHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let digest = self.0.clone().finalize();
        digest.first_chunk().map_or(0, |head| u64::from_le_bytes(*head))
    }
}

/// Where machine code is kept.
#[derive(Debug, Clone, Default)]
pub enum CacheDir {
    /// `$XDG_CACHE_HOME/chitin/compiled`, or below `~/.cache`.
    #[default]
    OfUser,
    At(PathBuf),
}

/// The cache of one run.
#[derive(Debug)]
pub(super) struct Cache {
    place: PrivateDir,
    audited: Vec<PathBuf>,
}

impl Cache {
    /// None without a home directory.
    pub(super) fn new(
        place: &CacheDir,
        audited: Vec<PathBuf>,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Option<Self> {
        let place = match place {
            CacheDir::OfUser => PrivateDir::of_user(private_dir::CACHE, "compiled", variable)?,
            CacheDir::At(path) => PrivateDir::at(path),
        };
        Some(Self { place, audited })
    }

    /// What was made before. None if there is nothing, or nothing that is whole.
    pub(super) fn load(&self, key: &Key) -> Result<Option<Vec<u8>>, PrivateDirError> {
        let dir = match self.place.open() {
            Err(PrivateDirError::Failed { error, .. })
                if error.kind() == io::ErrorKind::NotFound =>
            {
                return Ok(None);
            }
            dir => dir?,
        };
        // A link that leads out of the directory is not followed, and a file that is too large is not an entry.
        let read = bounded::open_below(&dir, key.file())
            .map_err(Into::into)
            .and_then(|file| bounded::read_file(file, MAX_ENTRY));
        Ok(read.ok().and_then(|entry| checked(key, entry)))
    }

    /// Keeps what was made, whole or not at all.
    pub(super) fn store(&self, key: &Key, artifact: &[u8]) -> Result<(), PrivateDirError> {
        let audited: Vec<&Path> = self.audited.iter().map(PathBuf::as_path).collect();
        let dir = self.place.create(&audited)?;
        if let Some(oldest) = SystemTime::now().checked_sub(KEPT) {
            private_dir::remove_older(&dir, oldest);
        }
        let parts = [artifact, &key.digest(artifact), MAGIC];
        replace(&dir, key.file(), &parts, Durability::Cached)
            .map_err(|error| self.place.failed(error))
    }
}

/// The artifact of an entry that is what was stored under this key.
fn checked(key: &Key, mut entry: Vec<u8>) -> Option<Vec<u8>> {
    // At the end, so the artifact is not moved.
    let (rest, magic) = entry.split_last_chunk()?;
    let (artifact, digest) = rest.split_last_chunk()?;
    if magic != MAGIC || *digest != key.digest(artifact) {
        return None;
    }
    entry.truncate(artifact.len());
    Some(entry)
}

#[cfg(test)]
#[path = "cache/tests.rs"]
mod tests;
