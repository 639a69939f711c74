//! A gateway on disk, for tests.

use std::fs;
use std::path::{Path, PathBuf};

use crate::discover::{FoundBy, Locations, Scope};
use crate::document::{Config, Shape, Value};
use crate::environment::Environment;
use crate::limits::ConfigLimits;
use crate::load::load;

/// A directory with a config in `state/openclaw.json` and other files, and an environment.
pub(super) struct Gateway {
    root: tempfile::TempDir,
    variables: Vec<(String, String)>,
    limits: ConfigLimits,
    own: bool,
}

impl Gateway {
    /// Files by their path from the root.
    pub(super) fn with(files: &[(&str, &str)]) -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("state")).unwrap();
        let gateway =
            Self { root, variables: Vec::new(), limits: ConfigLimits::default(), own: true };
        for (name, content) in files {
            gateway.write(name, content);
        }
        gateway
    }

    /// A gateway with nothing but a config.
    pub(super) fn of(config: &str) -> Self {
        Self::with(&[("state/openclaw.json", config)])
    }

    pub(super) fn set(mut self, name: &str, value: &str) -> Self {
        let value = value.replace("ROOT", self.root.path().to_str().unwrap());
        self.variables.push((name.to_owned(), value));
        self
    }

    pub(super) fn within(self, limits: ConfigLimits) -> Self {
        Self { limits, ..self }
    }

    pub(super) fn copied_here(self) -> Self {
        Self { own: false, ..self }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub(super) fn write(&self, name: &str, content: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content.replace("ROOT", self.root.path().to_str().unwrap())).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    pub(super) fn load(&self) -> Config {
        self.load_with_environment().0
    }

    pub(super) fn load_with_environment(&self) -> (Config, Environment) {
        let locations = Locations {
            home: self.path("home"),
            state_dir: self.path("state"),
            config_path: self.path("state/openclaw.json"),
            credentials_dir: self.path("state/credentials"),
            cwd: self.path("cwd"),
            scope: if self.own { Scope::Own } else { Scope::Directory },
            state_dir_by: FoundBy::Default,
            config_by: FoundBy::StateDir,
        };
        let mut environment = Environment::from_pairs(self.variables.clone());
        let config = load(&locations, &mut environment, &self.limits);
        (config, environment)
    }

    /// A path relative to the root.
    pub(super) fn relative(&self, path: &Path) -> String {
        path.strip_prefix(self.root.path()).unwrap().display().to_string()
    }
}

/// A tree as JSON, with strings as they are in effect.
pub(super) fn json(value: &Value) -> serde_json::Value {
    match &value.shape {
        Shape::Null => serde_json::Value::Null,
        Shape::Bool(value) => (*value).into(),
        Shape::Number(number) => number.clone().into(),
        Shape::Text(text) => text.effective.clone().into(),
        Shape::Reference(reference) => {
            format!("ref {}:{}:{}", reference.source, reference.provider, reference.id).into()
        }
        Shape::List(items) => items.iter().map(json).collect(),
        Shape::Map(members) => {
            members.iter().map(|(key, value)| (key.clone(), json(value))).collect()
        }
    }
}

impl Config {
    /// The whole tree as JSON text, in order.
    pub(super) fn printed(&self) -> String {
        self.document.as_ref().map_or("none".to_owned(), |document| json(document).to_string())
    }

    pub(super) fn messages(&self) -> Vec<&str> {
        self.problems.iter().map(|problem| problem.message.as_str()).collect()
    }
}
