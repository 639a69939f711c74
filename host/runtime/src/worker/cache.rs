//! Machine code that workers made, kept in a private directory: so that a module is compiled once and not in every audit.
//!
//! Whoever else could write there could give a module other code, so a directory that is not private is not used. Against
//! chance there is a digest over the code and what it was made of: anything that does not fit is made anew. What lies
//! here is only ever loaded in a worker.

use std::ffi::OsString;
use std::hash::{Hash, Hasher};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use cap_std::fs::{Dir, Metadata, OpenOptions};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use wasmtime::Engine;

use super::protocol::MAX_BULK;
use chitin_fs::private_dir::{self, PrivateDir, PrivateDirError};

/// The last bytes of an entry; another layout has others.
const MAGIC: &[u8; 8] = b"chitin\0\x01";
const DIGEST: usize = 32;
const ENDING: &str = ".cwasm";

/// After so long an entry is made anew, so that nothing stays for ever.
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
        HEXLOWER.encode(&self.component) + &HEXLOWER.encode(engine) + ENDING
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
pub enum Place {
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
        place: &Place,
        audited: Vec<PathBuf>,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Option<Self> {
        let place = match place {
            Place::OfUser => PrivateDir::of_user(private_dir::CACHE, "compiled", variable)?,
            Place::At(path) => PrivateDir::at(path),
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
        Ok(read(&dir, &key.file()).and_then(|entry| checked(key, entry)))
    }

    /// Keeps what was made, whole or not at all.
    pub(super) fn store(&self, key: &Key, artifact: &[u8]) -> Result<(), PrivateDirError> {
        let audited: Vec<&Path> = self.audited.iter().map(PathBuf::as_path).collect();
        let dir = self.place.create(&audited)?;
        prune(&dir, SystemTime::now());
        write(&dir, key, artifact).map_err(|error| self.place.failed(error))
    }
}

/// The file of an entry; too large a one is none.
fn read(dir: &Dir, name: &str) -> Option<Vec<u8>> {
    // A link that leads out of the directory is not followed.
    let file = dir.open(name).ok()?;
    let most = (MAX_BULK + MAGIC.len() + DIGEST) as u64;
    let length = file.metadata().ok().filter(Metadata::is_file)?.len();
    if length > most {
        return None;
    }
    let mut entry = Vec::with_capacity(usize::try_from(length).ok()?);
    file.take(most).read_to_end(&mut entry).ok()?;
    Some(entry)
}

/// The artifact of an entry that is what was stored under this key.
fn checked(key: &Key, mut entry: Vec<u8>) -> Option<Vec<u8>> {
    // At the end, so that the artifact is not moved.
    let (rest, magic) = entry.split_last_chunk()?;
    let (artifact, digest) = rest.split_last_chunk()?;
    if magic != MAGIC || *digest != key.digest(artifact) {
        return None;
    }
    entry.truncate(artifact.len());
    Some(entry)
}

fn write(dir: &Dir, key: &Key, artifact: &[u8]) -> io::Result<()> {
    let name = key.file();
    // Two runs may store the same at the same time; each writes a file of its own, and the last one stays.
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|_| io::Error::other("no randomness"))?;
    let new = format!("{name}.{:016x}.new", u64::from_le_bytes(random));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    cap_std::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = dir.open_with(&new, &options)?;
    let written = file
        .write_all(artifact)
        .and_then(|()| file.write_all(&key.digest(artifact)))
        .and_then(|()| file.write_all(MAGIC))
        .and_then(|()| dir.rename(&new, dir, &name));
    if written.is_err() {
        let _stays = dir.remove_file(&new);
    }
    written
}

/// Forgets what is old. What cannot be removed stays.
fn prune(dir: &Dir, now: SystemTime) {
    let Some(oldest) = now.checked_sub(KEPT) else { return };
    for entry in dir.entries().into_iter().flatten().filter_map(Result::ok) {
        let time = entry.metadata().and_then(|found| found.modified());
        if time.is_ok_and(|time| time.into_std() < oldest) {
            let _stays = dir.remove_file(entry.file_name());
        }
    }
}

#[cfg(test)]
#[path = "cache/tests.rs"]
mod tests;
