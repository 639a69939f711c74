//! `modules.lock`: the digest of each installed module, and what the operator agreed to. Also which modules were
//! installed once, so removing a module and adding it again does not bring an old release back.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::digest::Digest;
use super::verify::VerifiedModule;
use chitin_model::grants::RawGrants;
use chitin_model::timestamp::Timestamp;

const SCHEMA: u32 = 1;
const HEADER: &str =
    "# Written by `chitin module`. Modules whose entries are edited by hand are refused.\n";

#[derive(Debug, Error)]
pub enum LockError {
    #[error("it is not UTF-8")]
    NotUtf8,
    #[error(transparent)]
    Syntax(#[from] toml::de::Error),
    #[error("its schema is {0}, and this program reads schema {SCHEMA}")]
    WrongSchema(u32),
    #[error("the module {0} is in it twice")]
    Duplicate(String),
    #[error("it contains a malformed digest")]
    Digest,
}

/// An installed module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockEntry {
    pub id: String,
    pub publisher: String,
    pub version: String,
    digest: String,
    /// None when it was installed without a valid signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    pub added: String,
    pub rules: Vec<String>,
    #[serde(default)]
    pub grants: RawGrants,
}

/// What is kept of a module that was removed: enough to refuse an older release of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tombstone {
    pub(super) id: String,
    pub(super) publisher: String,
    pub(super) digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sequence: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LockFile {
    schema: u32,
    #[serde(default, rename = "module", skip_serializing_if = "Vec::is_empty")]
    pub(super) modules: Vec<LockEntry>,
    #[serde(default, rename = "former", skip_serializing_if = "Vec::is_empty")]
    pub(super) tombstones: Vec<Tombstone>,
}

impl Default for LockFile {
    fn default() -> Self {
        Self { schema: SCHEMA, modules: Vec::new(), tombstones: Vec::new() }
    }
}

impl LockFile {
    pub(super) fn parse(text: &str) -> Result<Self, LockError> {
        let lock: Self = toml::from_str(text)?;
        if lock.schema != SCHEMA {
            return Err(LockError::WrongSchema(lock.schema));
        }
        let mut ids: Vec<&str> = lock.modules.iter().map(|entry| entry.id.as_str()).collect();
        ids.extend(lock.tombstones.iter().map(|tombstone| tombstone.id.as_str()));
        ids.sort_unstable();
        if let Some([twice, _]) = ids.array_windows().find(|[one, other]| one == other) {
            return Err(LockError::Duplicate(twice.escape_debug().to_string()));
        }
        let digests = lock.modules.iter().map(|entry| &entry.digest);
        let mut digests = digests.chain(lock.tombstones.iter().map(|tombstone| &tombstone.digest));
        if digests.any(|digest| Digest::parse(digest).is_none()) {
            return Err(LockError::Digest);
        }
        Ok(lock)
    }

    pub(super) fn to_toml(&self) -> Result<String, toml::ser::Error> {
        Ok(HEADER.to_owned() + &toml::to_string(self)?)
    }

    pub(super) fn entry(&self, id: &str) -> Option<&LockEntry> {
        self.modules.iter().find(|entry| entry.id == id)
    }

    /// Publisher, digest and sequence number of a module that is or was installed.
    pub(super) fn last_known(&self, id: &str) -> Option<Tombstone> {
        let installed = self.entry(id).map(LockEntry::tombstone);
        installed.or_else(|| self.tombstones.iter().find(|tombstone| tombstone.id == id).cloned())
    }

    pub(super) fn insert(&mut self, entry: LockEntry) {
        self.forget(&entry.id.clone());
        self.modules.push(entry);
        self.modules.sort_by(|one, other| one.id.cmp(&other.id));
    }

    /// Removes a module and keeps its tombstone.
    pub(super) fn remove(&mut self, id: &str) {
        if let Some(tombstone) = self.last_known(id) {
            self.forget(id);
            self.tombstones.push(tombstone);
            self.tombstones.sort_by(|one, other| one.id.cmp(&other.id));
        }
    }

    /// Removes a module and its tombstone.
    pub(super) fn forget(&mut self, id: &str) {
        self.modules.retain(|entry| entry.id != id);
        self.tombstones.retain(|tombstone| tombstone.id != id);
    }
}

impl LockEntry {
    pub(super) fn of(module: &VerifiedModule, now: Timestamp) -> Self {
        let manifest = module.manifest();
        Self {
            id: manifest.id.clone(),
            publisher: manifest.publisher.clone(),
            version: manifest.version.clone(),
            digest: module.digest().to_string(),
            sequence: module.sequence(),
            added: now.to_string(),
            rules: manifest.rules.iter().map(|rule| rule.id.clone()).collect(),
            grants: manifest.grants.to_raw(),
        }
    }

    /// None is impossible in an entry that was read: [`LockFile::parse`] checks digests.
    pub fn digest(&self) -> Option<Digest> {
        Digest::parse(&self.digest)
    }

    fn tombstone(&self) -> Tombstone {
        Tombstone {
            id: self.id.clone(),
            publisher: self.publisher.clone(),
            digest: self.digest.clone(),
            sequence: self.sequence,
        }
    }
}
