//! `modules.lock`: what is installed, byte for byte, and what was agreed to. Also what was installed once, so that an
//! old release does not come back through removing and adding.

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::verify::Verified;
use chitin_model::grants::Written as WrittenGrants;
use chitin_model::timestamp::Timestamp;

const SCHEMA: u32 = 1;
const HEAD: &str = "# Written by `chitin module`. A change by hand makes modules refused.\n";

/// An installed module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub id: String,
    pub publisher: String,
    pub version: String,
    digest: String,
    /// None when nobody vouched for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    pub added: String,
    pub rules: Vec<String>,
    #[serde(default)]
    pub grants: WrittenGrants,
}

/// A module that was installed once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Former {
    pub(super) id: String,
    pub(super) publisher: String,
    pub(super) digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sequence: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lock {
    schema: u32,
    #[serde(default, rename = "module", skip_serializing_if = "Vec::is_empty")]
    pub(super) modules: Vec<Entry>,
    #[serde(default, rename = "former", skip_serializing_if = "Vec::is_empty")]
    pub(super) former: Vec<Former>,
}

impl Default for Lock {
    fn default() -> Self {
        Self { schema: SCHEMA, modules: Vec::new(), former: Vec::new() }
    }
}

impl Lock {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let lock: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        if lock.schema != SCHEMA {
            return Err(format!("it is of version {}, not {SCHEMA}", lock.schema));
        }
        let mut ids: Vec<&str> = lock.modules.iter().map(|entry| entry.id.as_str()).collect();
        ids.extend(lock.former.iter().map(|former| former.id.as_str()));
        ids.sort_unstable();
        if let Some([twice, _]) = ids.array_windows().find(|[one, other]| one == other) {
            return Err(format!("the module {} stands in it twice", twice.escape_debug()));
        }
        let digests = lock.modules.iter().map(|entry| &entry.digest);
        let mut digests = digests.chain(lock.former.iter().map(|former| &former.digest));
        if digests.any(|digest| Digest::parse(digest).is_none()) {
            return Err("a digest in it is malformed".to_owned());
        }
        Ok(lock)
    }

    pub(super) fn to_toml(&self) -> Result<String, toml::ser::Error> {
        Ok(HEAD.to_owned() + &toml::to_string(self)?)
    }

    pub(super) fn entry(&self, id: &str) -> Option<&Entry> {
        self.modules.iter().find(|entry| entry.id == id)
    }

    /// Publisher, digest and sequence of a module that is or was installed.
    pub(super) fn known(&self, id: &str) -> Option<Former> {
        let installed = self.entry(id).map(Entry::former);
        installed.or_else(|| self.former.iter().find(|former| former.id == id).cloned())
    }

    pub(super) fn put(&mut self, entry: Entry) {
        self.drop_id(&entry.id.clone());
        self.modules.push(entry);
        self.modules.sort_by(|one, other| one.id.cmp(&other.id));
    }

    /// Takes a module out and keeps in mind that it was there.
    pub(super) fn retire(&mut self, id: &str) {
        if let Some(former) = self.known(id) {
            self.drop_id(id);
            self.former.push(former);
            self.former.sort_by(|one, other| one.id.cmp(&other.id));
        }
    }

    pub(super) fn drop_id(&mut self, id: &str) {
        self.modules.retain(|entry| entry.id != id);
        self.former.retain(|former| former.id != id);
    }
}

impl Entry {
    pub(super) fn of(module: &Verified, now: Timestamp) -> Self {
        let manifest = module.manifest();
        Self {
            id: manifest.id.clone(),
            publisher: manifest.publisher.clone(),
            version: manifest.version.clone(),
            digest: module.digest().to_string(),
            sequence: module.sequence(),
            added: now.to_string(),
            rules: manifest.rules.iter().map(|rule| rule.id.clone()).collect(),
            grants: manifest.grants.written(),
        }
    }

    /// Digests were checked when the lock was read.
    pub fn digest(&self) -> Option<Digest> {
        Digest::parse(&self.digest)
    }

    fn former(&self) -> Former {
        Former {
            id: self.id.clone(),
            publisher: self.publisher.clone(),
            digest: self.digest.clone(),
            sequence: self.sequence,
        }
    }
}
