//! The installed modules: one file and one envelope each, named by digest, and the lock that says which of them count.
//! A file that the lock does not name is nothing. The lock is written last, so an interrupted change changes nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use super::digest::Digest;
use super::dsse::MAX_ENVELOPE;
use super::error::Refusal;
pub use super::lock::Entry;
use super::lock::Lock;
use super::namespace::overlap;
use super::verify::{Judge, Verified};
use super::{ENVELOPE_SUFFIX, MAX_MODULE, Paths};
use chitin_fs::guarded::{self, DiskError};
use chitin_model::grants::Grants;
use chitin_model::grants::describe;
use chitin_model::timestamp::Timestamp;

const LOCK: &str = "modules.lock";
const MAX_LOCK: u64 = 4 << 20;

#[derive(Debug, Error)]
pub enum StoreError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("{path} cannot be read: {reason}. Remove it and add the modules again", path = .path.display())]
    Malformed { path: PathBuf, reason: String },
    #[error("there is no installed module `{0}`; `chitin module list` shows them")]
    NoModule(String),
    #[error("the lock cannot be written: {0}")]
    Unwritable(#[from] toml::ser::Error),
}

#[derive(Debug, Error)]
pub enum AddError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("the installed modules were changed meanwhile; try again")]
    Meanwhile,
}

impl From<DiskError> for AddError {
    fn from(error: DiskError) -> Self {
        Self::Store(error.into())
    }
}

/// What adding a module would come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Addition {
    New,
    /// This very module is installed.
    Again,
    /// Another release is, and this one asks for no more.
    Update,
    /// Another release is, and this one asks for more: in words.
    Wider(Vec<String>),
}

/// What is kept in mind of a module that is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    Keep,
    Forget,
}

#[derive(Debug, Clone)]
pub struct Store {
    path: PathBuf,
}

impl Store {
    pub fn new(paths: &Paths) -> Self {
        Self { path: paths.modules.clone() }
    }

    fn lock_path(&self) -> PathBuf {
        self.path.join(LOCK)
    }

    fn module_path(&self, digest: &Digest) -> PathBuf {
        self.path.join(format!("{}.wasm", digest.hex()))
    }

    fn lock(&self) -> Result<Lock, StoreError> {
        let path = self.lock_path();
        let Some(bytes) = guarded::read_guarded(&path, MAX_LOCK)? else {
            return Ok(Lock::default());
        };
        let malformed = |reason| StoreError::Malformed { path: path.clone(), reason };
        let text = String::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8".to_owned()))?;
        Lock::parse(&text).map_err(malformed)
    }

    /// What is installed, in id order, as far as the lock says.
    pub fn entries(&self) -> Result<Vec<Entry>, StoreError> {
        Ok(self.lock()?.modules)
    }

    /// What adding a module would come to, or why it must not be added.
    pub fn weigh(&self, module: &Verified) -> Result<Addition, AddError> {
        Ok(weigh(&self.lock()?, module)?)
    }

    /// Installs a module. `agreed` is what the operator was asked about.
    pub fn add(
        &self,
        module: &Verified,
        envelope: Option<&[u8]>,
        agreed: &Addition,
        now: Timestamp,
    ) -> Result<(), AddError> {
        guarded::make_private(&self.path)?;
        let _hold = guarded::hold(&self.path.join(".lock"))?;
        let mut lock = self.lock()?;
        if weigh(&lock, module)? != *agreed {
            return Err(AddError::Meanwhile);
        }
        let path = self.module_path(&module.digest());
        guarded::replace(&path, module.bytes())?;
        match envelope {
            Some(envelope) => guarded::replace(&envelope_path(&path), envelope)?,
            None => guarded::remove(&envelope_path(&path))?,
        }
        let mut entry = Entry::of(module, now);
        // Looking away once must not let an older release in later.
        let known = lock.known(&entry.id).and_then(|known| known.sequence);
        entry.sequence = entry.sequence.max(known);
        lock.put(entry);
        self.write(&lock)?;
        self.sweep(&lock);
        Ok(())
    }

    pub fn remove(&self, id: &str, memory: Memory) -> Result<(), StoreError> {
        let missing = || StoreError::NoModule(id.to_owned());
        if !guarded::is_directory(&self.path) {
            return Err(missing());
        }
        guarded::make_private(&self.path)?;
        let _hold = guarded::hold(&self.path.join(".lock"))?;
        let mut lock = self.lock()?;
        match memory {
            // What was removed before can still be forgotten.
            Memory::Forget => {
                lock.known(id).ok_or_else(missing)?;
                lock.drop_id(id);
            }
            Memory::Keep => {
                lock.entry(id).ok_or_else(missing)?;
                lock.retire(id);
            }
        }
        self.write(&lock)?;
        self.sweep(&lock);
        Ok(())
    }

    fn write(&self, lock: &Lock) -> Result<(), StoreError> {
        Ok(guarded::replace(&self.lock_path(), lock.to_toml()?.as_bytes())?)
    }

    /// Removes files of modules that the lock does not name. What cannot be removed counts for nothing anyway.
    fn sweep(&self, lock: &Lock) {
        let named: Vec<String> =
            lock.modules.iter().filter_map(Entry::digest).map(|digest| digest.hex()).collect();
        for name in guarded::names(&self.path).unwrap_or_default() {
            let stem = name.split_once(".wasm").map(|(stem, _)| stem);
            let is_ours = stem.is_some_and(|stem| Digest::of_hex(stem).is_some());
            if is_ours && !named.iter().any(|named| Some(named.as_str()) == stem) {
                let _stays = guarded::remove(&self.path.join(name));
            }
        }
    }

    /// Reads an installed module, once, and decides about it anew.
    pub(super) fn load(&self, entry: &Entry, judge: &Judge<'_>) -> Result<Verified, Refusal> {
        let unusable = |error: DiskError| Refusal::Store(error.to_string());
        let locked = entry.digest().ok_or(Refusal::NotAsAgreed)?;
        let path = self.module_path(&locked);
        let bytes: Arc<[u8]> = guarded::read_guarded(&path, MAX_MODULE)
            .map_err(unusable)?
            .ok_or(Refusal::Gone)?
            .into();
        let found = Digest::of(&bytes);
        if found != locked {
            return Err(Refusal::ChangedInStore { locked, found });
        }
        let envelope =
            guarded::read_guarded(&envelope_path(&path), MAX_ENVELOPE as u64).map_err(unusable)?;
        let module = judge.decide(&file_name(&path), bytes, envelope.as_deref())?;
        let now = Entry::of(&module, judge.now);
        let agreed = now.id == entry.id
            && now.publisher == entry.publisher
            && now.grants == entry.grants
            && now.rules == entry.rules;
        if !agreed {
            return Err(Refusal::NotAsAgreed);
        }
        match (entry.sequence, now.sequence) {
            (Some(known), Some(offered)) if offered < known => {
                Err(Refusal::Downgraded { known, offered })
            }
            _ => Ok(module),
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn envelope_path(module: &Path) -> PathBuf {
    let mut path = module.as_os_str().to_owned();
    path.push(ENVELOPE_SUFFIX);
    path.into()
}

/// Two modules cannot decide the same rule; the report would not know whose word counts.
pub(super) fn check_rules<'o>(
    module: &Verified,
    other: &str,
    rules: impl IntoIterator<Item = &'o str>,
) -> Result<(), Refusal> {
    for rule in rules {
        let own = module.manifest().rules.iter().find(|own| overlap(&own.id, rule));
        if let Some(own) = own {
            return Err(Refusal::RuleOfAnother { rule: own.id.clone(), module: other.to_owned() });
        }
    }
    Ok(())
}

fn weigh(lock: &Lock, module: &Verified) -> Result<Addition, Refusal> {
    let manifest = module.manifest();
    for entry in lock.modules.iter().filter(|entry| entry.id != manifest.id) {
        check_rules(module, &entry.id, entry.rules.iter().map(String::as_str))?;
    }
    let Some(known) = lock.known(&manifest.id) else { return Ok(Addition::New) };
    if known.publisher != manifest.publisher {
        let offered = manifest.publisher.clone();
        return Err(Refusal::OtherPublisher { known: known.publisher, offered });
    }
    let is_same = known.digest == module.digest().to_string();
    match (known.sequence, module.sequence()) {
        (Some(_), None) if !is_same => return Err(Refusal::SignatureLost),
        (Some(known), Some(offered)) if offered < known => {
            return Err(Refusal::Downgraded { known, offered });
        }
        (Some(known), Some(offered)) if offered == known && !is_same => {
            return Err(Refusal::Replaced(known));
        }
        _ => {}
    }
    let Some(entry) = lock.entry(&manifest.id) else { return Ok(Addition::New) };
    if is_same {
        return Ok(Addition::Again);
    }
    // What cannot be read was not agreed to.
    let agreed = entry.grants.parse().unwrap_or_else(|_| Grants::default());
    let beyond = manifest.grants.beyond(&agreed);
    Ok(if beyond.is_empty() { Addition::Update } else { Addition::Wider(describe::lines(&beyond)) })
}

#[cfg(test)]
mod tests;
