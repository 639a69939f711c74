//! The state database `state/openclaw.sqlite`: what chitin knows from it.
//!
//! The database belongs to a gateway that may be running and may be hostile. It is copied and read once under tight
//! limits, and the copy is deleted before anything uses what was in it.

mod copy;
mod device;
mod read;
#[cfg(test)]
mod shared_pages;
#[cfg(test)]
#[cfg(unix)]
mod tests;

use std::sync::{Arc, OnceLock};

use copy::DatabaseCopy;
pub(super) use device::DeviceRows;
use read::{Reader, Row, Table};

use crate::facts::error::FactError;
use chitin_fs::files::Roots;

const EXEC_APPROVALS: Table = Table {
    name: "exec_approvals_config",
    columns: &["config_key", "raw_json"],
    keys: Some(&["current"]),
};
const MACHINE_STATE: Table = Table {
    name: "config_machine_state",
    columns: &["state_key", "value_json"],
    keys: Some(&[PLUGIN_INDEX_KEY, HOOK_INSTALLS_KEY]),
};
const PAIRING: Table = Table {
    name: "channel_pairing_allow_entries",
    columns: &["channel_key", "account_id", "entry", "sort_order"],
    keys: None,
};

/// Keys of the table `config_machine_state`.
pub(super) const PLUGIN_INDEX_KEY: &str = "plugins.installedIndex";
pub(super) const HOOK_INSTALLS_KEY: &str = "hooks.internal.installs";

/// The state database of a run. It is read once, when it is used for the first time.
#[derive(Debug)]
pub struct StateDatabase {
    roots: Arc<Roots>,
    contents: OnceLock<Result<Contents, FactError>>,
}

/// The rows that facts are made of; empty where there is no database or no such table.
struct Contents {
    exec_approvals: Result<Vec<Row>, FactError>,
    machine_state: Result<Vec<Row>, FactError>,
    pairing: Result<Vec<PairingRow>, FactError>,
}

/// A person that pairing admitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PairingRow {
    pub(super) channel: String,
    pub(super) account: String,
    pub(super) entry: String,
}

impl StateDatabase {
    pub fn new(roots: Arc<Roots>) -> Self {
        Self { roots, contents: OnceLock::new() }
    }

    /// The text of the exec approvals document.
    pub(super) fn exec_approvals(&self) -> Result<Option<&str>, FactError> {
        let rows = self.contents()?.exec_approvals.as_ref().map_err(Clone::clone)?;
        Ok(value_of("current", rows))
    }

    /// The JSON text that OpenClaw keeps under a key of its machine state.
    pub(super) fn machine_state(&self, key: &str) -> Result<Option<&str>, FactError> {
        let rows = self.contents()?.machine_state.as_ref().map_err(Clone::clone)?;
        Ok(value_of(key, rows))
    }

    /// In the order of the store.
    pub(super) fn pairing(&self) -> Result<&[PairingRow], FactError> {
        let rows = self.contents()?.pairing.as_ref().map_err(Clone::clone)?;
        Ok(rows)
    }

    fn contents(&self) -> Result<&Contents, FactError> {
        self.contents.get_or_init(|| Contents::read(&self.roots)).as_ref().map_err(Clone::clone)
    }
}

impl Contents {
    fn read(roots: &Roots) -> Result<Self, FactError> {
        let Some(copy) = DatabaseCopy::of_state_database(roots)? else {
            return Ok(Self {
                exec_approvals: Ok(Vec::new()),
                machine_state: Ok(Vec::new()),
                pairing: Ok(Vec::new()),
            });
        };
        let reader = Reader::open(&copy.path())?;
        Ok(Self {
            exec_approvals: reader.rows(&EXEC_APPROVALS),
            machine_state: reader.rows(&MACHINE_STATE),
            pairing: reader.rows(&PAIRING).map(pairing_rows),
        })
    }
}

/// The rows may hold secrets.
impl std::fmt::Debug for Contents {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Contents").finish_non_exhaustive()
    }
}

/// The value of the last row with the key. One that is not a text counts as an empty, and so malformed, document.
fn value_of<'a>(key: &str, rows: &'a [Row]) -> Option<&'a str> {
    rows.iter()
        .rev()
        .find(|row| row.text(0) == Some(key))
        .map(|row| row.text(1).unwrap_or_default())
}

fn pairing_rows(mut rows: Vec<Row>) -> Vec<PairingRow> {
    rows.sort_by_key(|row| row.text(3).and_then(|order| order.parse::<i64>().ok()));
    rows.iter()
        .filter_map(|row| {
            Some(PairingRow {
                channel: row.text(0)?.to_owned(),
                account: row.text(1)?.to_owned(),
                entry: row.text(2)?.to_owned(),
            })
        })
        .collect()
}
