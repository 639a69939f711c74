//! A gateway to fix, and interruptions: a process is killed at every failpoint.

use std::cell::Cell;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

mod interim;
mod lists;
mod race;
mod tampered;
mod twice;

use tempfile::TempDir;

use super::*;
use chitin_collect::Collected;
use chitin_config::discover::Request;
use chitin_config::environment::Environment;
use chitin_view::Inputs;

const CONFIG: &str =
    "// mine\n{channels: {telegram: {groupPolicy: 'open', /* why */}}, $include: './more.json5'}\n";
const MORE: &str = "{logging: {redactSensitive: \"off\"}} // more\n";
const CRASH_AT: &str = "CHITIN_TEST_CRASH_AT";
const CRASH_IN: &str = "CHITIN_TEST_CRASH_IN";

/// A gateway with two files to edit and five modes to set.
fn create_gateway(root: &Path) {
    let state = root.join("state");
    fs::create_dir_all(state.join("credentials")).unwrap();
    fs::write(state.join("openclaw.json"), CONFIG).unwrap();
    fs::write(state.join("more.json5"), MORE).unwrap();
    fs::write(state.join("credentials/a.json"), "{}").unwrap();
    for (name, mode) in [
        ("", 0o755),
        ("openclaw.json", 0o644),
        ("more.json5", 0o640),
        ("credentials", 0o750),
        ("credentials/a.json", 0o664),
    ] {
        fs::set_permissions(state.join(name), Permissions::from_mode(mode)).unwrap();
    }
}

fn mode(path: PathBuf) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Contents and modes of everything.
fn snapshot(root: &Path) -> Vec<(String, u32, String)> {
    ["", "openclaw.json", "more.json5", "credentials", "credentials/a.json"]
        .into_iter()
        .map(|name| {
            let path = root.join("state").join(name);
            let text = fs::read_to_string(&path).unwrap_or_default();
            (name.to_owned(), mode(path), text)
        })
        .collect()
}

fn inputs(root: &Path) -> Inputs {
    let request = Request {
        state_dir: Some(root.join("state")),
        cwd: root.to_path_buf(),
        ..Request::default()
    };
    let environment = Environment::from_pairs([("HOME", root.join("home"))]);
    Inputs::new(Collected::gather(&request, environment), None).unwrap()
}

fn fix(root: &Path, failpoints: &dyn Failpoints) -> Applied {
    apply(&plan(&inputs(root), &[]), &journal(root), failpoints).unwrap()
}

fn journal(root: &Path) -> Journal {
    Journal::at(root.join("journal"))
}

fn gateway() -> TempDir {
    let place = tempfile::tempdir().unwrap();
    create_gateway(place.path());
    place
}

/// Counts failpoints, and ends the process at one of them.
struct Crash {
    passed: Cell<usize>,
    at: usize,
}

impl Crash {
    fn at(at: usize) -> Self {
        Self { passed: Cell::new(0), at }
    }
}

impl Failpoints for Crash {
    fn reach(&self, _: &'static str) {
        if self.passed.get() == self.at {
            std::process::abort();
        }
        self.passed.set(self.passed.get() + 1);
    }
}

#[test]
#[ignore = "crashes on purpose; the tests below run it in a process of its own"]
fn crash_run() {
    let (at, root) = (std::env::var(CRASH_AT).unwrap(), std::env::var_os(CRASH_IN).unwrap());
    let crash = Crash::at(at.parse().unwrap());
    let root = PathBuf::from(root);
    if root.join("undo").exists() {
        undo(&journal(&root), None, None, &crash).unwrap();
    } else {
        fix(&root, &crash);
    }
}

fn die_at(at: usize, root: &Path) {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::crash_run", "--ignored", "--nocapture", "-q"])
        .env(CRASH_AT, at.to_string())
        .env(CRASH_IN, root)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(!status.success(), "step {at} was not reached");
}

fn leftovers(root: &Path) -> Vec<String> {
    let names = fs::read_dir(root.join("state")).unwrap().map(|entry| entry.unwrap().file_name());
    names
        .filter_map(|name| name.into_string().ok())
        .filter(|name| name.contains(".chitin-"))
        .collect()
}

#[test]
fn fixes_and_undoes() {
    let place = gateway();
    let before = snapshot(place.path());
    let applied = fix(place.path(), &NoFailpoints);
    assert!(applied.ok() && applied.config_written, "{applied:?}");
    let after = snapshot(place.path());
    assert_eq!(
        after[1],
        ("openclaw.json".to_owned(), 0o600, CONFIG.replace("'open'", "'allowlist'"))
    );
    assert_eq!(after[2], ("more.json5".to_owned(), 0o600, MORE.replace("\"off\"", "\"tools\"")));
    assert_eq!((after[0].1, after[3].1, after[4].1), (0o700, 0o700, 0o600));
    assert_eq!(fix(place.path(), &NoFailpoints).run, None);

    let undone = undo(&journal(place.path()), applied.run.as_deref(), None, &NoFailpoints).unwrap();
    assert_eq!((undone.restored.len(), undone.kept.len()), (7, 0), "{undone:?}");
    assert_eq!(snapshot(place.path()), before);
    assert!(matches!(
        undo(&journal(place.path()), None, None, &NoFailpoints),
        Err(JournalError::Empty)
    ));
}

#[test]
fn a_crash_at_any_step_leaves_whole_files_and_can_be_undone() {
    let place = gateway();
    let counter = Crash::at(usize::MAX);
    fix(place.path(), &counter);
    let steps = counter.passed.get();
    assert!(steps >= 20, "{steps}");
    for at in 0..steps {
        let place = gateway();
        let root = place.path();
        let before = snapshot(root);
        die_at(at, root);
        for (name, old) in [("openclaw.json", CONFIG), ("more.json5", MORE)] {
            let text = fs::read_to_string(root.join("state").join(name)).unwrap();
            let new = old.replace("'open'", "'allowlist'").replace("\"off\"", "\"tools\"");
            assert!(text == old || text == new, "step {at}: {name} is torn");
        }
        let undone = undo(&journal(root), None, None, &NoFailpoints).unwrap();
        assert!(undone.kept.is_empty(), "step {at}: {undone:?}");
        assert_eq!(snapshot(root), before, "step {at}");
        assert!(leftovers(root).is_empty(), "step {at}");
        assert!(fix(root, &NoFailpoints).ok(), "step {at}");
    }
}

#[test]
fn undo_can_crash_too() {
    let place = gateway();
    fix(place.path(), &NoFailpoints);
    let counter = Crash::at(usize::MAX);
    undo(&journal(place.path()), None, None, &counter).unwrap();
    for at in 0..counter.passed.get() {
        let place = gateway();
        let root = place.path();
        let before = snapshot(root);
        fix(root, &NoFailpoints);
        fs::write(root.join("undo"), "").unwrap();
        die_at(at, root);
        undo(&journal(root), None, None, &NoFailpoints).unwrap();
        assert_eq!(snapshot(root), before, "step {at}");
        assert!(leftovers(root).is_empty(), "step {at}");
    }
}

#[test]
fn later_changes_are_left_alone() {
    let place = gateway();
    let root = place.path();
    fix(root, &NoFailpoints);
    fs::write(root.join("state/openclaw.json"), "{mine: 1}").unwrap();
    fs::set_permissions(root.join("state/credentials"), Permissions::from_mode(0o711)).unwrap();
    fs::remove_file(root.join("state/credentials/a.json")).unwrap();
    fs::write(root.join("state/credentials/a.json"), "{}").unwrap();
    let undone = undo(&journal(root), None, None, &NoFailpoints).unwrap();
    assert_eq!(undone.kept.len(), 3, "{undone:?}");
    assert_eq!(fs::read_to_string(root.join("state/openclaw.json")).unwrap(), "{mine: 1}");
    // A new file that replaced the old one keeps its mode as well.
    assert_eq!(mode(root.join("state/openclaw.json")), 0o600);
    assert_eq!(fs::read_to_string(root.join("state/more.json5")).unwrap(), MORE);
    assert_eq!(mode(root.join("state/credentials")), 0o711);
}

#[test]
fn a_file_that_is_not_the_audited_one_is_not_edited() {
    let place = gateway();
    let planned = plan(&inputs(place.path()), &[]);
    let other = CONFIG.replace("mine", "yours");
    fs::write(place.path().join("state/openclaw.json"), &other).unwrap();
    let applied = apply(&planned, &journal(place.path()), &NoFailpoints).unwrap();
    assert!(applied.errors[0].ends_with("it is not the file that was audited"), "{applied:?}");
    assert_eq!(fs::read_to_string(place.path().join("state/openclaw.json")).unwrap(), other);
}
