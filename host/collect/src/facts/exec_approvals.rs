//! The exec approvals document: who may run which command without being asked.

use serde_json::{Value, json};

use super::json;
use crate::facts::database::StateDatabase;
use crate::facts::error::FactError;
use chitin_fs::files::Roots;

const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// A file that the document may be in.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    pub root: &'a str,
    pub path: &'a str,
}

/// The row of the state database, else the first of the files that exists; none when there is neither.
///
/// OpenClaw 2026.9.6 takes a malformed document for one that denies everything.
pub fn exec_approvals(
    database: &StateDatabase,
    roots: &Roots,
    files: &[Document<'_>],
) -> Result<Option<Value>, FactError> {
    if let Some(row) = database.exec_approvals()? {
        return Ok(Some(well_formed(json::parse(row.as_bytes()).ok())));
    }
    for file in files {
        if let Some(document) = json::read(roots, file.root, file.path, MAX_BYTES)? {
            return Ok(Some(well_formed(document.ok())));
        }
    }
    Ok(None)
}

fn well_formed(document: Option<Value>) -> Value {
    document.filter(Value::is_object).unwrap_or_else(|| {
        json!({
            "version": 1,
            "defaults": {"security": "deny", "ask": "off", "askFallback": "deny", "autoAllowSkills": false},
            "agents": {},
        })
    })
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::facts::fixture::{State, TABLES};

    const FILES: [Document<'static>; 2] = [
        Document { root: "state", path: "exec-approvals.json" },
        Document { root: "state", path: "old/exec-approvals.json" },
    ];

    fn read(state: &State) -> Result<Option<Value>, FactError> {
        exec_approvals(&state.database(), &state.roots(), &FILES)
    }

    fn row(state: &State, text: &str) {
        state
            .sql(TABLES)
            .execute("INSERT INTO exec_approvals_config VALUES ('current', ?1)", [text])
            .unwrap();
    }

    #[test]
    fn there_may_be_none() {
        let state = State::new();
        assert_eq!(read(&state), Ok(None));
        state.sql(TABLES);
        assert_eq!(read(&state), Ok(None));
    }

    #[test]
    fn the_database_comes_before_the_files_in_their_order() {
        let state = State::new();
        state.write("old/exec-approvals.json", r#"{"from": "old file"}"#);
        assert_eq!(read(&state), Ok(Some(json!({"from": "old file"}))));
        state.write("exec-approvals.json", r#"{"from": "file"}"#);
        assert_eq!(read(&state), Ok(Some(json!({"from": "file"}))));
        row(&state, r#"{"from": "row"}"#);
        assert_eq!(read(&state), Ok(Some(json!({"from": "row"}))));
    }

    #[test]
    fn a_malformed_document_denies_everything() {
        for text in ["", "{", "[]", "null", "{a: 1}"] {
            let by_file = State::new();
            by_file.write("exec-approvals.json", text);
            let by_row = State::new();
            row(&by_row, text);
            for state in [by_file, by_row] {
                let document = read(&state).unwrap().unwrap();
                assert_eq!(document["defaults"]["security"], "deny", "{text:?}");
                assert_eq!(document["defaults"]["autoAllowSkills"], false);
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_reported() {
        let state = State::new();
        state.write("exec-approvals.json", "{}");
        state.write("state/openclaw.sqlite", "x".repeat(5000));
        assert_eq!(
            read(&state).unwrap_err().to_string(),
            "state database `state/openclaw.sqlite`: it is not a database"
        );

        let state = State::new();
        state.write("../elsewhere.json", "{}");
        std::os::unix::fs::symlink("../elsewhere.json", state.path("exec-approvals.json")).unwrap();
        assert_eq!(
            read(&state).unwrap_err().to_string(),
            "`state:exec-approvals.json` leads out of its root through a link"
        );
    }
}
