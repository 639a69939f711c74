//! The installed modules: one file and one envelope each, named by digest, and the lock file that says which of them
//! count. A file without an entry in the lock is ignored. The lock is written last, so an interrupted change has no effect.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use super::digest::Digest;
use super::dsse::MAX_ENVELOPE;
use super::error::VerifyError;
use super::lock::{LockEntry, LockError, LockFile};
use super::namespace::patterns_overlap;
use super::package::{MAX_MODULE, envelope_path};
use super::paths::Paths;
use super::verify::{VerifiedModule, Verifier};
use chitin_fs::guarded::{self, GuardedFileError};
use chitin_model::grants::Grants;
use chitin_model::grants::describe;
use chitin_model::timestamp::Timestamp;

const LOCK_FILE: &str = "modules.lock";
const MAX_LOCK_FILE: u64 = 4 << 20;
/// Held while the store is changed, so two runs of this program do not change it at the same time.
const MUTEX_FILE: &str = ".lock";

#[derive(Debug, Error)]
pub enum StoreError {
    #[error(transparent)]
    Disk(#[from] GuardedFileError),
    #[error("{path} cannot be read: {reason}. Remove it and add the modules again", path = .path.display())]
    Malformed { path: PathBuf, reason: LockError },
    #[error("there is no installed module `{0}`; `chitin module list` shows the installed ones")]
    NoModule(String),
    #[error("modules.lock cannot be written: {0}")]
    Unwritable(#[from] toml::ser::Error),
}

#[derive(Debug, Error)]
pub enum InstallError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Refused(#[from] VerifyError),
    #[error("another run changed the installed modules in the meantime; try again")]
    Conflict,
}

impl From<GuardedFileError> for InstallError {
    fn from(error: GuardedFileError) -> Self {
        Self::Store(error.into())
    }
}

/// What installing a module would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InstallPlan {
    New,
    /// This release is installed already.
    AlreadyInstalled,
    /// It replaces a release that asked for as much or more.
    Update,
    /// It replaces a release that asked for less: what it asks for beyond that, in words.
    Widened(Vec<String>),
}

/// Whether removing a module leaves a tombstone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// An older release, or one of another publisher, stays refused.
    KeepTombstone,
    Forget,
}

/// The directory of installed modules.
#[derive(Debug, Clone)]
pub struct Store {
    path: PathBuf,
}

impl Store {
    pub fn new(paths: &Paths) -> Self {
        Self { path: paths.modules.clone() }
    }

    fn lock_path(&self) -> PathBuf {
        self.path.join(LOCK_FILE)
    }

    fn module_path(&self, digest: &Digest) -> PathBuf {
        self.path.join(format!("{}.wasm", digest.hex()))
    }

    fn read_lock(&self) -> Result<LockFile, StoreError> {
        let path = self.lock_path();
        let Some(bytes) = guarded::read_guarded(&path, MAX_LOCK_FILE)? else {
            return Ok(LockFile::default());
        };
        String::from_utf8(bytes)
            .map_err(|_| LockError::NotUtf8)
            .and_then(|text| LockFile::parse(&text))
            .map_err(|reason| StoreError::Malformed { path, reason })
    }

    /// The installed modules in id order, as the lock file has them. Nothing is verified.
    pub fn entries(&self) -> Result<Vec<LockEntry>, StoreError> {
        Ok(self.read_lock()?.modules)
    }

    /// What installing a module would change, or why it is refused.
    pub fn plan_install(&self, module: &VerifiedModule) -> Result<InstallPlan, InstallError> {
        Ok(plan_install(&self.read_lock()?, module)?)
    }

    /// Installs a module. `agreed` is the plan that the operator agreed to.
    pub fn add(
        &self,
        module: &VerifiedModule,
        envelope: Option<&[u8]>,
        agreed: &InstallPlan,
        now: Timestamp,
    ) -> Result<(), InstallError> {
        guarded::make_private(&self.path)?;
        let _guard = guarded::lock_file(&self.path.join(MUTEX_FILE))?;
        let mut lock = self.read_lock()?;
        if plan_install(&lock, module)? != *agreed {
            return Err(InstallError::Conflict);
        }
        let path = self.module_path(&module.digest());
        guarded::replace(&path, module.bytes())?;
        match envelope {
            Some(envelope) => guarded::replace(&envelope_path(&path), envelope)?,
            None => guarded::remove(&envelope_path(&path))?,
        }
        let mut entry = LockEntry::of(module, now);
        // Installing once under a looser policy must not make a later downgrade possible.
        let known = lock.last_known(&entry.id).and_then(|known| known.sequence);
        entry.sequence = entry.sequence.max(known);
        lock.insert(entry);
        self.write_lock(&lock)?;
        self.gc(&lock);
        Ok(())
    }

    pub fn remove(&self, id: &str, removal: Removal) -> Result<(), StoreError> {
        let missing = || StoreError::NoModule(id.to_owned());
        if !guarded::is_directory(&self.path) {
            return Err(missing());
        }
        guarded::make_private(&self.path)?;
        let _guard = guarded::lock_file(&self.path.join(MUTEX_FILE))?;
        let mut lock = self.read_lock()?;
        match removal {
            // A module that was removed before can still be forgotten.
            Removal::Forget => {
                lock.last_known(id).ok_or_else(missing)?;
                lock.forget(id);
            }
            Removal::KeepTombstone => {
                lock.entry(id).ok_or_else(missing)?;
                lock.remove(id);
            }
        }
        self.write_lock(&lock)?;
        self.gc(&lock);
        Ok(())
    }

    fn write_lock(&self, lock: &LockFile) -> Result<(), StoreError> {
        Ok(guarded::replace(&self.lock_path(), lock.to_toml()?.as_bytes())?)
    }

    /// Removes module files without an entry in the lock. One that cannot be removed is ignored anyway.
    fn gc(&self, lock: &LockFile) {
        let used: Vec<String> =
            lock.modules.iter().filter_map(LockEntry::digest).map(|digest| digest.hex()).collect();
        for name in guarded::names(&self.path).unwrap_or_default() {
            let stem = name.split_once(".wasm").map(|(stem, _)| stem);
            let is_module_file = stem.is_some_and(|stem| Digest::of_hex(stem).is_some());
            if is_module_file && !used.iter().any(|used| Some(used.as_str()) == stem) {
                let _stays = guarded::remove(&self.path.join(name));
            }
        }
    }

    /// Reads an installed module, once, and verifies it again.
    pub(super) fn load(
        &self,
        entry: &LockEntry,
        verifier: &Verifier<'_>,
    ) -> Result<VerifiedModule, VerifyError> {
        let unusable = |error: GuardedFileError| VerifyError::FileUnusable(error.to_string());
        let locked = entry.digest().ok_or(VerifyError::LockMismatch)?;
        let path = self.module_path(&locked);
        let bytes: Arc<[u8]> = guarded::read_guarded(&path, MAX_MODULE)
            .map_err(unusable)?
            .ok_or(VerifyError::FileMissing)?
            .into();
        let found = Digest::of(&bytes);
        if found != locked {
            return Err(VerifyError::FileModified { locked, found });
        }
        let envelope =
            guarded::read_guarded(&envelope_path(&path), MAX_ENVELOPE as u64).map_err(unusable)?;
        let module = verifier.verify(&file_name(&path), bytes, envelope.as_deref())?;
        let now = LockEntry::of(&module, verifier.now);
        let agreed = now.id == entry.id
            && now.publisher == entry.publisher
            && now.grants == entry.grants
            && now.rules == entry.rules;
        if !agreed {
            return Err(VerifyError::LockMismatch);
        }
        match (entry.sequence, now.sequence) {
            (Some(known), Some(offered)) if offered < known => {
                Err(VerifyError::Downgrade { known, offered })
            }
            _ => Ok(module),
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Refuses a module whose rules overlap those of another one: a finding's id must say which module made it.
pub(super) fn check_rule_conflicts<'o>(
    module: &VerifiedModule,
    other: &str,
    rules: impl IntoIterator<Item = &'o str>,
) -> Result<(), VerifyError> {
    for rule in rules {
        let own = module.manifest().rules.iter().find(|own| patterns_overlap(&own.id, rule));
        if let Some(own) = own {
            return Err(VerifyError::RuleConflict {
                rule: own.id.clone(),
                module: other.to_owned(),
            });
        }
    }
    Ok(())
}

fn plan_install(lock: &LockFile, module: &VerifiedModule) -> Result<InstallPlan, VerifyError> {
    let manifest = module.manifest();
    for entry in lock.modules.iter().filter(|entry| entry.id != manifest.id) {
        check_rule_conflicts(module, &entry.id, entry.rules.iter().map(String::as_str))?;
    }
    let Some(known) = lock.last_known(&manifest.id) else { return Ok(InstallPlan::New) };
    if known.publisher != manifest.publisher {
        let offered = manifest.publisher.clone();
        return Err(VerifyError::PublisherChanged { known: known.publisher, offered });
    }
    let is_same = known.digest == module.digest().to_string();
    match (known.sequence, module.sequence()) {
        (Some(_), None) if !is_same => return Err(VerifyError::SignatureRemoved),
        (Some(known), Some(offered)) if offered < known => {
            return Err(VerifyError::Downgrade { known, offered });
        }
        (Some(known), Some(offered)) if offered == known && !is_same => {
            return Err(VerifyError::SequenceReused(known));
        }
        _ => {}
    }
    let Some(entry) = lock.entry(&manifest.id) else { return Ok(InstallPlan::New) };
    if is_same {
        return Ok(InstallPlan::AlreadyInstalled);
    }
    // Grants that cannot be read were not agreed to.
    let agreed = entry.grants.parse().unwrap_or_else(|_| Grants::default());
    let beyond = manifest.grants.beyond(&agreed);
    Ok(if beyond.is_empty() {
        InstallPlan::Update
    } else {
        InstallPlan::Widened(describe::lines(&beyond))
    })
}

#[cfg(test)]
mod tests;
