//! People that pairing admitted to a channel account.
//!
//! OpenClaw 2026.9.6 keeps them in the state database, older releases in files of the credentials directory. Both are
//! read, because an installation may not have been migrated.

use serde_json::Value;

use super::json;
use crate::facts::database::StateDatabase;
use crate::facts::error::FactError;
use crate::root_names::CREDENTIALS_ROOT;
use chitin_config::ecma::trim;
use chitin_fs::files::Roots;

const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;
const MAX_ENTRIES: usize = 10_000;

/// In the order of the stores, each once, without wildcards and blanks: a store cannot open a channel to everyone.
pub fn pairing_store(
    database: &StateDatabase,
    roots: &Roots,
    channel: &str,
    account: &str,
) -> Result<Vec<String>, FactError> {
    let account = account_id(account);
    let (Some(channel), Some(account_key)) = (key(channel), key(&account)) else {
        return Ok(Vec::new());
    };
    let mut files = vec![format!("{channel}-{account_key}-allowFrom.json")];
    if account == DEFAULT_ACCOUNT {
        files.push(format!("{channel}-allowFrom.json"));
    }

    let mut admitted = Vec::new();
    for file in &files {
        // OpenClaw treats a malformed store as an empty one.
        if let Some(Ok(value)) = json::read(roots, CREDENTIALS_ROOT, file, MAX_FILE_BYTES)? {
            let entries = value.get("allowFrom").and_then(Value::as_array);
            admitted.extend(entries.into_iter().flatten().filter_map(entry));
        }
    }
    let rows = database
        .pairing()?
        .iter()
        .filter(|row| row.channel == channel && account_id(&row.account) == account);
    admitted.extend(rows.map(|row| trim(&row.entry).to_owned()));
    admitted.retain(|entry| !entry.is_empty() && entry != "*");
    distinct(admitted)
}

const DEFAULT_ACCOUNT: &str = "default";

fn account_id(account: &str) -> String {
    match trim(account) {
        "" => DEFAULT_ACCOUNT.to_owned(),
        other => other.to_lowercase(),
    }
}

/// A name as file names and the database have it. None when nothing is left of it.
fn key(name: &str) -> Option<String> {
    const FORBIDDEN: [char; 9] = ['\\', '/', ':', '*', '?', '"', '<', '>', '|'];
    let key = trim(name).to_lowercase().replace(FORBIDDEN, "_").replace("..", "_");
    (!key.is_empty() && key != "_").then_some(key)
}

fn entry(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(trim(text).to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn distinct(entries: Vec<String>) -> Result<Vec<String>, FactError> {
    let mut seen = std::collections::HashSet::new();
    let distinct: Vec<_> = entries.into_iter().filter(|entry| seen.insert(entry.clone())).collect();
    if distinct.len() > MAX_ENTRIES {
        return Err(FactError::new(format!(
            "the pairing store holds more than {MAX_ENTRIES} entries"
        )));
    }
    Ok(distinct)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::facts::fixture::{State, TABLES};

    fn admitted(state: &State, channel: &str, account: &str) -> Vec<String> {
        pairing_store(&state.database(), &state.roots(), channel, account).unwrap()
    }

    fn row(state: &State, channel: &str, account: &str, entry: &str, order: u32) {
        let insert = "INSERT INTO channel_pairing_allow_entries VALUES (?1, ?2, ?3, ?4, 0)";
        state.sql(TABLES).execute(insert, (channel, account, entry, order)).unwrap();
    }

    #[test]
    fn no_one_is_admitted_without_a_store() {
        assert!(admitted(&State::new(), "telegram", "default").is_empty());
    }

    #[test]
    fn the_default_account_has_two_files() {
        let state = State::new();
        state.write(
            "credentials/telegram-default-allowFrom.json",
            r#"{"version": 1, "allowFrom": ["2", " 1 "]}"#,
        );
        state.write(
            "credentials/telegram-allowFrom.json",
            r#"{"version": 1, "allowFrom": ["1", 3]}"#,
        );
        state.write(
            "credentials/telegram-work-allowFrom.json",
            r#"{"version": 1, "allowFrom": ["4"]}"#,
        );
        assert_eq!(admitted(&state, "telegram", "default"), ["2", "1", "3"]);
        assert_eq!(admitted(&state, "telegram", ""), ["2", "1", "3"]);
        assert_eq!(admitted(&state, " Telegram ", "Work"), ["4"]);
        assert!(admitted(&state, "telegram", "none").is_empty());
    }

    #[test]
    fn wildcards_and_blanks_are_dropped() {
        let state = State::new();
        state.write(
            "credentials/slack-allowFrom.json",
            r#"{"allowFrom": ["*", " * ", "", "  ", null, {}, true]}"#,
        );
        row(&state, "slack", "default", "*", 0);
        assert!(admitted(&state, "slack", "default").is_empty());
    }

    #[test]
    fn a_malformed_store_is_empty() {
        for text in ["", "{", "[]", r#"{"allowFrom": "1"}"#, r#"["1"]"#] {
            let state = State::new();
            state.write("credentials/slack-allowFrom.json", text);
            assert!(admitted(&state, "slack", "default").is_empty(), "{text:?}");
        }
        let state = State::new();
        state.directory("credentials/slack-allowFrom.json");
        assert!(admitted(&state, "slack", "default").is_empty());
    }

    #[test]
    fn files_and_database_are_merged() {
        let state = State::new();
        state.write("credentials/telegram-allowFrom.json", r#"{"allowFrom": ["1", "2"]}"#);
        row(&state, "telegram", "default", "4", 1);
        row(&state, "telegram", "default", "2", 2);
        row(&state, "telegram", "Default", "3", 0);
        row(&state, "telegram", "work", "5", 0);
        row(&state, "slack", "default", "6", 0);
        assert_eq!(admitted(&state, "telegram", "default"), ["1", "2", "3", "4"]);
        assert_eq!(admitted(&state, "telegram", "work"), ["5"]);
    }

    #[test]
    fn a_name_cannot_lead_out_of_the_directory() {
        let state = State::new();
        state.write("credentials/x-_-allowFrom.json", r#"{"allowFrom": ["1"]}"#);
        state.write("credentials/_-a-allowFrom.json", r#"{"allowFrom": ["2"]}"#);
        state.write("credentials/x-a_b-allowFrom.json", r#"{"allowFrom": ["3"]}"#);
        state.write("credentials/x-__secret-allowFrom.json", r#"{"allowFrom": ["4"]}"#);
        state.write("secret-allowFrom.json", r#"{"allowFrom": ["5"]}"#);
        assert!(admitted(&state, "x", "..").is_empty());
        assert!(admitted(&state, "..", "a").is_empty());
        assert!(admitted(&state, "/", "a").is_empty());
        assert_eq!(admitted(&state, "x", "a|b"), ["3"]);
        assert_eq!(admitted(&state, "x", "../secret"), ["4"]);
    }

    #[test]
    fn what_cannot_be_read_is_reported() {
        let state = State::new();
        state.directory("credentials");
        state.write("secret.json", r#"{"allowFrom": ["1"]}"#);
        std::os::unix::fs::symlink("../secret.json", state.path("credentials/x-allowFrom.json"))
            .unwrap();
        let error = pairing_store(&state.database(), &state.roots(), "x", "default").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`credentials:x-allowFrom.json` leads out of its root through a link"
        );
    }

    #[test]
    fn a_store_that_is_too_large_is_reported() {
        let state = State::new();
        let many: Vec<_> = (0..=MAX_ENTRIES).collect();
        state.write(
            "credentials/x-allowFrom.json",
            serde_json::json!({"allowFrom": many}).to_string(),
        );
        let error = pairing_store(&state.database(), &state.roots(), "x", "default").unwrap_err();
        assert_eq!(error.to_string(), "the pairing store holds more than 10000 entries");
    }
}
