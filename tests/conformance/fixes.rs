//! Fixes: config and files in, changed values, texts and modes out; and the same once more, which must change nothing.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::layout::{Entry, Filler, Layout};
use super::{Verdict, judge};
use crate::fix::{Fixed, config_of, run};
use crate::parallel;
use crate::place::Place;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    config: Value,
    /// Of the config file.
    config_mode: Option<String>,
    state_mode: Option<String>,
    #[serde(default)]
    files: Vec<Entry>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    expect_fix: Expected,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    ok: Option<bool>,
    config_written: Option<bool>,
    changes: Option<Vec<String>>,
    /// By dotted path.
    #[serde(default)]
    config_values: BTreeMap<String, Value>,
    #[serde(default)]
    config_absent: Vec<String>,
    /// By path, in octal.
    #[serde(default)]
    modes: BTreeMap<String, String>,
}

impl Case {
    fn verdict(&self) -> Verdict {
        let layout = Layout {
            config: &self.config,
            files: &self.files,
            env: &self.env,
            stubs: &[],
            no_state_env: false,
            deep: false,
        };
        let (place, fill) = layout.make();
        let bits = |text: &str| u32::from_str_radix(text, 8).unwrap();
        for (path, mode) in
            [("state", &self.state_mode), ("state/openclaw.json", &self.config_mode)]
        {
            if let Some(mode) = mode {
                place.mode(path, bits(mode));
            }
        }
        let before = picture(&place);
        let mut problems = self.expect_fix.differences(&Fixed::of(&place), &place, &fill);
        let after = picture(&place);
        let again = Fixed::of(&place);
        if again.config_written() || !again.changes().is_empty() || picture(&place) != after {
            problems.push(format!("the second run changes something: {:?}", again.changes()));
        }
        if before != after {
            let undone = run(&place, &["undo"]);
            if undone.exit != 0 || picture(&place) != before {
                problems.push(format!("it is not taken back: {}{}", undone.stdout, undone.stderr));
            }
        }
        if problems.is_empty() { Verdict::Ok } else { Verdict::Failed(problems) }
    }
}

/// Everything below the state directory that has a mode, with it and its bytes.
fn picture(place: &Place) -> BTreeMap<String, (u32, Vec<u8>)> {
    fn walk(place: &Place, path: String, found: &mut BTreeMap<String, (u32, Vec<u8>)>) {
        let full = place.path(&path);
        let mode = place.mode_of(&path);
        if full.is_dir() {
            for entry in std::fs::read_dir(&full).unwrap() {
                let entry = entry.unwrap();
                if !entry.file_type().unwrap().is_symlink() {
                    walk(place, format!("{path}/{}", entry.file_name().to_str().unwrap()), found);
                }
            }
        }
        found.insert(path, (mode, std::fs::read(full).unwrap_or_default()));
    }
    let mut found = BTreeMap::new();
    walk(place, "state".to_owned(), &mut found);
    found
}

impl Expected {
    fn differences(&self, fixed: &Fixed, place: &Place, fill: &Filler) -> Vec<String> {
        let mut found = Vec::new();
        if self.ok.is_some_and(|ok| ok != fixed.ok()) {
            found.push(format!("ok is {}: {:?}", fixed.ok(), fixed.errors()));
        }
        if self.config_written.is_some_and(|written| written != fixed.config_written()) {
            found.push(format!("configWritten is {}", fixed.config_written()));
        }
        if self.changes.as_ref().is_some_and(|changes| *changes != fixed.changes()) {
            found.push(format!("the changes are {:?}", fixed.changes()));
        }
        let config = config_of(place);
        let at = |path: &str| config.pointer(&format!("/{}", path.replace('.', "/")));
        for (path, wanted) in &self.config_values {
            if at(path) != Some(wanted) {
                found.push(format!("{path} is {:?}", at(path)));
            }
        }
        for path in self.config_absent.iter().filter(|path| at(path).is_some()) {
            found.push(format!("{path} is there"));
        }
        for (path, wanted) in &self.modes {
            let mode = format!("{:o}", place.mode_of(fill.fill(path)) & 0o777);
            if mode != wanted.trim_start_matches('0') {
                found.push(format!("{path} has mode {mode}"));
            }
        }
        found
    }
}

#[test]
fn fixes() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("fixes.json")).unwrap();
    judge(parallel::map(&cases, |case| (case.name.clone(), case.verdict())));
}
