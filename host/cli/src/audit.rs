//! `chitin audit`.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::environment::{environment, working_directory};
use super::fail_on::{Completeness, FailOn, exit_code};
use super::pre_fix::{PreFix, pre_fix};
use super::progress;
use super::runtime::run_until_interrupted;
use super::worker_gaps::warn_gaps;
use crate::exit::Exit;
use crate::output::print;
use chitin_audit::{Options, RunContext, audit};
use chitin_config::discover::{Credentials, Depth, Request};
use chitin_model::timestamp::unix_millis;
use chitin_report::fix::{section, verified};
use chitin_report::{json, text};
use chitin_runtime::limits::{LimitSetting, Limits};
use chitin_runtime::worker::Setup;
use chitin_trust::TrustReport;
use chitin_view::AuthOverride;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Somebody else's state directory to audit: this machine's own gateway and environment are ignored
    #[arg(value_name = "TARGET", conflicts_with_all = ["state_dir", "config"])]
    target: Option<PathBuf>,

    /// The state directory [default: found as OpenClaw finds it]
    #[arg(long, value_name = "DIR")]
    state_dir: Option<PathBuf>,

    /// The config file [default: found as OpenClaw finds it]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Also scan the code of plugins and skills, and query the live gateway
    #[arg(long)]
    deep: bool,

    /// First make the changes of OpenClaw's own `--fix`, without asking; `chitin fix` shows them and asks
    #[arg(long, conflicts_with = "target")]
    fix: bool,

    /// Print the report as JSON, in OpenClaw's shape
    #[arg(long)]
    json: bool,

    /// Audit the gateway as if it ran with this authentication
    #[arg(long, value_name = "MODE", value_parser = auth_mode)]
    auth: Option<AuthMode>,

    /// The token for --auth, and for querying the live gateway; it is never written anywhere
    #[arg(long, value_name = "TOKEN", value_parser = secret)]
    token: Option<Secret>,

    /// The password for --auth, and for querying the live gateway; it is never written anywhere
    #[arg(long, value_name = "PASSWORD", value_parser = secret)]
    password: Option<Secret>,

    /// Exit with 10 if a finding is at or above SEVERITY
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,

    /// Change a limit of the checks, for instance time=5000 or memory=134217728
    #[arg(long, value_name = "NAME=NUMBER")]
    limit: Vec<LimitSetting>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AuthMode {
    None,
    Token,
    Password,
    TrustedProxy,
}

impl AuthMode {
    fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Token => "token",
            Self::Password => "password",
            Self::TrustedProxy => "trusted-proxy",
        }
    }
}

fn auth_mode(text: &str) -> Result<AuthMode, String> {
    AuthMode::from_str(text.trim(), true)
        .map_err(|_| "modes are none, token, password, trusted-proxy".to_owned())
}

/// A secret from the command line, which is never shown.
#[derive(Clone)]
struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("[sealed]")
    }
}

fn secret(text: &str) -> Result<Secret, String> {
    let text = text.trim();
    if text.is_empty() { Err("must not be blank".to_owned()) } else { Ok(Secret(text.to_owned())) }
}

impl Arguments {
    pub(super) fn run(self, profile: Option<&str>) -> Result<Exit> {
        let format = if self.json { Format::Json } else { Format::Text };
        let fail_on = self.fail_on;
        if let Some((mode, missing)) = self.missing_credential() {
            anstream::eprintln!("error: --auth {mode} needs {missing}");
            anstream::eprintln!("help: give the secret that the gateway would run with");
            return Ok(Exit::Usage);
        }
        let environment = environment(profile);
        let fix = self.fix;
        let mut options = self.options()?;
        let (catalogue, trust_report) = super::modules::all()?;
        options.trust_report = trust_report;

        let pre_fix = fix.then(|| pre_fix(&options, &environment, &catalogue)).transpose()?;
        let cancel = options.context.cancel.clone();
        let report = run_until_interrupted(&cancel, audit(options, environment, &catalogue))?;
        warn_gaps(report.workers.as_ref());
        print(&match (format, &pre_fix) {
            (Format::Json, Some(PreFix { applied: Some(applied), before, .. })) => {
                json::render_fixed(applied, before.as_ref(), &report, unix_millis())?
            }
            (Format::Json, _) => json::render(&report, unix_millis())?,
            (Format::Text, Some(PreFix { applied, before, home })) => {
                let verified = before.as_ref().map(|before| verified(before, &report));
                let fixed = section(applied.as_ref(), home) + &verified.unwrap_or_default();
                text::render_fixed(&report, &fixed)
            }
            (Format::Text, None) => text::render(&report),
        })?;
        let severities = report.findings.iter().map(|finding| finding.severity);
        Ok(exit_code(fail_on, severities, Completeness::of(report.is_complete())))
    }

    /// The given mode, and the option that it needs and that is missing.
    fn missing_credential(&self) -> Option<(&'static str, &'static str)> {
        let mode = self.auth?;
        let option = match mode {
            AuthMode::Token if self.token.is_none() => "--token",
            AuthMode::Password if self.password.is_none() => "--password",
            _ => return None,
        };
        Some((mode.name(), option))
    }

    fn options(self) -> Result<Options> {
        let cwd = working_directory()?;
        let credentials = Credentials {
            token: self.token.map(|Secret(token)| token),
            password: self.password.map(|Secret(password)| password),
        };
        let auth = self.auth.map(|mode| AuthOverride {
            mode: mode.name().to_owned(),
            token: credentials.token.clone(),
            password: credentials.password.clone(),
        });
        Ok(Options {
            request: Request {
                state_dir: self.state_dir,
                config: self.config,
                target: self.target,
                cwd,
                depth: if self.deep { Depth::Deep } else { Depth::Ordinary },
                credentials,
            },
            auth,
            limits: if self.deep { Limits::deep(&self.limit) } else { Limits::with(&self.limit) },
            context: RunContext { progress: progress::on_terminal(), ..RunContext::default() },
            workers: Setup::default(),
            trust_report: TrustReport::default(),
        })
    }
}

#[derive(Debug, Clone, Copy)]
enum Format {
    Json,
    Text,
}
