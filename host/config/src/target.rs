//! Whether there is something to audit where the operator says. A report about nothing would look like a report about a
//! gateway, so each place that was named and holds no gateway is an error that says what was looked for.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::discover::{FoundBy, Locations, Request, Scope, existing};
use super::lexer::{Lexer, TokenKind};
use super::limits::ConfigLimits;
use super::parse::parse;
use chitin_fs::paths;
use chitin_fs::read::{self, ReadError};

/// What OpenClaw keeps in a state directory beside its config. A directory with one of these and no config is one whose
/// config is missing.
const STATE_ENTRIES: &[&str] = &[
    "agents",
    "credentials",
    "devices",
    "exec-approvals.json",
    "extensions",
    "identity",
    "npm",
    "sandboxes",
    "service-env",
    "skills",
    "state",
    "workspace",
];

/// Names in a directory that are looked at.
const MAX_NAMES: usize = 10_000;

/// Why there is nothing to audit.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{what}")]
pub struct TargetError {
    what: String,
    help: String,
}

impl TargetError {
    /// What to do.
    pub fn help(&self) -> &str {
        &self.help
    }

    fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), help: help.into() }
    }
}

/// Checks what the operator named. Nothing is required of the operator's own gateway where no option names it: without a
/// config it runs with OpenClaw's defaults.
pub fn check(request: &Request, locations: &Locations) -> Result<(), TargetError> {
    match &locations.scope {
        Scope::Directory => check_directory(&locations.state_dir),
        Scope::ConfigFile => check_config_file(&locations.config_path),
        Scope::StandardInput(text) => check_config_text("standard input", &text.0),
        Scope::Own => check_own(request, locations),
    }
}

fn check_own(request: &Request, locations: &Locations) -> Result<(), TargetError> {
    if request.config.is_some() {
        check_config_file(&locations.config_path)?;
    }
    let state_dir = &locations.state_dir;
    match &locations.state_dir_by {
        FoundBy::Profile(name) if !paths::exists(state_dir) => Err(TargetError::new(
            format!("there is no profile {name}: {} does not exist", state_dir.display()),
            "`ls -d ~/.openclaw-*` shows the profiles of this user",
        )),
        FoundBy::Option(_) if request.config.is_some() => must_be_directory(state_dir),
        FoundBy::Profile(_) | FoundBy::Option(_) => check_directory(state_dir),
        FoundBy::Argument | FoundBy::Variable(_) | FoundBy::StateDir | FoundBy::Default => Ok(()),
    }
}

fn must_be_directory(path: &Path) -> Result<(), TargetError> {
    if paths::is_dir(path) {
        return Ok(());
    }
    if paths::exists(path) {
        return Err(TargetError::new(
            format!("{} is not a directory", path.display()),
            "`chitin audit FILE` audits a config alone, `--config FILE` one with its state directory",
        ));
    }
    Err(missing(path, "a state directory or the file of a config"))
}

/// A state directory has a config, or something else that only OpenClaw has.
fn check_directory(path: &Path) -> Result<(), TargetError> {
    must_be_directory(path)?;
    if existing(&[path]).is_some() {
        return Ok(());
    }
    let names = paths::names(path, MAX_NAMES).map_err(|error| {
        TargetError::new(
            format!("{} cannot be listed: {}", path.display(), error.kind()),
            "run chitin as the user that the gateway runs as",
        )
    })?;
    if names.iter().any(|name| is_of_state(name)) {
        return Ok(());
    }
    let what = format!(
        "{} holds no gateway: no openclaw.json or clawdbot.json, and no state of OpenClaw",
        path.display()
    );
    let config_in_it =
        || names.iter().find(|name| is_config_name(name)).map(|name| path.join(name));
    Err(match nearby(path).or_else(config_in_it) {
        Some(near) => TargetError::new(what, did_you_mean(&near)),
        None => TargetError::new(what, "name the state directory of a gateway, or its config file"),
    })
}

fn is_of_state(name: &str) -> bool {
    STATE_ENTRIES.contains(&name) || name.starts_with("workspace-")
}

fn is_config_name(name: &str) -> bool {
    [".json", ".json5", ".jsonc"].iter().any(|ending| name.ends_with(ending))
}

fn missing(path: &Path, wanted: &str) -> TargetError {
    let what = format!("{} does not exist; {wanted} was looked for there", path.display());
    match nearby(path) {
        Some(near) => TargetError::new(what, did_you_mean(&near)),
        None => TargetError::new(what, "check the spelling of the path"),
    }
}

fn did_you_mean(path: &Path) -> String {
    format!("did you mean {}?", path.display())
}

/// A state directory in or beside a path that is none.
fn nearby(path: &Path) -> Option<PathBuf> {
    let around = [Some(path), path.parent()].into_iter().flatten();
    let mut candidates =
        around.flat_map(|place| [place.join(".openclaw"), place.join(".clawdbot")]);
    candidates.find(|candidate| candidate != path && existing(&[candidate]).is_some())
}

fn check_config_file(path: &Path) -> Result<(), TargetError> {
    let shown = path.display().to_string();
    match read::text(path, ConfigLimits::default().main_bytes) {
        Ok(text) => check_config_text(&shown, &text),
        Err(ReadError::Missing) => Err(missing(path, "the file of a config")),
        Err(ReadError::Directory) => Err(TargetError::new(
            format!("{shown} is a directory, and a config is a file"),
            format!("`chitin audit {shown}` audits a state directory"),
        )),
        Err(ReadError::NotRegular) => Err(TargetError::new(
            format!("{shown} is a pipe, a socket or a device, and not a file"),
            "`chitin audit -` reads a config from standard input",
        )),
        Err(error) => Err(TargetError::new(
            format!("the config {shown} was not read: {error}"),
            help_of(&error, "run chitin as the user who owns the file"),
        )),
    }
}

fn help_of(error: &ReadError, otherwise: &str) -> String {
    match error {
        ReadError::TooLarge(_) => {
            "no config of OpenClaw is that large; name the right file".to_owned()
        }
        _ => otherwise.to_owned(),
    }
}

/// A config is an object. A text that begins as one and goes wrong later is a broken config, which an audit reports.
fn check_config_text(shown: &str, text: &str) -> Result<(), TargetError> {
    if is_archive(text) {
        return Err(TargetError::new(
            format!("{shown} is an archive, and not a config or a state directory"),
            "unpack it and name the directory; `chitin scan` reads the code in an archive",
        ));
    }
    let begins = Lexer::new(text).next().map(|token| token.kind) == Some(TokenKind::OpenMap);
    let is_object = match parse(text, &ConfigLimits::default()) {
        Ok(parsed) => parsed.json.is_object(),
        Err(_) => begins,
    };
    if is_object {
        return Ok(());
    }
    Err(TargetError::new(
        format!("{shown} is not a config: a config is an object in JSON5, `{{ … }}`"),
        "name the state directory of a gateway, or its config file",
    ))
}

/// By the first bytes of ZIP, gzip and tar, as they are after bytes that are no characters were replaced.
fn is_archive(text: &str) -> bool {
    text.starts_with("PK\u{3}\u{4}")
        || text.starts_with("\u{1f}\u{fffd}")
        || text.get(257..262) == Some("ustar")
}
