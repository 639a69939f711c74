//! Fixes: config and files in, changed values, texts and modes out; and the same once more, which must change nothing.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::layout::{Entry, Layout, Placeholders};
use super::{Verdict, assert_all_as_expected};
use crate::fix::{Fixed, config_of, run};
use crate::support::thread_pool;
use crate::support::workspace::Workspace;

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
        let (workspace, fill) = layout.make();
        let bits = |text: &str| u32::from_str_radix(text, 8).unwrap();
        for (path, mode) in
            [("state", &self.state_mode), ("state/openclaw.json", &self.config_mode)]
        {
            if let Some(mode) = mode {
                workspace.mode(path, bits(mode));
            }
        }
        let before = picture(&workspace);
        let mut problems = self.expect_fix.differences(&Fixed::of(&workspace), &workspace, &fill);
        let after = picture(&workspace);
        let again = Fixed::of(&workspace);
        if again.config_written() || !again.changes().is_empty() || picture(&workspace) != after {
            problems.push(format!("the second run changes something: {:?}", again.changes()));
        }
        if before != after {
            let undone = run(&workspace, &["undo"]);
            if undone.exit != 0 || picture(&workspace) != before {
                problems.push(format!("it is not taken back: {}{}", undone.stdout, undone.stderr));
            }
        }
        if problems.is_empty() { Verdict::Ok } else { Verdict::Failed(problems) }
    }
}

/// Everything below the state directory that has a mode, with it and its bytes.
fn picture(workspace: &Workspace) -> BTreeMap<String, (u32, Vec<u8>)> {
    fn walk(workspace: &Workspace, path: String, found: &mut BTreeMap<String, (u32, Vec<u8>)>) {
        let full = workspace.path(&path);
        let mode = workspace.mode_of(&path);
        if full.is_dir() {
            for entry in std::fs::read_dir(&full).unwrap() {
                let entry = entry.unwrap();
                if !entry.file_type().unwrap().is_symlink() {
                    walk(
                        workspace,
                        format!("{path}/{}", entry.file_name().to_str().unwrap()),
                        found,
                    );
                }
            }
        }
        found.insert(path, (mode, std::fs::read(full).unwrap_or_default()));
    }
    let mut found = BTreeMap::new();
    walk(workspace, "state".to_owned(), &mut found);
    found
}

impl Expected {
    fn differences(
        &self,
        fixed: &Fixed,
        workspace: &Workspace,
        fill: &Placeholders,
    ) -> Vec<String> {
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
        let config = config_of(workspace);
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
            let mode = format!("{:o}", workspace.mode_of(fill.fill(path)) & 0o777);
            if mode != wanted.trim_start_matches('0') {
                found.push(format!("{path} has mode {mode}"));
            }
        }
        found
    }
}

#[test]
fn fixes() {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("../../data/conformance/fixes.json")).unwrap();
    assert_all_as_expected(thread_pool::map(&cases, |case| (case.name.clone(), case.verdict())));
}
