//! A module's own examples: states in which it must report nothing, and states in which it must find something.
//!
//! An example is a directory, `examples/good/NAME` or `examples/bad/NAME`: a state directory, or a single file `record.json`,
//! and `expected.toml`, which the module never sees.

mod copy;
mod expected;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::record::{self, ModuleOutput, Record};
use super::{DevkitError, files, run};
use chitin_collect::Collected;
use chitin_config::discover::{Request, Target};
use chitin_config::environment::Environment;
use chitin_runtime::Module;
use chitin_runtime::limits::Limits;
use chitin_view::{Inputs, View};
use expected::Expected;

/// The file that says what is expected.
const EXPECTED: &str = "expected.toml";

/// The file of an example that replays a record.
const RECORD: &str = "record.json";

const MAX_EXPECTED: u64 = 1 << 20;

const MAX_EXAMPLES: usize = 1000;

/// Whether a module must find something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Good,
    Bad,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
        }
    }
}

/// One example.
#[derive(Debug)]
pub struct Example {
    /// `good/NAME` or `bad/NAME`.
    pub name: String,
    directory: PathBuf,
    expected: Expected,
}

/// Every example in a module's directory: the good ones, then the bad ones, by name.
pub fn find(module: &Path) -> Result<Vec<Example>, DevkitError> {
    let mut found = Vec::new();
    for kind in [Kind::Good, Kind::Bad] {
        let directory = module.join("examples").join(kind.name());
        for name in directories(&directory)? {
            found.push(Example::read(kind, &name, directory.join(&name))?);
        }
    }
    if found.is_empty() {
        return Err(DevkitError::NoExamples(module.to_owned()));
    }
    Ok(found)
}

/// The names of the directories in a directory, in order; none if it does not exist.
fn directories(directory: &Path) -> Result<Vec<String>, DevkitError> {
    let failed = |error: std::io::Error| DevkitError::file(directory, &error);
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut names = Vec::new();
    for entry in entries.take(MAX_EXAMPLES) {
        let entry = entry.map_err(failed)?;
        if entry.file_type().map_err(failed)?.is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

impl Example {
    fn read(kind: Kind, name: &str, directory: PathBuf) -> Result<Self, DevkitError> {
        let path = directory.join(EXPECTED);
        let expected = if path.is_file() {
            Expected::parse(&files::read_text(&path, MAX_EXPECTED)?)
                .map_err(|reason| DevkitError::Expected { path: path.clone(), reason })?
        } else {
            Expected::default()
        };
        let wrong = match kind {
            Kind::Good if expected.has_findings() => {
                Some("a good example must not expect a finding")
            }
            Kind::Bad if !expected.has_findings() => Some(
                "a bad example must expect a finding: write [[finding]] with rule and severity",
            ),
            _ => None,
        };
        match wrong {
            Some(reason) => Err(DevkitError::Expected { path, reason: reason.to_owned() }),
            None => Ok(Self { name: format!("{}/{name}", kind.name()), directory, expected }),
        }
    }

    /// Runs a module over the example and returns every difference from what is expected.
    pub async fn check(&self, module: Module, limits: Limits) -> Result<Vec<String>, DevkitError> {
        let record = self.directory.join(RECORD);
        if record.is_file() {
            let replayed = record::replay(module, &Record::read(&record)?, limits).await?;
            let missing = replayed.missing.iter().map(|question| {
                let question = serde_json::to_string(question).unwrap_or_default();
                format!("asked what is not in the record: {question}")
            });
            return Ok(self
                .expected
                .differences(&replayed.output)
                .into_iter()
                .chain(missing)
                .collect());
        }
        let output = self.run(module, limits).await?;
        Ok(self.expected.differences(&output))
    }

    /// Runs a module over a copy of the state directory, audited as another user's. A copy, because version control does
    /// not keep modes: they depend on the umask of the person who checks out.
    async fn run(&self, module: Module, limits: Limits) -> Result<ModuleOutput, DevkitError> {
        let place = copy::copy(&self.directory, EXPECTED, self.expected.modes())?;
        let request = Request {
            target: Some(Target::Path(place.path().join(copy::STATE))),
            cwd: place.path().to_owned(),
            ..Request::default()
        };
        // Nothing from the machine that the test runs on.
        let home = place.path().join("home").into_os_string();
        let environment = Environment::from_pairs([("HOME", home)]);
        let collected = Collected::gather(&request, environment);
        let inputs =
            Inputs::new(collected, None).map_err(|error| DevkitError::Run(error.to_string()))?;
        let manifest = Arc::clone(&module.manifest);
        let incomplete = inputs.missing_config(&manifest.grants);
        let view = View::new(inputs.into(), manifest.grants.clone());
        let mut output = ModuleOutput::of(
            &run::run_module(module, view, limits, vec![place.path().to_owned()]).await?,
        );
        if let Some(reason) = incomplete {
            output.mark_silent_rules_not_run(&manifest, &reason);
        }
        Ok(output)
    }
}
