//! Real databases: fresh, in use, damaged, and made to harm their reader.

use std::fs;
use std::os::unix::fs::symlink;

use super::*;
use crate::facts::fixture::{State, TABLES};

const ROW: &str = "INSERT INTO exec_approvals_config VALUES ('current', '{}');";

fn reason(state: &State) -> String {
    state.database().exec_approvals().unwrap_err().to_string()
}

#[test]
fn nothing_is_known_without_a_database() {
    let state = State::new();
    let database = state.database();
    assert_eq!(database.exec_approvals(), Ok(None));
    assert_eq!(database.machine_state(PLUGIN_INDEX_KEY), Ok(None));
    assert_eq!(database.pairing(), Ok([].as_slice()));
    state.sql("CREATE TABLE something_else (a)");
    assert_eq!(state.database().exec_approvals(), Ok(None));
}

#[test]
fn reads_the_known_tables() {
    let state = State::new();
    state.sql(TABLES);
    state.sql(ROW);
    state.sql("INSERT INTO exec_approvals_config VALUES ('other', '[]')");
    state.sql("INSERT INTO config_machine_state VALUES ('plugins.installedIndex', '{\"a\":1}', 1), ('x', 'y', 1)");
    state
        .sql("INSERT INTO channel_pairing_allow_entries VALUES ('telegram', 'default', 'b', 1, 0)");
    state
        .sql("INSERT INTO channel_pairing_allow_entries VALUES ('telegram', 'default', 'c', 0, 0)");
    let database = state.database();
    assert_eq!(database.exec_approvals(), Ok(Some("{}")));
    assert_eq!(database.machine_state(PLUGIN_INDEX_KEY), Ok(Some("{\"a\":1}")));
    assert_eq!(database.machine_state(HOOK_INSTALLS_KEY), Ok(None));
    let entries: Vec<_> =
        database.pairing().unwrap().iter().map(|row| row.entry.as_str()).collect();
    assert_eq!(entries, ["c", "b"]);
}

#[test]
fn reads_what_is_only_in_the_write_ahead_log_and_leaves_no_trace() {
    let state = State::new();
    let writer = state.sql("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;");
    writer.execute_batch(TABLES).unwrap();
    writer.execute_batch("BEGIN").unwrap();
    writer.execute_batch(ROW).unwrap();
    writer.execute_batch("COMMIT").unwrap();
    let main = fs::read(state.path("state/openclaw.sqlite")).unwrap();
    assert!(!main.windows(7).any(|window| window == b"current"), "the row is in the log only");

    let before = state.files();
    assert_eq!(before.len(), 3, "database, log and shared memory");
    assert_eq!(state.database().exec_approvals(), Ok(Some("{}")));
    assert_eq!(state.files(), before);

    fs::remove_file(state.path("state/openclaw.sqlite-shm")).unwrap();
    assert_eq!(state.database().exec_approvals(), Ok(Some("{}")));
    assert!(!state.path("state/openclaw.sqlite-shm").exists());
}

#[test]
fn reads_a_database_in_wal_mode_that_is_not_open() {
    let state = State::new();
    state.sql("PRAGMA journal_mode = WAL;").execute_batch(&format!("{TABLES}{ROW}")).unwrap();
    assert_eq!(state.files().len(), 1);
    assert_eq!(state.database().exec_approvals(), Ok(Some("{}")));
    assert_eq!(state.files().len(), 1);
}

#[test]
fn the_database_is_read_once_and_only_when_asked() {
    let state = State::new();
    let database = state.database();
    state.sql(TABLES);
    state.sql(ROW);
    assert_eq!(database.exec_approvals(), Ok(Some("{}")));
    fs::remove_dir_all(state.path("state")).unwrap();
    assert_eq!(database.exec_approvals(), Ok(Some("{}")));
}

#[test]
fn the_copy_is_private_and_does_not_stay() {
    use std::os::unix::fs::PermissionsExt as _;
    let state = State::new();
    state.sql(TABLES);
    let copy = DatabaseCopy::of_state_database(&state.roots()).unwrap().unwrap();
    let directory = copy.path().parent().unwrap().to_path_buf();
    assert_eq!(fs::metadata(&directory).unwrap().permissions().mode() & 0o777, 0o700);
    drop(copy);
    assert!(!directory.exists());
}

#[test]
fn what_is_not_a_database_is_reported() {
    let state = State::new();
    state.write(
        "state/openclaw.sqlite",
        "this is not a database, but it is long enough for a header".repeat(20),
    );
    assert_eq!(reason(&state), "state database `state/openclaw.sqlite`: it is not a database");
    assert!(state.database().pairing().is_err());
}

#[test]
fn a_damaged_database_is_reported() {
    let state = State::new();
    state.sql(TABLES);
    let mut bytes = fs::read(state.path("state/openclaw.sqlite")).unwrap();
    bytes[200..].fill(0xa5);
    state.write("state/openclaw.sqlite", bytes);
    assert_eq!(reason(&state), "state database `state/openclaw.sqlite`: it is damaged");
}

#[test]
fn a_truncated_database_is_reported() {
    let state = State::new();
    state.sql(TABLES);
    state.sql(ROW);
    let bytes = fs::read(state.path("state/openclaw.sqlite")).unwrap();
    state.write("state/openclaw.sqlite", &bytes[..5000]);
    assert_eq!(reason(&state), "state database `state/openclaw.sqlite`: it is damaged");
}

#[test]
fn a_database_that_is_too_large_is_reported() {
    let state = State::new();
    state.sql(TABLES);
    let file =
        fs::OpenOptions::new().write(true).open(state.path("state/openclaw.sqlite")).unwrap();
    file.set_len(64 * 1024 * 1024 + 1).unwrap();
    assert_eq!(reason(&state), "state database `state/openclaw.sqlite`: it is larger than 64 MiB");
}

#[test]
fn what_is_not_a_file_is_reported() {
    let state = State::new();
    state.directory("state/openclaw.sqlite");
    assert_eq!(reason(&state), "state database `state/openclaw.sqlite`: it is not a file");
}

#[test]
#[cfg(target_os = "linux")]
fn a_fifo_is_reported_and_never_opened() {
    let state = State::new();
    state.directory("state");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    let path = state.path("state/openclaw.sqlite");
    rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    assert_eq!(reason(&state), "state database `state/openclaw.sqlite`: it is not a file");
}

#[test]
fn a_link_out_of_the_state_directory_is_refused() {
    let state = State::new();
    let outside = State::new();
    outside.sql(TABLES);
    outside.sql(ROW);
    state.directory("state");
    symlink(outside.path("state/openclaw.sqlite"), state.path("state/openclaw.sqlite")).unwrap();
    assert_eq!(
        reason(&state),
        "`state:state/openclaw.sqlite` leads out of its root through a link"
    );

    let state = State::new();
    state.directory("state");
    symlink("/nonexistent", state.path("state/openclaw.sqlite")).unwrap();
    assert_eq!(state.database().exec_approvals(), Ok(None));
}

#[test]
fn only_plain_tables_are_read() {
    let not_plain =
        "state database `state/openclaw.sqlite`: its `exec_approvals_config` is not a plain table";
    for hostile in [
        "CREATE VIEW exec_approvals_config AS
            WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n)
            SELECT 'current' AS config_key, CAST(count(*) AS TEXT) AS raw_json FROM n;",
        "CREATE VIEW Exec_Approvals_Config AS SELECT 'current' AS config_key, '{}' AS raw_json;",
        "CREATE VIRTUAL TABLE exec_approvals_config USING fts5(config_key, raw_json);",
        "CREATE TABLE t (a); CREATE TRIGGER exec_approvals_config AFTER INSERT ON t BEGIN SELECT 1; END;",
        "CREATE TABLE t (a); CREATE INDEX exec_approvals_config ON t (a);",
    ] {
        let state = State::new();
        state.sql(hostile);
        assert_eq!(reason(&state), not_plain, "{hostile}");
        // The other tables are judged on their own.
        assert_eq!(state.database().pairing(), Ok([].as_slice()));
    }
}

#[test]
fn columns_that_are_missing_or_computed_are_not_read() {
    let unknown = "its `exec_approvals_config` does not have the known columns";
    for hostile in [
        "CREATE TABLE exec_approvals_config (config_key TEXT, raw_json TEXT AS (hex(zeroblob(10000000))));",
        "CREATE TABLE exec_approvals_config (config_key TEXT, raw_json TEXT AS (upper(config_key)) STORED);",
        "CREATE TABLE exec_approvals_config (config_key TEXT);",
    ] {
        let state = State::new();
        state.sql(hostile);
        assert!(reason(&state).ends_with(unknown), "{hostile}: {}", reason(&state));
    }
}

#[test]
fn a_table_that_is_too_large_is_reported() {
    let rows = |count| {
        format!(
            "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n LIMIT {count})
             INSERT INTO exec_approvals_config SELECT 'key' || i, '' FROM n;"
        )
    };
    let state = State::new();
    state.sql(TABLES).execute_batch(&rows(50_000)).unwrap();
    assert_eq!(state.database().exec_approvals(), Ok(None));
    state.sql("INSERT INTO exec_approvals_config VALUES ('one more', '')");
    assert!(reason(&state).ends_with("its table `exec_approvals_config` holds too much"));
}

#[test]
fn a_value_that_is_too_large_is_reported() {
    let state = State::new();
    state.sql(TABLES);
    state.sql("INSERT INTO exec_approvals_config VALUES ('current', hex(zeroblob(9000000)))");
    assert!(reason(&state).ends_with("a value in it is too large"), "{}", reason(&state));
}

#[test]
fn a_value_that_is_not_a_text_is_a_malformed_document() {
    let state = State::new();
    state.sql("CREATE TABLE exec_approvals_config (config_key, raw_json)");
    state.sql("INSERT INTO exec_approvals_config VALUES ('current', x'7b7d')");
    assert_eq!(state.database().exec_approvals(), Ok(Some("")));
}
