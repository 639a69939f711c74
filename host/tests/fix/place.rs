//! A gateway in a temporary directory, and the program run on it in an environment that knows nothing else.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A home directory and a state directory.
pub(crate) struct Place {
    root: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self { root: tempfile::tempdir().unwrap(), variables: Vec::new() };
        for name in ["home", "state"] {
            fs::create_dir(place.path(name)).unwrap();
            place.chmod(name, 0o700);
        }
        place
    }

    pub(crate) fn of(config: &str) -> Self {
        let place = Self::new();
        place.write("state/openclaw.json", config);
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self.chmod(name, 0o600);
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn chmod(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), Permissions::from_mode(mode)).unwrap();
    }

    pub(crate) fn mode(&self, name: &str) -> u32 {
        fs::metadata(self.path(name)).unwrap().permissions().mode() & 0o7777
    }

    pub(crate) fn set(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_chitin"))
            .args(arguments)
            .env_clear()
            .env("HOME", self.path("home"))
            .env("OPENCLAW_STATE_DIR", self.path("state"))
            .envs(self.variables.iter().map(|(name, value)| (*name, value.as_str())))
            .current_dir(self.path("home"))
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// `audit --fix --json`.
    pub(crate) fn fix(&self) -> Fixed {
        let output = self.run(&["audit", "--fix", "--json"]);
        let report = serde_json::from_slice(&output.stdout);
        Fixed(report.unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr))))
    }

    /// What the config means now.
    pub(crate) fn config(&self) -> Value {
        let limits = chitin::collect::config::Limits::default();
        let text = self.read("state/openclaw.json");
        chitin::collect::config::syntax::parse(&text, &limits).unwrap().json
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The report of a run with `--fix`.
pub(crate) struct Fixed(pub(crate) Value);

impl Fixed {
    fn texts(&self, key: &str) -> Vec<&str> {
        let list = self.0["fix"][key].as_array().unwrap();
        list.iter().map(|text| text.as_str().unwrap()).collect()
    }

    pub(crate) fn ok(&self) -> bool {
        self.0["fix"]["ok"].as_bool().unwrap()
    }

    pub(crate) fn config_written(&self) -> bool {
        self.0["fix"]["configWritten"].as_bool().unwrap()
    }

    pub(crate) fn changes(&self) -> Vec<&str> {
        self.texts("changes")
    }

    pub(crate) fn errors(&self) -> Vec<&str> {
        self.texts("errors")
    }

    pub(crate) fn actions(&self) -> &[Value] {
        self.0["fix"]["actions"].as_array().unwrap()
    }

    pub(crate) fn action(&self, path: &Path) -> &Value {
        let path = path.to_str().unwrap();
        let found = self.actions().iter().find(|action| action["path"] == path);
        found.unwrap_or_else(|| panic!("{path}: {:?}", self.actions()))
    }
}
