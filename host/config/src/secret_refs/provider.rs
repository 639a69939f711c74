//! Providers of secrets. Environment variables can be read here, and files in the gateway's own directories; nothing
//! else is tried.

use std::path::Path;

use serde_json::Value as Json;
use thiserror::Error;

use super::super::document::{SecretRef, Shape, Value};
use super::super::ecma::trim;
use super::super::include_dirs::{PathError, Roots};
use super::super::variables::is_secret_variable;
use crate::discover::expand_user_path;
use crate::environment::Environment;
use chitin_fs::paths::is_symlink;
use chitin_fs::read::{Access, ReadError};

/// OpenClaw reads no larger file of secrets, unless told to.
const MAX_FILE: u64 = 1 << 20;

/// Why a reference was not resolved. Names may be in it, values never.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum Unresolved {
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
    #[error("its file lies outside the state and config directories")]
    Outside,
    #[error("its file: {0}")]
    Unreadable(ReadError),
    #[error("its file is no JSON object")]
    NoObject,
    #[error("its file has no such entry")]
    NoEntry,
    #[error("its value is blank or no string")]
    NoText,
}

/// The directories that files of secrets may lie in, and what their paths start from.
#[derive(Clone, Debug)]
pub(crate) struct Vault<'a> {
    pub roots: Roots,
    pub home: &'a Path,
    pub cwd: &'a Path,
}

impl Vault<'_> {
    /// The secret that a reference means.
    pub(super) fn resolve(
        &self,
        reference: &SecretRef,
        document: &Value,
        environment: &Environment,
    ) -> Result<String, Unresolved> {
        let provider = provider(reference, document)?;
        let secret = match reference.source.as_str() {
            "env" => variable(reference, provider, environment),
            "file" => self.entry(reference, provider),
            "store" => Err(Unresolved::Store),
            _ => Err(Unresolved::Program),
        }?;
        if trim(&secret).is_empty() { Err(Unresolved::NoText) } else { Ok(secret) }
    }

    fn entry(&self, reference: &SecretRef, provider: Option<&Value>) -> Result<String, Unresolved> {
        let setting = |key: &str| provider.and_then(|provider| provider.member(key)?.text());
        let path =
            expand_user_path(setting("path").ok_or(Unresolved::NoFile)?, self.home, self.cwd);
        if is_symlink(&path) {
            return Err(Unresolved::Unreadable(ReadError::NotRegular));
        }
        let text =
            self.roots.read(&path, MAX_FILE, Access::Private).map_err(|error| match error {
                PathError::Unreadable(error) => Unresolved::Unreadable(error),
                _ => Unresolved::Outside,
            })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        if setting("mode") == Some("singleValue") {
            let value = text
                .strip_suffix('\n')
                .map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
            return if trim(&reference.id) == "value" {
                Ok(value.to_owned())
            } else {
                Err(Unresolved::MalformedId)
            };
        }
        let Ok(Json::Object(entries)) = serde_json::from_str(text) else {
            return Err(Unresolved::NoObject);
        };
        let id = trim(&reference.id);
        if !id.starts_with('/') {
            return Err(Unresolved::MalformedId);
        }
        match Json::Object(entries).pointer(id) {
            Some(Json::String(secret)) => Ok(secret.clone()),
            Some(_) => Err(Unresolved::NoText),
            None => Err(Unresolved::NoEntry),
        }
    }
}

/// The provider's settings. The default providers of variables and of the store need none.
fn provider<'a>(
    reference: &SecretRef,
    document: &'a Value,
) -> Result<Option<&'a Value>, Unresolved> {
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
        Some(_) => Err(Unresolved::OtherKind),
        None => Err(Unresolved::NoProvider),
    }
}

fn variable(
    reference: &SecretRef,
    provider: Option<&Value>,
    environment: &Environment,
) -> Result<String, Unresolved> {
    let name = trim(&reference.id);
    if !is_secret_variable(name) {
        return Err(Unresolved::MalformedId);
    }
    let allowlist = provider.and_then(|provider| provider.member("allowlist"));
    if let Some(Shape::List(allowed)) = allowlist.map(|list| &list.shape)
        && !allowed.iter().any(|item| item.text() == Some(name))
    {
        return Err(Unresolved::NotAllowed(name.to_owned()));
    }
    environment
        .get(name)
        .and_then(|_| environment.raw(name))
        .map(str::to_owned)
        .ok_or_else(|| Unresolved::NotSet(name.to_owned()))
}
