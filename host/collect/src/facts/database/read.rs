//! Reads plain tables from a database that may have been made to harm its reader.
//!
//! No expression of the database is ever evaluated: only stored columns of real tables are read, without conditions
//! or order, and everything is picked out of the rows here. So a bound on rows and bytes is a bound on the work.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::ffi::ErrorCode;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::copy::unavailable;
use crate::facts::error::FactError;

const MAX_ROWS: usize = 50_000;
/// Of all texts of a table together.
const MAX_TABLE_BYTES: usize = 64 * 1024 * 1024;
/// Of one text, and so of one row.
const MAX_VALUE_BYTES: i32 = 16 * 1024 * 1024;

/// SQLite asks after this many steps of its machine whether to go on.
const STEPS_PER_TICK: i32 = 1000;
/// About ten times what [`MAX_ROWS`] take.
const MAX_TICKS: u32 = 5_000;
const MAX_TIME: Duration = Duration::from_secs(5);

/// Which columns and rows of a table are needed.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [&'static str],
    /// Only rows with one of these in the first column.
    pub(super) keys: Option<&'static [&'static str]>,
}

/// The values of [`Table::columns`]: texts, and numbers as text.
pub(super) struct Row(Vec<Option<String>>);

impl Row {
    pub(super) fn text(&self, column: usize) -> Option<&str> {
        self.0.get(column)?.as_deref()
    }
}

pub(super) struct Reader {
    connection: Connection,
}

impl Reader {
    pub(super) fn open(path: &Path) -> Result<Self, FactError> {
        connect(path).map(|connection| Self { connection }).map_err(|error| explain(&error))
    }

    /// No rows when there is no such table.
    pub(super) fn rows(&self, table: &Table) -> Result<Vec<Row>, FactError> {
        match self.definition(table).map_err(|error| explain(&error))? {
            Definition::Absent => Ok(Vec::new()),
            Definition::Plain => self.scan(table),
            Definition::Other(what) => Err(unavailable(&format!("its `{}` {what}", table.name))),
        }
    }

    fn definition(&self, table: &Table) -> rusqlite::Result<Definition> {
        // `sqlite_schema` is read by hand, since the pragma for the kinds of tables would run their modules.
        let mut statement = self
            .connection
            .prepare("SELECT type, sql FROM main.sqlite_schema WHERE name = ?1 COLLATE NOCASE")?;
        let objects: Vec<(String, Option<String>)> = statement
            .query_map([table.name], |row| Ok((row.get(0)?, row.get(1)?)))?
            .take(2)
            .collect::<rusqlite::Result<_>>()?;
        match objects.as_slice() {
            [] => return Ok(Definition::Absent),
            [(kind, Some(sql))] if kind == "table" && sql.starts_with("CREATE TABLE ") => {}
            _ => return Ok(Definition::Other("is not a plain table")),
        }

        let mut statement =
            self.connection.prepare("SELECT name, hidden FROM pragma_table_xinfo(?1)")?;
        let columns: Vec<(String, i64)> = statement
            .query_map([table.name], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let is_stored = |wanted: &&str| {
            columns.iter().any(|(name, hidden)| name.eq_ignore_ascii_case(wanted) && *hidden == 0)
        };
        Ok(if table.columns.iter().all(is_stored) {
            Definition::Plain
        } else {
            Definition::Other("does not have the known columns")
        })
    }

    fn scan(&self, table: &Table) -> Result<Vec<Row>, FactError> {
        let query = format!("SELECT {} FROM main.{}", table.columns.join(", "), table.name);
        let failed = |error: rusqlite::Error| explain(&error);
        let mut statement = self.connection.prepare(&query).map_err(failed)?;
        let mut found = statement.query([]).map_err(failed)?;
        let mut rows = Vec::new();
        let (mut seen, mut bytes) = (0, 0);
        while let Some(row) = found.next().map_err(failed)? {
            let mut values = Vec::with_capacity(table.columns.len());
            for column in 0..table.columns.len() {
                let value = row.get_ref(column).map_err(failed)?;
                bytes += size(value);
                values.push(text(value));
            }
            seen += 1;
            if seen > MAX_ROWS || bytes > MAX_TABLE_BYTES {
                return Err(unavailable(&format!("its table `{}` holds too much", table.name)));
            }
            let row = Row(values);
            if table.keys.is_none_or(|keys| row.text(0).is_some_and(|key| keys.contains(&key))) {
                rows.push(row);
            }
        }
        Ok(rows)
    }
}

enum Definition {
    Absent,
    Plain,
    Other(&'static str),
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    let (started, mut ticks) = (Instant::now(), 0);
    let is_too_much = move || {
        ticks += 1;
        ticks > MAX_TICKS || started.elapsed() > MAX_TIME
    };
    connection.progress_handler(STEPS_PER_TICK, Some(is_too_much))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 256 * 1024),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 100),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 10),
        (Limit::SQLITE_LIMIT_VDBE_OP, 25_000),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 1),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        connection.set_limit(limit, most)?;
    }
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    Ok(connection)
}

fn size(value: ValueRef<'_>) -> usize {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len(),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => size_of::<i64>(),
    }
}

fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(_) | ValueRef::Null | ValueRef::Blob(_) => None,
    }
}

/// In our own words: SQLite's may quote what the database holds.
fn explain(error: &rusqlite::Error) -> FactError {
    unavailable(match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => "it is not a database",
        Some(ErrorCode::DatabaseCorrupt) => "it is damaged",
        Some(ErrorCode::OperationInterrupted) => "reading it takes too long",
        Some(ErrorCode::TooBig) => "a value in it is too large",
        Some(ErrorCode::OutOfMemory) => "reading it takes too much memory",
        _ => "SQLite cannot read it",
    })
}
