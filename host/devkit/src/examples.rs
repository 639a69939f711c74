//! A module's own examples: what it has to say nothing about, and what it has to find.
//!
//! An example is a directory, `examples/good/NAME` or `examples/bad/NAME`: a state directory, or one file `record.json`. Beside
//! them lies `expected.toml`, which the module never sees.

mod copy;
mod expected;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::record::{self, Record, Said};
use super::{AuthorError, files, run};
use chitin_collect::Collected;
use chitin_config::discover::Request;
use chitin_config::environment::Environment;
use chitin_runtime::Module;
use chitin_runtime::limits::Limits;
use chitin_view::{Inputs, View};
use expected::Expected;

/// The file with what is expected.
const EXPECTED: &str = "expected.toml";

/// The file that makes an example of a record.
const RECORD: &str = "record.json";

const MAX_EXPECTED: u64 = 1 << 20;

const MAX_EXAMPLES: usize = 1000;

/// Whether a module has to find something.
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

/// Every example of a module's directory: the good ones, then the bad ones, by name.
pub fn find(module: &Path) -> Result<Vec<Example>, AuthorError> {
    let mut found = Vec::new();
    for kind in [Kind::Good, Kind::Bad] {
        let directory = module.join("examples").join(kind.name());
        for name in directories(&directory)? {
            found.push(Example::read(kind, &name, directory.join(&name))?);
        }
    }
    if found.is_empty() {
        return Err(AuthorError::NoExamples(module.to_owned()));
    }
    Ok(found)
}

/// The names of the directories in a directory, in order; none where there is none.
fn directories(directory: &Path) -> Result<Vec<String>, AuthorError> {
    let failed = |error: std::io::Error| AuthorError::file(directory, &error);
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
    fn read(kind: Kind, name: &str, directory: PathBuf) -> Result<Self, AuthorError> {
        let path = directory.join(EXPECTED);
        let expected = if path.is_file() {
            Expected::parse(&files::read_text(&path, MAX_EXPECTED)?)
                .map_err(|reason| AuthorError::Expected { path: path.clone(), reason })?
        } else {
            Expected::default()
        };
        let wrong = match kind {
            Kind::Good if expected.has_findings() => Some("a good example expects no finding"),
            Kind::Bad if !expected.has_findings() => {
                Some("a bad example expects a finding: write [[finding]] with rule and severity")
            }
            _ => None,
        };
        match wrong {
            Some(reason) => Err(AuthorError::Expected { path, reason: reason.to_owned() }),
            None => Ok(Self { name: format!("{}/{name}", kind.name()), directory, expected }),
        }
    }

    /// Runs a module over the example. The answer is every difference from what is expected.
    pub async fn judge(&self, module: Module, limits: Limits) -> Result<Vec<String>, AuthorError> {
        let record = self.directory.join(RECORD);
        if record.is_file() {
            let replayed = record::replay(module, &Record::read(&record)?, limits).await?;
            let missing = replayed.missing.iter().map(|question| {
                let question = serde_json::to_string(question).unwrap_or_default();
                format!("asked what the record does not answer: {question}")
            });
            return Ok(self
                .expected
                .differences(&replayed.said)
                .into_iter()
                .chain(missing)
                .collect());
        }
        let said = self.run(module, limits).await?;
        Ok(self.expected.differences(&said))
    }

    /// Runs a module over a copy of the state directory, as that of a stranger. A copy, since modes are not kept by
    /// version control, and differ with the umask of whoever checks out.
    async fn run(&self, module: Module, limits: Limits) -> Result<Said, AuthorError> {
        let place = copy::copy(&self.directory, EXPECTED, self.expected.modes())?;
        let request = Request {
            target: Some(place.path().join(copy::STATE)),
            cwd: place.path().to_owned(),
            ..Request::default()
        };
        // Nothing of the machine that the test runs on.
        let home = place.path().join("home").into_os_string();
        let environment = Environment::from_pairs([("HOME", home)]);
        let collected = Collected::gather(&request, environment);
        let inputs =
            Inputs::new(collected, None).map_err(|error| AuthorError::Run(error.to_string()))?;
        let manifest = Arc::clone(&module.manifest);
        let incomplete = inputs.missing_config(&manifest.grants);
        let view = View::new(inputs.into(), manifest.grants.clone());
        let mut said =
            Said::of(&run::alone(module, view, limits, vec![place.path().to_owned()]).await?);
        if let Some(reason) = incomplete {
            said.silence_is_not_run(&manifest, &reason);
        }
        Ok(said)
    }
}
