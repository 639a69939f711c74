//! Loading: reads the main file, then does to it one after the other what OpenClaw does.

use std::path::{Path, PathBuf};

use super::discover::{Locations, Scope};
use super::document::{Config, Problem, ProblemKind, Shape, SourceFile, Value};
use super::environment::Environment;
use super::error::ConfigError;
use super::include_dirs::{IncludeDirs, include_directories};
use super::limits::ConfigLimits;
use super::secret_refs::{EnvironmentIs, SecretResolver};
use super::{env_section, include, secret_refs, variables};
use chitin_fs::read::{self, Access, ReadError};

/// Reads the config of a gateway. Its `env` section is added to the environment.
pub fn load(locations: &Locations, environment: &mut Environment, limits: &ConfigLimits) -> Config {
    let mut config = Config { path: locations.config_path.clone(), ..Config::default() };
    match read_into(&mut config, locations, environment, limits) {
        Ok(document) => config.document = Some(document),
        Err(error) => config.problems.push(Problem {
            kind: error.kind(),
            message: error.to_string(),
            path: config.path.clone(),
            position: match error {
                ConfigError::Syntax(error) => Some(error.position),
                _ => None,
            },
            pointer: String::new(),
        }),
    }
    config
}

fn read_into(
    config: &mut Config,
    locations: &Locations,
    environment: &mut Environment,
    limits: &ConfigLimits,
) -> Result<Value, ConfigError> {
    let text = match main_text(locations, limits) {
        // Without a file, everything has its default.
        Err(ReadError::Missing) => return Ok(Value::default()),
        read => read?,
    };
    // What Node makes of bytes that are not characters. It does no harm in a string or a comment.
    let has_lost = text.contains(['\u{fffd}', '\0']);
    config.files.push(SourceFile::new(config.path.clone(), text, false));
    let directories = include_directories(locations, environment);
    let directories = IncludeDirs::of(directories.iter().map(PathBuf::as_path));
    let mut document =
        include::resolve(config, &directories, limits).map_err(explained(has_lost))?;
    if !matches!(document.shape, Shape::Map(_)) {
        return Err(ConfigError::NoObject);
    }
    env_section::apply(&document, environment);
    variables::substitute(&mut document, environment, &mut limits.derived_bytes.clone())?;
    secret_refs::recognize(&mut document);
    let resolver = SecretResolver::of(locations);
    config.diagnostics =
        secret_refs::resolve(&mut document, environment, &resolver, environment_is(locations));
    Ok(document)
}

fn environment_is(locations: &Locations) -> EnvironmentIs {
    if locations.own_gateway() { EnvironmentIs::Known } else { EnvironmentIs::Unknown }
}

/// A text that does not parse because it is in another encoding has no place that could be corrected.
fn explained(has_lost: bool) -> impl Fn(ConfigError) -> ConfigError {
    move |error| match error.kind() {
        ProblemKind::ParseFailed if has_lost => ConfigError::NotText,
        _ => error,
    }
}

/// The text of the main file. One that was copied here must not be a link to a file of this machine.
fn main_text(locations: &Locations, limits: &ConfigLimits) -> Result<String, ReadError> {
    let path = &locations.config_path;
    if let Scope::StandardInput(text) = &locations.scope {
        return Ok(text.0.clone());
    }
    match (path.parent(), path.file_name()) {
        (Some(directory), Some(name)) if locations.scope == Scope::Directory => {
            read::text_below(directory, Path::new(name), limits.main_bytes, Access::Any)
        }
        _ => read::text(path, limits.main_bytes),
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests;
