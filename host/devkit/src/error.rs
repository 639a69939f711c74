//! What can go wrong in the workshop, in words that name the next step.

use std::path::PathBuf;

use thiserror::Error;

use chitin_model::manifest::ManifestError;
use chitin_runtime::LoadError;

#[derive(Debug, Error)]
pub enum AuthorError {
    #[error("`{0}` is no name for a module: {1}")]
    Name(String, &'static str),
    #[error("{} is there already", .0.display())]
    Exists(PathBuf),
    #[error("{}: {reason}", path.display())]
    File { path: PathBuf, reason: String },
    #[error("{}: larger than {limit} bytes", path.display())]
    TooLarge { path: PathBuf, limit: u64 },
    #[error("{0}")]
    Build(String),
    #[error("{name}: {source}")]
    Manifest { name: String, source: ManifestError },
    #[error("{name} imports {}; a check may import nothing but chitin:audit/*", imports.join(", "))]
    ForeignImports { name: String, imports: Vec<String> },
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error("{} has no examples", .0.display())]
    NoExamples(PathBuf),
    #[error("{}: {reason}", path.display())]
    Expected { path: PathBuf, reason: String },
    #[error("{}: not a record of `chitin module record`: {reason}", path.display())]
    Record { path: PathBuf, reason: String },
    #[error("{}: a record of schema {schema}; this program reads {ours}", path.display())]
    RecordSchema { path: PathBuf, schema: u64, ours: u32 },
    #[error("{0}")]
    Run(String),
}

impl AuthorError {
    /// What to do about it, where that is not plain.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::ForeignImports { .. } => {
                "they come from a library or a runtime that expects an operating system: leave it out, or have the tool \
                 that makes the component replace them with stubs"
            }
            Self::NoExamples(_) => {
                "make `examples/good/NAME/` and `examples/bad/NAME/`, each a state directory, and `expected.toml` in the bad ones"
            }
            _ => return None,
        })
    }

    pub(super) fn file(path: impl Into<PathBuf>, error: &std::io::Error) -> Self {
        Self::File { path: path.into(), reason: chitin_fs::files::io_reason(error) }
    }
}
