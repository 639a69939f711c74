//! Records of what was installed from where, for plugins and hook packs.
//!
//! They have moved from release to release: from the config to an index file to the state database. All places that
//! exist are read and merged by id; what OpenClaw 2026.9.6 finds in its npm folder without a record is added.

mod inferred;
mod recorded;
#[cfg(test)]
#[cfg(unix)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json;
use super::text::non_blank;
use crate::facts::FactError;
use crate::facts::database::StateDatabase;
use crate::root_names::STATE_ROOT;
use chitin_fs::files::{FilesError, Roots};
use inferred::PackagesError;
use recorded::StoreError;

const MAX_MANIFEST_BYTES: u64 = 1024 * 1024;

/// What was installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstallKind {
    Plugin,
    Hook,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct InstallRecord {
    pub id: String,
    pub source: String,
    pub spec: Option<String>,
    pub integrity: Option<String>,
    /// The version that the record says was installed.
    pub recorded_version: Option<String>,
    /// The version in the installed package's own manifest, where that is in the state directory.
    pub installed_version: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct InstallRecords {
    /// In id order.
    pub records: Vec<InstallRecord>,
    /// Stores of records that exist and could not be read, with the reason.
    pub unreadable: Vec<String>,
}

/// A record as it is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Record {
    source: String,
    spec: Option<String>,
    integrity: Option<String>,
    version: Option<String>,
    install_path: Option<String>,
}

type RecordMap = BTreeMap<String, Record>;

/// `in_config` is the value of `plugins.installs` or `hooks.internal.installs`. Never fails as a whole: what cannot be
/// read is named in the result.
pub fn install_records(
    kind: InstallKind,
    in_config: Option<&Value>,
    roots: &Roots,
    database: &StateDatabase,
) -> InstallRecords {
    let mut unreadable = Vec::new();
    let mut records = in_config.map(recorded::lenient).unwrap_or_default();
    for store in recorded::stores(kind, roots, database) {
        match store {
            Ok(map) => records.extend(map),
            Err(StoreError::Fact(FactError::NotHere(_))) => {}
            Err(error) => unreadable.push(error.to_string()),
        }
    }
    if kind == InstallKind::Plugin {
        match inferred::packages(roots) {
            Ok(packages) => inferred::merge(&mut records, packages, roots),
            Err(PackagesError::List(FilesError::Absent(_))) => {}
            Err(error) => unreadable.push(error.to_string()),
        }
    }
    let records =
        records.into_iter().map(|(id, record)| completed(kind, id, record, roots)).collect();
    InstallRecords { records, unreadable }
}

fn completed(kind: InstallKind, id: String, record: Record, roots: &Roots) -> InstallRecord {
    let installed_version = package_path(kind, &id, &record, roots)
        .and_then(|path| manifest_version(&manifest(roots, &path)?));
    InstallRecord {
        id,
        source: record.source,
        spec: record.spec,
        integrity: record.integrity,
        recorded_version: record.version,
        installed_version,
    }
}

/// Below the state directory. None for a record that names a path elsewhere: nothing is read there.
fn package_path(kind: InstallKind, id: &str, record: &Record, roots: &Roots) -> Option<String> {
    match (&record.install_path, kind) {
        (Some(path), _) => roots.relative(STATE_ROOT, path.as_ref()),
        (None, InstallKind::Plugin) => Some(format!("extensions/{id}")),
        (None, InstallKind::Hook) => Some(format!("hooks/{id}")),
    }
}

fn manifest(roots: &Roots, package: &str) -> Option<Value> {
    json_object(roots, &format!("{package}/package.json"))
}

fn manifest_version(manifest: &Value) -> Option<String> {
    non_blank(manifest.get("version")).map(str::to_owned)
}

/// None also for what cannot be read: without a manifest there is no package.
fn json_object(roots: &Roots, path: &str) -> Option<Value> {
    let document = json::read(roots, STATE_ROOT, path, MAX_MANIFEST_BYTES).ok()??;
    document.ok().filter(Value::is_object)
}
