//! The configuration as it was read: one merged tree in which every value knows the file and place it came from.
//!
//! It holds secrets in the clear and stays inside the host: chitin-view makes the sealed form that checks see.

use std::collections::HashSet;
use std::fmt;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value as Json};

use super::limits::ConfigLimits;
use super::line_index::Position;
use super::spans::{Locator, below};

/// A value of the merged config, and where it is written.
#[derive(Clone)]
pub struct Value {
    pub shape: Shape,
    pub location: SourceLocation,
}

impl Default for Value {
    /// What a missing file holds: an empty object.
    fn default() -> Self {
        Self { shape: Shape::Map(Vec::new()), location: SourceLocation::default() }
    }
}

impl Value {
    /// The value as ordinary JSON, as OpenClaw sees it: with secrets in the clear, so for the host's own reading only. A
    /// `SecretRef` is the object that the file has.
    pub fn to_json(&self) -> Json {
        match &self.shape {
            Shape::Null => Json::Null,
            Shape::Bool(value) => Json::Bool(*value),
            Shape::Number(number) => Json::Number(number.clone()),
            Shape::Text(text) => Json::String(text.effective.clone()),
            Shape::Reference(reference) => serde_json::json!({
                "source": reference.source,
                "provider": reference.provider,
                "id": reference.id,
            }),
            Shape::List(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Shape::Map(members) => Json::Object(
                members.iter().map(|(key, value)| (key.clone(), value.to_json())).collect(),
            ),
        }
    }
}

/// What a value is.
#[derive(Clone)]
pub enum Shape {
    Null,
    Bool(bool),
    Number(Number),
    Text(Text),
    /// An object that is a `SecretRef`.
    Reference(SecretRef),
    List(Vec<Value>),
    /// Members in the order in which ECMAScript would list them; keys are unique.
    Map(Vec<(String, Value)>),
}

/// A string before and after environment substitution.
#[derive(Clone)]
pub struct Text {
    pub authored: String,
    pub effective: String,
    /// The variables that it refers to as `${NAME}` (or, as a whole, `$NAME`), in order.
    pub variables: Vec<String>,
    /// Those of them that have no value here.
    pub missing: Vec<String>,
}

impl Text {
    /// A string as a file has it.
    pub fn written(text: &str) -> Self {
        Self {
            authored: text.to_owned(),
            effective: text.to_owned(),
            variables: Vec::new(),
            missing: Vec::new(),
        }
    }
}

/// A reference to a secret that is kept elsewhere.
#[derive(Clone)]
pub struct SecretRef {
    /// `env`, `file`, `exec` or `store`.
    pub source: String,
    pub provider: String,
    pub id: String,
    /// The value, if it could be read without running anything and without leaving the audited directories.
    pub resolved: Option<String>,
}

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SourceLocation {
    /// Index into [`Config::files`].
    pub file: usize,
    /// JSON pointer within that file.
    pub pointer: String,
}

/// A file that was read for the config.
#[derive(Clone)]
pub struct SourceFile {
    pub path: PathBuf,
    pub text: String,
    /// Whether it came in through `$include`.
    pub included: bool,
    /// Made when the first position in this file is needed.
    locator: OnceLock<Locator>,
}

impl SourceFile {
    pub fn new(path: PathBuf, text: String, included: bool) -> Self {
        Self { path, text, included, locator: OnceLock::new() }
    }

    /// Where a pointer into this file leads: to the key of a member, to the value of an item, or to the nearest
    /// ancestor that exists. None if the file does not parse.
    pub fn position(&self, pointer: &str) -> Option<Position> {
        self.locator
            .get_or_init(|| Locator::of(&self.text, ConfigLimits::default().nesting))
            .locate(&self.text, pointer)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    ParseFailed,
    IncludeFailed,
    /// This user may not read the config.
    NotPermitted,
    /// A directory, a pipe, a socket or a device is in its place.
    NotAFile,
    TooLarge,
    /// It is not text in UTF-8.
    NotText,
    /// The disk gave an error, or something else went wrong.
    ReadFailed,
}

/// Something that kept the config from being read as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    /// In our own words and without any text of the file, so it cannot carry a secret. Names may be in it.
    pub message: String,
    pub path: PathBuf,
    pub position: Option<Position>,
    /// Where in the merged tree something is missing because of this; empty for all of it.
    pub pointer: String,
}

/// A variable that a config refers to and that has no value here, with the first place that refers to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingVariable {
    pub name: String,
    pub pointer: String,
}

/// Everything that is known from the config file and what it includes.
#[derive(Clone, Default)]
pub struct Config {
    /// The main file's path, whether or not it exists.
    pub path: PathBuf,
    /// The main file, then the included ones in the order in which they were first read.
    pub files: Vec<SourceFile>,
    /// An empty map when there is no file; none when the main file does not parse.
    pub document: Option<Value>,
    pub problems: Vec<Problem>,
    /// Every file that an `$include` names, existing or not, each once, as a path without links resolved.
    pub includes: Vec<PathBuf>,
    /// What `secretDiagnostics` reports: a sentence each.
    pub diagnostics: Vec<String>,
}

/// Types that hold secrets in the clear print nothing of themselves.
macro_rules! redacted_debug {
    ($($type:ident)*) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.debug_struct(stringify!($type)).finish_non_exhaustive()
            }
        }
    )*};
}

impl Config {
    /// Whether there is a config file.
    pub fn exists(&self) -> bool {
        !self.files.is_empty() || !self.problems.is_empty()
    }

    /// The variables without a value here, each once, in the order of the config.
    pub fn missing_variables(&self) -> Vec<MissingVariable> {
        let mut found = Missing::default();
        if let Some(document) = &self.document {
            found.walk(document, "");
        }
        found.variables
    }
}

#[derive(Default)]
struct Missing {
    variables: Vec<MissingVariable>,
    named: HashSet<String>,
}

impl Missing {
    fn walk(&mut self, value: &Value, pointer: &str) {
        match &value.shape {
            Shape::Text(text) => {
                for name in &text.missing {
                    if self.named.insert(name.clone()) {
                        let (name, pointer) = (name.clone(), pointer.to_owned());
                        self.variables.push(MissingVariable { name, pointer });
                    }
                }
            }
            Shape::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.walk(item, &below(pointer, &at.to_string()));
                }
            }
            Shape::Map(members) => {
                for (key, member) in members {
                    self.walk(member, &below(pointer, key));
                }
            }
            Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Reference(_) => {}
        }
    }
}

redacted_debug!(Value Shape Text SecretRef SourceFile Config);
