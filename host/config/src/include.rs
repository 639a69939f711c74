//! `$include`: puts the values of other files into the tree, each with the place that it came from.
//!
//! What cannot be included counts as an empty object and is reported, and loading goes on. It ends only when the whole
//! is too large.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde_json::{Map, Number, Value as Json};
use thiserror::Error;

use super::document::{
    Config, Problem, ProblemKind, Shape, SourceFile, SourceLocation, Text, Value,
};
use super::ecma::order_members;
use super::error::ConfigError;
use super::include_dirs::{IncludeDirs, IncludePathError, target};
use super::limits::{ConfigLimits, ConfigSizeError};
use super::merge::{clean, merge};
use super::parse::{Parsed, SyntaxError, parse};
use super::spans::below;
use chitin_fs::read::Access;

/// The key of a directive.
pub(super) const INCLUDE: &str = "$include";

/// Further problems would say nothing new.
const MAX_PROBLEMS: usize = 256;

/// Names of files that are kept. Some of more than this many have failed long before.
const MAX_NAMES: usize = 1024;

/// Why something was not included.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
enum IncludeError {
    #[error("its value is neither a path nor a list of paths")]
    NotAPath,
    #[error(transparent)]
    Path(#[from] IncludePathError),
    #[error("it includes itself")]
    Circular,
    #[error("includes nest more than {0} files deep")]
    TooDeep(usize),
    #[error("files are included more than {0} times")]
    TooOften(usize),
    #[error("lists and objects nest more than {0} levels deep when it is put in")]
    Nesting(usize),
    #[error("it does not parse: {0}")]
    Syntax(#[from] SyntaxError),
    #[error("there are other keys beside it, but what it includes is not an object")]
    NoObject,
}

/// Where in which file a value is written, where in the merged tree it goes, and how deep that is.
#[derive(Clone)]
struct Here<'a> {
    location: SourceLocation,
    target: String,
    level: usize,
    chain: &'a Chain<'a>,
}

impl Here<'_> {
    fn below(&self, segment: &str) -> Self {
        Self {
            location: SourceLocation {
                file: self.location.file,
                pointer: below(&self.location.pointer, segment),
            },
            target: below(&self.target, segment),
            level: self.level + 1,
            chain: self.chain,
        }
    }
}

/// The files that are being included in one another, innermost first.
struct Chain<'a> {
    path: &'a Path,
    depth: usize,
    outer: Option<&'a Chain<'a>>,
}

impl Chain<'_> {
    fn has(&self, path: &Path) -> bool {
        self.path == path || self.outer.is_some_and(|outer| outer.has(path))
    }
}

/// Reads the main file of a config, with everything that it includes. Returns the tree; files, problems and names of
/// included files are added to the config.
pub(super) fn resolve(
    config: &mut Config,
    dirs: &IncludeDirs,
    limits: &ConfigLimits,
) -> Result<Value, ConfigError> {
    let Some(main) = config.files.first() else { return Ok(Value::default()) };
    let parsed = parse(&main.text, limits)?;
    let path = config.path.clone();
    let mut includer = Includer {
        limits,
        dirs,
        config,
        named: HashSet::new(),
        parsed: HashMap::new(),
        reads: 0,
        values_left: limits.values.saturating_sub(parsed.size.values),
        bytes_left: limits.derived_bytes,
        steps_left: limits.values.saturating_mul(4),
    };
    let chain = Chain { path: &path, depth: 0, outer: None };
    let here = Here {
        location: SourceLocation::default(),
        target: String::new(),
        level: 0,
        chain: &chain,
    };
    Ok(includer.value(&parsed.json, &here)?)
}

struct Includer<'a> {
    limits: &'a ConfigLimits,
    dirs: &'a IncludeDirs,
    config: &'a mut Config,
    named: HashSet<PathBuf>,
    /// Files that were read before: a second directive sees the same text as the first.
    parsed: HashMap<PathBuf, (usize, Rc<Parsed>)>,
    reads: usize,
    values_left: usize,
    bytes_left: usize,
    steps_left: usize,
}

impl Includer<'_> {
    // Plain loops here and below: a function that calls itself for every level should need little stack.
    fn value(&mut self, json: &Json, here: &Here<'_>) -> Result<Value, ConfigSizeError> {
        let bytes = here.location.pointer.len() + json.as_str().map_or(0, str::len);
        self.bytes_left = self.bytes_left.checked_sub(bytes).ok_or(ConfigSizeError::Derived)?;
        let shape = match json {
            Json::Null => Shape::Null,
            Json::Bool(value) => Shape::Bool(*value),
            Json::Number(number) => Shape::Number(as_ecmascript_prints(number)),
            Json::String(text) => Shape::Text(Text::written(text)),
            Json::Array(items) => Shape::List(self.items(items, here)?),
            Json::Object(members) => match members.get(INCLUDE) {
                Some(directive) => return self.included(members, directive, here),
                None => Shape::Map(self.members(members, here)?),
            },
        };
        Ok(Value { shape, location: here.location.clone() })
    }

    fn items(&mut self, items: &[Json], here: &Here<'_>) -> Result<Vec<Value>, ConfigSizeError> {
        let mut values = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            values.push(self.value(item, &here.below(&index.to_string()))?);
        }
        Ok(values)
    }

    /// All members but the directive and `__proto__`, which an object that OpenClaw makes cannot have.
    fn members(
        &mut self,
        members: &Map<String, Json>,
        here: &Here<'_>,
    ) -> Result<Vec<(String, Value)>, ConfigSizeError> {
        let mut values = Vec::with_capacity(members.len());
        for (key, member) in members {
            if !matches!(key.as_str(), INCLUDE | "__proto__") {
                values.push((key.clone(), self.value(member, &here.below(key))?));
            }
        }
        order_members(&mut values);
        Ok(values)
    }

    /// An object with a directive: what it names, with the object's other members merged over it.
    fn included(
        &mut self,
        members: &Map<String, Json>,
        directive: &Json,
        here: &Here<'_>,
    ) -> Result<Value, ConfigSizeError> {
        let mut included = match directive {
            Json::String(path) => self.file(path, here)?,
            Json::Array(paths) => self.files(paths, here)?,
            _ => {
                self.fail(here, None, &IncludeError::NotAPath);
                empty(here)
            }
        };
        if members.len() == 1 {
            return Ok(included);
        }
        if !matches!(included.shape, Shape::Map(_)) {
            self.fail(here, None, &IncludeError::NoObject);
            included = empty(here);
        }
        clean(&mut included);
        let mut own = Value {
            shape: Shape::Map(self.members(members, here)?),
            location: here.location.clone(),
        };
        clean(&mut own);
        merge(&mut included, own, &mut self.steps_left)?;
        Ok(included)
    }

    fn files(&mut self, paths: &[Json], here: &Here<'_>) -> Result<Value, ConfigSizeError> {
        let mut merged = empty(here);
        if !paths.iter().all(Json::is_string) {
            self.fail(here, None, &IncludeError::NotAPath);
        }
        for path in paths.iter().filter_map(Json::as_str) {
            let mut included = self.file(path, here)?;
            clean(&mut included);
            merge(&mut merged, included, &mut self.steps_left)?;
        }
        Ok(merged)
    }

    fn file(&mut self, written: &str, here: &Here<'_>) -> Result<Value, ConfigSizeError> {
        self.note(target(here.chain.path, written));
        let (path, file, parsed) = match self.open(written, here) {
            Ok(opened) => opened,
            Err(failure) => {
                self.fail(here, Some(written), &failure);
                return Ok(empty(here));
            }
        };
        self.values_left =
            self.values_left.checked_sub(parsed.size.values).ok_or(ConfigSizeError::Values)?;
        let chain = Chain { path: &path, depth: here.chain.depth + 1, outer: Some(here.chain) };
        let inside = Here {
            location: SourceLocation { file, pointer: String::new() },
            target: here.target.clone(),
            level: here.level,
            chain: &chain,
        };
        self.value(&parsed.json, &inside)
    }

    fn note(&mut self, path: PathBuf) {
        if self.config.includes.len() < MAX_NAMES && self.named.insert(path.clone()) {
            self.config.includes.push(path);
        }
    }

    fn open(
        &mut self,
        written: &str,
        here: &Here<'_>,
    ) -> Result<(PathBuf, usize, Rc<Parsed>), IncludeError> {
        let path = self.dirs.resolve(here.chain.path, written)?;
        if here.chain.has(&path) {
            return Err(IncludeError::Circular);
        }
        if here.chain.depth >= self.limits.include_depth {
            return Err(IncludeError::TooDeep(self.limits.include_depth));
        }
        self.reads += 1;
        if self.reads > self.limits.include_files {
            return Err(IncludeError::TooOften(self.limits.include_files));
        }
        let (file, parsed) = self.parse(&path)?;
        if here.level + parsed.size.depth > self.limits.nesting {
            return Err(IncludeError::Nesting(self.limits.nesting));
        }
        Ok((path, file, parsed))
    }

    fn parse(&mut self, path: &Path) -> Result<(usize, Rc<Parsed>), IncludeError> {
        if let Some(known) = self.parsed.get(path) {
            return Ok(known.clone());
        }
        let text = self.dirs.read(path, self.limits.include_bytes, Access::OneName)?;
        let parsed = Rc::new(parse(&text, self.limits)?);
        let file = self.config.files.len();
        self.config.files.push(SourceFile::new(path.to_owned(), text, true));
        self.parsed.insert(path.to_owned(), (file, Rc::clone(&parsed)));
        Ok((file, parsed))
    }

    fn fail(&mut self, here: &Here<'_>, written: Option<&str>, failure: &IncludeError) {
        if self.config.problems.len() >= MAX_PROBLEMS {
            return;
        }
        let Some(file) = self.config.files.get(here.location.file) else { return };
        let named = written.map(|path| format!(" of {path:.200}")).unwrap_or_default();
        self.config.problems.push(Problem {
            kind: ProblemKind::IncludeFailed,
            message: format!("the {INCLUDE}{named} fails: {failure}"),
            path: file.path.clone(),
            position: file.position(&below(&here.location.pointer, INCLUDE)),
            pointer: here.target.clone(),
        });
    }
}

fn empty(here: &Here<'_>) -> Value {
    Value { shape: Shape::Map(Vec::new()), location: here.location.clone() }
}

/// A number without a fraction of zero: ECMAScript prints `1.0` as `1`.
fn as_ecmascript_prints(number: &Number) -> Number {
    #[expect(clippy::cast_possible_truncation, reason = "whole numbers of this size are exact")]
    match number.as_f64() {
        Some(value) if number.is_f64() && value.fract() == 0.0 && value.abs() < 2_f64.powi(53) => {
            Number::from(value as i64)
        }
        _ => number.clone(),
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests;
