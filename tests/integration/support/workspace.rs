//! A directory tree to audit, made in a temporary directory. Every mode is set explicitly, whatever the umask is.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// A root with a home directory and, if it is wanted, a state directory. Deleted when dropped.
#[derive(Debug)]
pub(crate) struct Workspace {
    _directory: TempDir,
    root: PathBuf,
}

impl Workspace {
    /// With an empty home directory `home` and an empty state directory `state`.
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        // On some systems the temporary directory is behind a link.
        let root = directory.path().canonicalize().unwrap();
        let workspace = Self { _directory: directory, root };
        workspace.dir("home", 0o700);
        workspace.dir("state", 0o700);
        workspace
    }

    /// With a config of mode 0600.
    pub(crate) fn with_config(config: &Value) -> Self {
        Self::with_config_text(config.to_string())
    }

    pub(crate) fn with_config_text(text: impl AsRef<[u8]>) -> Self {
        let workspace = Self::new();
        workspace.file("state/openclaw.json", 0o600, text);
        workspace
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn path(&self, path: impl AsRef<OsStr>) -> PathBuf {
        self.root.join(path.as_ref())
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.path("state")
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.path("home")
    }

    /// Missing parents are made with mode 0700.
    fn parents(&self, path: &Path) {
        let parent = path.parent().unwrap();
        assert!(parent.starts_with(&self.root), "{} is not below the workspace", path.display());
        let missing: Vec<_> = parent.ancestors().take_while(|parent| !parent.exists()).collect();
        for directory in missing.into_iter().rev() {
            fs::create_dir(directory).unwrap();
            fs::set_permissions(directory, Permissions::from_mode(0o700)).unwrap();
        }
    }

    pub(crate) fn mode(&self, path: impl AsRef<OsStr>, mode: u32) {
        fs::set_permissions(self.path(path), Permissions::from_mode(mode)).unwrap();
    }

    /// The lowest twelve bits of what is at a path, or of what it leads to.
    pub(crate) fn mode_of(&self, path: impl AsRef<OsStr>) -> u32 {
        fs::metadata(self.path(path)).unwrap().permissions().mode() & 0o7777
    }

    pub(crate) fn read(&self, path: impl AsRef<OsStr>) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn dir(&self, path: impl AsRef<OsStr>, mode: u32) {
        let full = self.path(&path);
        self.parents(&full);
        if !full.is_dir() {
            fs::create_dir(&full).unwrap();
        }
        self.mode(path, mode);
    }

    pub(crate) fn file(&self, path: impl AsRef<OsStr>, mode: u32, content: impl AsRef<[u8]>) {
        let full = self.path(&path);
        self.parents(&full);
        fs::write(full, content).unwrap();
        self.mode(path, mode);
    }

    pub(crate) fn link(&self, path: impl AsRef<OsStr>, target: impl AsRef<Path>) {
        let full = self.path(path);
        self.parents(&full);
        symlink(target, full).unwrap();
    }

    pub(crate) fn fifo(&self, path: &str) {
        let full = self.path(path);
        self.parents(&full);
        let status = Command::new("mkfifo").arg("-m").arg("600").arg(full).status().unwrap();
        assert!(status.success());
    }

    /// A database with what the statements put into it.
    pub(crate) fn database(&self, path: &str, mode: u32, statements: &[String]) {
        let full = self.path(path);
        self.parents(&full);
        let database = rusqlite::Connection::open(full).unwrap();
        for statement in statements {
            database.execute_batch(statement).unwrap();
        }
        database.close().unwrap();
        self.mode(path, mode);
    }

    /// A copy of a directory tree: directories with mode 0700, files with 0600.
    pub(crate) fn copy(&self, from: &Path, to: &str) {
        self.dir(to, 0o700);
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let below = format!("{to}/{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                self.copy(&entry.path(), &below);
            } else {
                self.file(&below, 0o600, fs::read(entry.path()).unwrap());
            }
        }
    }
}
