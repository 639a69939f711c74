//! Records that OpenClaw wrote down, in the shape and place of each release.

use serde_json::{Map, Value};
use thiserror::Error;

use super::{InstallKind, Record, RecordMap};
use crate::facts::database::StateDatabase;
use crate::facts::database::{HOOK_INSTALLS_KEY, PLUGIN_INDEX_KEY};
use crate::facts::error::FactError;
use crate::facts::json::{self, JsonError};
use crate::facts::text::non_blank;
use crate::root_names::STATE_ROOT;
use chitin_fs::files::Roots;

const INDEX_FILE: &str = "plugins/installs.json";
const MAX_INDEX_BYTES: u64 = 16 * 1024 * 1024;
const MAX_RECORDS: usize = 10_000;

/// Why a map of records is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum RecordsError {
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error("it holds no map of install records")]
    NoMap,
    #[error("it holds more than {MAX_RECORDS} install records")]
    TooMany,
    #[error("an install record in it is malformed")]
    Malformed,
}

/// Why a store of records cannot be read.
#[derive(Debug, Error)]
pub(super) enum StoreError {
    #[error("`{INDEX_FILE}`: {0}")]
    IndexFile(RecordsError),
    #[error("`{key}` in the state database: {error}")]
    MachineState { key: &'static str, error: RecordsError },
    #[error(transparent)]
    Fact(#[from] FactError),
}

/// The stores outside the config that exist, older ones first.
pub(super) fn stores(
    kind: InstallKind,
    roots: &Roots,
    database: &StateDatabase,
) -> Vec<Result<RecordMap, StoreError>> {
    let stores = match kind {
        InstallKind::Plugin => vec![
            index_file(roots),
            machine_state(database, PLUGIN_INDEX_KEY, "/index/installRecords"),
        ],
        InstallKind::Hook => vec![machine_state(database, HOOK_INSTALLS_KEY, "")],
    };
    stores.into_iter().filter_map(Result::transpose).collect()
}

/// The records of a config, in which a value of the wrong type counts as missing.
pub(super) fn lenient(installs: &Value) -> RecordMap {
    let installs = installs.as_object().into_iter().flatten();
    installs
        .filter_map(|(id, record)| Some((id.clone(), Record::of(record.as_object()?))))
        .take(MAX_RECORDS)
        .collect()
}

fn index_file(roots: &Roots) -> Result<Option<RecordMap>, StoreError> {
    let Some(index) = json::read(roots, STATE_ROOT, INDEX_FILE, MAX_INDEX_BYTES)? else {
        return Ok(None);
    };
    let records = index.map_err(Into::into).and_then(|index| strict(index.get("installRecords")));
    records.map(Some).map_err(StoreError::IndexFile)
}

fn machine_state(
    database: &StateDatabase,
    key: &'static str,
    pointer: &str,
) -> Result<Option<RecordMap>, StoreError> {
    let Some(text) = database.machine_state(key)? else { return Ok(None) };
    let value = json::parse(text.as_bytes()).map_err(Into::into);
    let records = value.and_then(|value| strict(value.pointer(pointer)));
    records.map(Some).map_err(|error| StoreError::MachineState { key, error })
}

/// As OpenClaw 2026.9.6 reads its own store: one bad record makes the whole map unusable.
fn strict(records: Option<&Value>) -> Result<RecordMap, RecordsError> {
    let records = records.and_then(Value::as_object).ok_or(RecordsError::NoMap)?;
    if records.len() > MAX_RECORDS {
        return Err(RecordsError::TooMany);
    }
    records
        .iter()
        .map(|(id, record)| {
            let record = record.as_object().filter(|record| is_well_formed(record));
            Ok((id.clone(), Record::of(record.ok_or(RecordsError::Malformed)?)))
        })
        .collect()
}

fn is_well_formed(record: &Map<String, Value>) -> bool {
    let optional = ["spec", "integrity", "version", "resolvedVersion", "installPath"];
    record.get("source").is_some_and(Value::is_string)
        && optional.iter().all(|field| record.get(*field).is_none_or(Value::is_string))
}

impl Record {
    fn of(record: &Map<String, Value>) -> Self {
        let text = |field: &str| non_blank(record.get(field)).map(str::to_owned);
        Self {
            source: text("source").unwrap_or_default(),
            spec: text("spec"),
            integrity: text("integrity"),
            version: text("resolvedVersion").or_else(|| text("version")),
            install_path: text("installPath"),
        }
    }
}
