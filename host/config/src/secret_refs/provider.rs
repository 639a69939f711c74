//! Providers of secrets. Only environment variables and files in the gateway's own directories are read; nothing else
//! is tried.

use std::path::Path;

use serde_json::Value as Json;
use thiserror::Error;

use crate::discover::{Locations, Scope, expand_user_path};
use crate::document::{SecretRef, Shape, Value};
use crate::ecma::trim;
use crate::environment::Environment;
use crate::include_dirs::{IncludeDirs, IncludePathError};
use crate::variables::is_secret_variable;
use chitin_fs::paths::is_symlink;
use chitin_fs::read::{Access, ReadError};

/// OpenClaw reads larger files of secrets only if it is configured to.
const MAX_FILE: u64 = 1 << 20;

/// Why a reference was not resolved. Names may be in it, values never.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum SecretRefError {
    #[error("the environment variable {0} is not set")]
    NotSet(String),
    #[error("the provider's allowlist does not have {0}")]
    NotAllowed(String),
    #[error("its provider is not configured")]
    NoProvider,
    #[error("its provider is of another kind")]
    OtherKind,
    #[error("its id is malformed")]
    MalformedId,
    #[error("its provider runs a program, which an audit does not do")]
    Program,
    #[error("it is in OpenClaw's own store, which an audit does not open")]
    Store,
    #[error("its provider names no file")]
    NoFile,
    #[error("its file is outside the state and config directories")]
    Outside,
    #[error("its file: {0}")]
    Unreadable(ReadError),
    #[error("its file is not a JSON object")]
    NoObject,
    #[error("its file has no such entry")]
    NoEntry,
    #[error("its value is blank or not a string")]
    NoText,
}

/// Resolves references: knows the directories that files of secrets may be in, and what their paths start from.
#[derive(Clone, Debug)]
pub(crate) struct SecretResolver<'a> {
    dirs: IncludeDirs,
    home: &'a Path,
    cwd: &'a Path,
}

impl<'a> SecretResolver<'a> {
    pub(crate) fn of(locations: &'a Locations) -> Self {
        let has_files = !matches!(locations.scope, Scope::StandardInput(_));
        let directories = [locations.config_path.parent(), Some(locations.state_dir.as_path())];
        Self {
            dirs: IncludeDirs::of(directories.into_iter().flatten().filter(|_| has_files)),
            home: &locations.home,
            cwd: &locations.cwd,
        }
    }

    /// The secret that a reference means.
    pub(super) fn resolve(
        &self,
        reference: &SecretRef,
        document: &Value,
        environment: &Environment,
    ) -> Result<String, SecretRefError> {
        let provider = provider(reference, document)?;
        let secret = match reference.source.as_str() {
            "env" => variable(reference, provider, environment),
            "file" => self.entry(reference, provider),
            "store" => Err(SecretRefError::Store),
            _ => Err(SecretRefError::Program),
        }?;
        if trim(&secret).is_empty() { Err(SecretRefError::NoText) } else { Ok(secret) }
    }

    fn entry(
        &self,
        reference: &SecretRef,
        provider: Option<&Value>,
    ) -> Result<String, SecretRefError> {
        let setting = |key: &str| provider.and_then(|provider| provider.member(key)?.text());
        let path =
            expand_user_path(setting("path").ok_or(SecretRefError::NoFile)?, self.home, self.cwd);
        if is_symlink(&path) {
            return Err(SecretRefError::Unreadable(ReadError::NotRegular));
        }
        let text =
            self.dirs.read(&path, MAX_FILE, Access::Private).map_err(|error| match error {
                IncludePathError::Unreadable(error) => SecretRefError::Unreadable(error),
                _ => SecretRefError::Outside,
            })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        if setting("mode") == Some("singleValue") {
            let value = text
                .strip_suffix('\n')
                .map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
            return if trim(&reference.id) == "value" {
                Ok(value.to_owned())
            } else {
                Err(SecretRefError::MalformedId)
            };
        }
        let Ok(Json::Object(entries)) = serde_json::from_str(text) else {
            return Err(SecretRefError::NoObject);
        };
        let id = trim(&reference.id);
        if !id.starts_with('/') {
            return Err(SecretRefError::MalformedId);
        }
        match Json::Object(entries).pointer(id) {
            Some(Json::String(secret)) => Ok(secret.clone()),
            Some(_) => Err(SecretRefError::NoText),
            None => Err(SecretRefError::NoEntry),
        }
    }
}

/// The provider's settings. The default providers of variables and of the store need none.
fn provider<'a>(
    reference: &SecretRef,
    document: &'a Value,
) -> Result<Option<&'a Value>, SecretRefError> {
    let configured = document
        .member("secrets")
        .and_then(|secrets| secrets.member("providers")?.member(&reference.provider));
    let source = configured.and_then(|provider| provider.member("source")?.text());
    if source == Some(reference.source.as_str()) {
        return Ok(configured);
    }
    let is_built_in = matches!(reference.source.as_str(), "env" | "store")
        && reference.provider == super::default_provider(document, &reference.source);
    match configured {
        _ if is_built_in => Ok(None),
        Some(_) => Err(SecretRefError::OtherKind),
        None => Err(SecretRefError::NoProvider),
    }
}

fn variable(
    reference: &SecretRef,
    provider: Option<&Value>,
    environment: &Environment,
) -> Result<String, SecretRefError> {
    let name = trim(&reference.id);
    if !is_secret_variable(name) {
        return Err(SecretRefError::MalformedId);
    }
    let allowlist = provider.and_then(|provider| provider.member("allowlist"));
    if let Some(Shape::List(allowed)) = allowlist.map(|list| &list.shape)
        && !allowed.iter().any(|item| item.text() == Some(name))
    {
        return Err(SecretRefError::NotAllowed(name.to_owned()));
    }
    environment
        .get(name)
        .and_then(|_| environment.raw(name))
        .map(str::to_owned)
        .ok_or_else(|| SecretRefError::NotSet(name.to_owned()))
}
