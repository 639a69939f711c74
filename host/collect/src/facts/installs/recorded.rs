//! Records that OpenClaw wrote down, in the shape and place of each release.

use serde_json::{Map, Value};

use super::{InstallKind, Record, RecordMap};
use crate::facts::database::{HOOK_INSTALLS_KEY, PLUGIN_INDEX_KEY};
use crate::facts::json::{self, Json};
use crate::facts::text::non_blank;
use crate::facts::{STATE_ROOT, StateDatabase};
use chitin_fs::files::Roots;

const INDEX_FILE: &str = "plugins/installs.json";
const MAX_INDEX_BYTES: u64 = 16 * 1024 * 1024;
const MAX_RECORDS: usize = 10_000;

/// The stores outside the config that exist, older ones first. An error names its store.
pub(super) fn stores(
    kind: InstallKind,
    roots: &Roots,
    database: &StateDatabase,
) -> Vec<Result<RecordMap, String>> {
    let stores = match kind {
        InstallKind::Plugin => vec![
            index_file(roots),
            machine_state(database, PLUGIN_INDEX_KEY, "/index/installRecords"),
        ],
        InstallKind::Hook => vec![machine_state(database, HOOK_INSTALLS_KEY, "")],
    };
    stores.into_iter().filter_map(Result::transpose).collect()
}

/// Of a config, in which what has the wrong type counts as absent.
pub(super) fn lenient(installs: &Value) -> RecordMap {
    let installs = installs.as_object().into_iter().flatten();
    installs
        .filter_map(|(id, record)| Some((id.clone(), Record::of(record.as_object()?))))
        .take(MAX_RECORDS)
        .collect()
}

fn index_file(roots: &Roots) -> Result<Option<RecordMap>, String> {
    let named = |reason: &str| format!("`{INDEX_FILE}`: {reason}");
    match Json::read(roots, STATE_ROOT, INDEX_FILE, MAX_INDEX_BYTES)
        .map_err(|error| error.to_string())?
    {
        Json::Missing => Ok(None),
        Json::Malformed(reason) => Err(named(reason)),
        Json::Value(index) => strict(index.get("installRecords")).map(Some).map_err(named),
    }
}

fn machine_state(
    database: &StateDatabase,
    key: &str,
    pointer: &str,
) -> Result<Option<RecordMap>, String> {
    let named = |reason: &str| format!("`{key}` in the state database: {reason}");
    let Some(text) = database.machine_state(key).map_err(|error| error.to_string())? else {
        return Ok(None);
    };
    let value = json::parse(text.as_bytes()).ok_or_else(|| named("it is not valid JSON"))?;
    strict(value.pointer(pointer)).map(Some).map_err(named)
}

/// As OpenClaw 2026.9.6 reads its own store: one bad record spoils the map.
fn strict(records: Option<&Value>) -> Result<RecordMap, &'static str> {
    let records = records.and_then(Value::as_object).ok_or("it holds no map of install records")?;
    if records.len() > MAX_RECORDS {
        return Err("it holds more than 10000 install records");
    }
    records
        .iter()
        .map(|(id, record)| {
            let record = record.as_object().filter(|record| is_well_formed(record));
            Ok((id.clone(), Record::of(record.ok_or("an install record in it is malformed")?)))
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
