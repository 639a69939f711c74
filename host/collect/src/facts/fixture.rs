//! A state directory for tests, with what OpenClaw keeps in it.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::facts::database::StateDatabase;
use crate::root_names::{CREDENTIALS_ROOT, STATE_ROOT};
use chitin_fs::files::Roots;

/// The tables of OpenClaw 2026.9.6, with the columns that matter.
pub(super) const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS exec_approvals_config (
        config_key TEXT NOT NULL PRIMARY KEY, raw_json TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS config_machine_state (
        state_key TEXT NOT NULL PRIMARY KEY, value_json TEXT NOT NULL, updated_at_ms INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS channel_pairing_allow_entries (
        channel_key TEXT NOT NULL, account_id TEXT NOT NULL, entry TEXT NOT NULL, sort_order INTEGER NOT NULL,
        updated_at INTEGER NOT NULL, PRIMARY KEY (channel_key, account_id, entry)) STRICT;";

pub(super) struct State {
    base: TempDir,
}

impl State {
    pub(super) fn new() -> Self {
        let base = tempfile::tempdir().unwrap();
        fs::create_dir(base.path().join("state")).unwrap();
        Self { base }
    }

    /// Below the state directory, or with `../` beside it.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.base.path().join("state").join(path)
    }

    pub(super) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(super) fn directory(&self, path: &str) {
        fs::create_dir_all(self.path(path)).unwrap();
    }

    /// Runs statements in the state database; the tables are not there yet.
    pub(super) fn sql(&self, sql: &str) -> Connection {
        self.directory("state");
        let connection = Connection::open(self.path("state/openclaw.sqlite")).unwrap();
        connection.execute_batch(sql).unwrap();
        connection
    }

    /// Keeps a value in OpenClaw's machine state.
    pub(super) fn machine_state(&self, key: &str, value: &str) {
        self.sql(TABLES)
            .execute("INSERT INTO config_machine_state VALUES (?1, ?2, 1)", [key, value])
            .unwrap();
    }

    pub(super) fn roots(&self) -> Arc<Roots> {
        let builder = Roots::builder().add(STATE_ROOT, self.path(""));
        Arc::new(builder.add(CREDENTIALS_ROOT, self.path("credentials")).build())
    }

    pub(super) fn database(&self) -> StateDatabase {
        StateDatabase::new(self.roots())
    }

    /// Everything below the state directory, with what is beside the state database.
    pub(super) fn files(&self) -> Vec<String> {
        fn walk(directory: &std::path::Path, found: &mut Vec<String>) {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, found);
                } else {
                    found.push(format!(
                        "{} {}",
                        path.display(),
                        fs::metadata(&path).unwrap().len()
                    ));
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.path(""), &mut found);
        found.sort();
        found
    }
}
