//! Secrets that are given to one run. An argument stands in the list of processes, which other users can read, so there are
//! other ways to give one.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;

use super::environment::variable;
use crate::usage::UsageError;
use chitin_config::discover::Credentials;
use chitin_fs::bounded;
use chitin_fs::read;

/// No token or password is longer.
const MAX_SECRET: u64 = 64 << 10;

const TOKEN_VARIABLE: &str = "CHITIN_TOKEN";
const PASSWORD_VARIABLE: &str = "CHITIN_PASSWORD";

/// The token and password of the gateway.
#[derive(Debug, Args)]
pub(super) struct SecretOptions {
    /// The token for --auth, and for querying the live gateway; other users of this machine can see arguments, so prefer
    /// --token-file or the variable `CHITIN_TOKEN`
    #[arg(long, value_name = "TOKEN", value_parser = secret)]
    token: Option<Secret>,

    /// The token, in a file; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "token")]
    token_file: Option<PathBuf>,

    /// The password for --auth, and for querying the live gateway; other users of this machine can see arguments, so
    /// prefer --password-file or the variable `CHITIN_PASSWORD`
    #[arg(long, value_name = "PASSWORD", value_parser = secret)]
    password: Option<Secret>,

    /// The password, in a file; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "password")]
    password_file: Option<PathBuf>,
}

/// A secret, which is never shown.
#[derive(Clone)]
struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[sealed]")
    }
}

fn secret(text: &str) -> Result<Secret, String> {
    let text = text.trim();
    if text.is_empty() { Err("must not be blank".to_owned()) } else { Ok(Secret(text.to_owned())) }
}

impl SecretOptions {
    /// How many of the options read standard input.
    pub(super) fn standard_input_readers(&self) -> usize {
        let files = [&self.token_file, &self.password_file];
        files.into_iter().flatten().filter(|path| is_standard_input(path)).count()
    }

    /// What was given, by an option or by a variable.
    pub(super) fn credentials(self) -> Result<Credentials> {
        Ok(Credentials {
            token: given("--token-file", self.token, self.token_file.as_deref(), TOKEN_VARIABLE)?,
            password: given(
                "--password-file",
                self.password,
                self.password_file.as_deref(),
                PASSWORD_VARIABLE,
            )?,
        })
    }
}

fn given(
    option: &str,
    typed: Option<Secret>,
    file: Option<&Path>,
    name: &str,
) -> Result<Option<String>> {
    if let Some(Secret(typed)) = typed {
        return Ok(Some(typed));
    }
    if let Some(path) = file {
        let text = secret_text(option, path)?;
        return match secret(&text) {
            Ok(Secret(text)) => Ok(Some(text)),
            Err(reason) => Err(UsageError::new(
                format!("the secret of {option} {reason}"),
                "put the secret alone into the file",
            ))?,
        };
    }
    let set = variable(name).and_then(|value| value.into_string().ok());
    Ok(set.and_then(|value| secret(&value).ok()).map(|Secret(value)| value))
}

fn secret_text(option: &str, path: &Path) -> Result<String> {
    if is_standard_input(path) {
        let bytes = bounded::read(std::io::stdin().lock(), MAX_SECRET)
            .with_context(|| format!("the secret of {option} was not read"))?;
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    Ok(read::text(path, MAX_SECRET).map_err(|error| {
        UsageError::new(
            format!("the secret of {option}, {}, was not read: {error}", path.display()),
            "name a file that holds the secret alone, or `-` for standard input",
        )
    })?)
}

fn is_standard_input(path: &Path) -> bool {
    path == Path::new("-")
}
