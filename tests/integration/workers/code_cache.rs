//! Machine code of an earlier run: used only from a private directory, and only when it is what was put there.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use chitin_audit::Report;
use chitin_model::ledger::Status;
use serde_json::json;
use tempfile::TempDir;

use super::{failure, status};
use crate::support::harness::{Audit, HOSTILE, SPY, alone_in_worker, setup};
use crate::support::workspace::Workspace;

/// A cache that one audit has filled.
struct FilledCache {
    workspace: Workspace,
    cache: TempDir,
}

impl FilledCache {
    fn new() -> Self {
        let workspace = Workspace::with_config(&json!({"hostile": {"mode": "quiet"}}));
        let filled = Self { workspace, cache: tempfile::tempdir().unwrap() };
        filled.audits();
        filled
    }

    fn directory(&self) -> PathBuf {
        self.cache.path().join("compiled")
    }

    /// The only entry.
    fn entry(&self) -> PathBuf {
        let entries: Vec<_> = fs::read_dir(self.directory()).unwrap().collect();
        let [Ok(entry)] = entries.as_slice() else { panic!("{entries:?}") };
        entry.path()
    }

    fn report(&self) -> Report {
        Audit::of(&self.workspace).workers(setup(self.cache.path())).run(&alone_in_worker(HOSTILE))
    }

    /// Whatever the cache is like, the audit is whole.
    fn audits(&self) -> Report {
        let report = self.report();
        assert_eq!(failure(&report, "tests.hostile"), "");
        assert_eq!(status(&report, "hostile.first"), Status::Finding);
        report
    }

    /// Whether an audit writes the entry again.
    fn rebuilds(&self) -> bool {
        let identity = |path: &Path| fs::symlink_metadata(path).unwrap().ino();
        // A new entry must not get the number of the old one.
        let kept = self.cache.path().join("kept");
        let entry = self.entry();
        let before = identity(&entry);
        fs::hard_link(&entry, kept).unwrap();
        self.audits();
        identity(&entry) != before
    }
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn machine_code_is_cached_privately_and_reused() {
    let filled = FilledCache::new();
    assert_eq!((mode(&filled.directory()), mode(&filled.entry())), (0o700, 0o600));
    assert!(!filled.rebuilds());
}

#[test]
fn changed_machine_code_is_rebuilt() {
    for change in [0, 8, 40, 5000, usize::MAX] {
        let filled = FilledCache::new();
        let entry = filled.entry();
        let mut bytes = fs::read(&entry).unwrap();
        let at = change.min(bytes.len() - 1);
        bytes[at] ^= 1;
        fs::write(&entry, bytes).unwrap();
        assert!(filled.rebuilds(), "{change}");
    }
    for length in [0, 7, 39, 1000] {
        let filled = FilledCache::new();
        let bytes = fs::read(filled.entry()).unwrap();
        fs::write(filled.entry(), &bytes[..length]).unwrap();
        assert!(filled.rebuilds(), "{length}");
    }
}

#[test]
fn machine_code_of_another_module_is_rebuilt() {
    let (filled, other) = (FilledCache::new(), FilledCache::new());
    let spied =
        Audit::of(&other.workspace).workers(setup(other.cache.path())).run(&alone_in_worker(SPY));
    assert_eq!(failure(&spied, "tests.spy"), "");
    let own = other.entry_beside(&filled.entry());
    fs::copy(own, filled.entry()).unwrap();
    assert!(filled.rebuilds());
}

impl FilledCache {
    /// The entry that is not of this name.
    fn entry_beside(&self, known: &Path) -> PathBuf {
        let mut entries =
            fs::read_dir(self.directory()).unwrap().map(|entry| entry.unwrap().path());
        entries.find(|path| path.file_name() != known.file_name()).unwrap()
    }
}

#[test]
fn a_symlinked_entry_is_rebuilt() {
    let filled = FilledCache::new();
    let (entry, elsewhere) = (filled.entry(), filled.cache.path().join("elsewhere"));
    fs::rename(&entry, &elsewhere).unwrap();
    symlink(&elsewhere, &entry).unwrap();
    filled.audits();
    assert!(fs::symlink_metadata(&entry).unwrap().is_file());
}

#[test]
fn a_directory_that_others_may_write_to_is_not_used() {
    let filled = FilledCache::new();
    for exposed in [0o770, 0o707, 0o755] {
        fs::set_permissions(filled.directory(), Permissions::from_mode(exposed)).unwrap();
        fs::write(filled.entry(), "not looked at").unwrap();
        let report = filled.audits();
        assert_eq!(fs::read(filled.entry()).unwrap(), b"not looked at");
        let notes = report.workers.unwrap().notes;
        assert!(
            notes.iter().any(|note| note.contains("may be read or written by others")),
            "{notes:?}"
        );
    }
}

#[test]
fn nothing_is_cached_in_the_audited_directory() {
    let workspace = Workspace::with_config(&json!({"hostile": {"mode": "quiet"}}));
    let report =
        Audit::of(&workspace).workers(setup(&workspace.state())).run(&alone_in_worker(HOSTILE));
    assert_eq!(failure(&report, "tests.hostile"), "");
    assert!(!workspace.state().join("compiled").exists());
}
