//! The options that choose what is audited. Each of them acts, or is an error: one that is passed over in silence would
//! leave the operator with a report about another gateway.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;

use super::environment::{environment, profile_name, working_directory};
use crate::usage::UsageError;
use chitin_config::ConfigLimits;
use chitin_config::discover::{ConfigText, Request, Target};
use chitin_config::environment::{Environment, Variables, parse_dotenv};
use chitin_fs::bounded;
use chitin_fs::read;

/// A larger file of variables is not read, as OpenClaw does not.
const MAX_ENV_FILE: u64 = 1 << 20;

/// In place of a target: the config comes in through standard input.
const STANDARD_INPUT: &str = "-";

/// Which profile of OpenClaw is meant.
#[derive(Debug, Default, Args)]
pub(super) struct ProfileOption {
    /// The OpenClaw profile NAME (state directory ~/.openclaw-NAME)
    #[arg(long, value_name = "NAME", value_parser = profile_name)]
    profile: Option<String>,

    /// The OpenClaw profile `dev`
    #[arg(long, conflicts_with = "profile")]
    dev: bool,
}

impl ProfileOption {
    pub(super) fn name(self) -> Option<String> {
        self.profile.or_else(|| self.dev.then(|| "dev".to_owned()))
    }

    /// The profile, given after the subcommand or before it.
    pub(super) fn or_before(self, before: Option<String>) -> Result<Option<String>> {
        match (self.name(), before) {
            (Some(_), Some(_)) => Err(UsageError::new(
                "a profile is given before and after the subcommand",
                "give it once",
            ))?,
            (own, before) => Ok(own.or(before)),
        }
    }
}

/// The gateway of this machine that is meant.
#[derive(Debug, Args)]
pub(super) struct GatewayOptions {
    #[command(flatten)]
    profile: ProfileOption,

    /// The state directory [default: found as OpenClaw finds it]
    #[arg(long, value_name = "DIR")]
    state_dir: Option<PathBuf>,

    /// The config file [default: found as OpenClaw finds it]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// A variable of the gateway's environment; other users of this machine can see arguments, so give secrets with
    /// --env-file
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    env: Vec<Variables>,

    /// A file with variables of the gateway's environment, one NAME=VALUE a line
    #[arg(long, value_name = "FILE")]
    env_file: Vec<PathBuf>,
}

/// What another gateway than this machine's own is in.
#[derive(Debug, Args)]
pub(super) struct TargetOption {
    /// The state directory or config file of another gateway, or `-` for a config on standard input: this machine's own
    /// gateway and environment are ignored
    #[arg(value_name = "TARGET", conflicts_with_all = ["state_dir", "config"])]
    target: Option<PathBuf>,
}

impl TargetOption {
    pub(super) fn none() -> Self {
        Self { target: None }
    }

    /// Whether standard input is taken.
    pub(super) fn reads_standard_input(&self) -> bool {
        self.target.as_deref() == Some(Path::new(STANDARD_INPUT))
    }

    fn read(self) -> Result<Option<Target>> {
        if !self.reads_standard_input() {
            return Ok(self.target.map(Target::Path));
        }
        let bytes = bounded::read(std::io::stdin().lock(), ConfigLimits::default().main_bytes)
            .context("the config on standard input was not read")?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Some(Target::StandardInput(ConfigText(text))))
    }
}

/// What is asked for, and the environment that it is looked for in.
pub(super) struct Chosen {
    pub(super) request: Request,
    pub(super) environment: Environment,
}

impl GatewayOptions {
    /// `before` is the profile that was given before the subcommand.
    pub(super) fn choose(self, target: TargetOption, before: Option<String>) -> Result<Chosen> {
        let profile = self.profile.or_before(before)?;
        if profile.is_some() && (target.target.is_some() || self.state_dir.is_some()) {
            Err(UsageError::new(
                "a profile names a state directory, and so does another argument",
                "leave out --profile (or --dev), or TARGET or --state-dir",
            ))?;
        }
        let environment = environment(profile.as_deref());
        let request = Request {
            state_dir: self.state_dir,
            config: self.config,
            target: target.read()?,
            profile,
            variables: variables(&self.env_file, self.env)?,
            cwd: working_directory()?,
            ..Request::default()
        };
        Ok(Chosen { request, environment })
    }
}

/// The variables of the files, then the others, which replace them.
fn variables(files: &[PathBuf], given: Vec<Variables>) -> Result<Variables> {
    let mut variables = Vec::new();
    for path in files {
        let text = read::text(path, MAX_ENV_FILE).map_err(|error| {
            UsageError::new(
                format!("the variables in {} were not read: {error}", path.display()),
                "--env-file takes a file with one NAME=VALUE a line",
            )
        })?;
        variables.extend(parse_dotenv(&text));
    }
    variables.extend(given.into_iter().flat_map(|Variables(given)| given));
    Ok(Variables(variables))
}

fn assignment(text: &str) -> Result<Variables, String> {
    let named = text.split_once('=').filter(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    // What was typed may be a secret, so it is not repeated.
    let (name, value) =
        named.ok_or("write NAME=VALUE, with letters, digits and `_` in the name")?;
    Ok(Variables(vec![(name.to_owned(), value.to_owned())]))
}
