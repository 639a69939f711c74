//! `chitin audit`.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::environment::{environment, working_directory};
use super::fix::First;
use super::progress;
use super::runtime::run_stoppable;
use crate::exit::Exit;
use crate::output::print;
use chitin_audit::{Company, Options, Report, audit};
use chitin_config::discover::{Credentials, Depth, Request};
use chitin_model::finding::Severity;
use chitin_model::timestamp::unix_millis;
use chitin_report::fix::{section, verified};
use chitin_report::{json, text};
use chitin_runtime::limits::{LimitSetting, Limits};
use chitin_runtime::worker::Setup;
use chitin_trust::TrustReport;
use chitin_view::AuthOverride;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A state directory to audit as a stranger's: nothing of this machine's own gateway is taken into account
    #[arg(value_name = "TARGET", conflicts_with_all = ["state_dir", "config"])]
    target: Option<PathBuf>,

    /// The state directory [default: found as OpenClaw finds it]
    #[arg(long, value_name = "DIR")]
    state_dir: Option<PathBuf>,

    /// The config file [default: found as OpenClaw finds it]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Also read the code of plugins and skills, and ask the live gateway
    #[arg(long)]
    deep: bool,

    /// First make the changes of OpenClaw's own `--fix`, without asking; `chitin fix` shows them and asks
    #[arg(long, conflicts_with = "target")]
    fix: bool,

    /// Print the report as JSON, in OpenClaw's shape
    #[arg(long)]
    json: bool,

    /// Judge the gateway as if it ran with this authentication
    #[arg(long, value_name = "MODE", value_parser = auth_mode)]
    auth: Option<AuthMode>,

    /// The token for --auth, and for asking the live gateway; never written anywhere
    #[arg(long, value_name = "TOKEN", value_parser = secret)]
    token: Option<Secret>,

    /// The password for --auth, and for asking the live gateway; never written anywhere
    #[arg(long, value_name = "PASSWORD", value_parser = secret)]
    password: Option<Secret>,

    /// Exit with 10 when a finding is at or above SEVERITY
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

/// A secret of the command line, which does not show itself.
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

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum FailOn {
    Info,
    Warn,
    Critical,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Info => Self::Info,
            FailOn::Warn => Self::Warn,
            FailOn::Critical => Self::Critical,
        }
    }
}

impl Arguments {
    pub(super) fn run(self, profile: Option<&str>) -> Result<Exit> {
        let format = if self.json { Format::Json } else { Format::Text };
        let fail_on = self.fail_on.map(Severity::from);
        if let Some(missing) = self.missing_credential() {
            anstream::eprintln!("error: --auth needs {missing} beside it");
            anstream::eprintln!("help: give the secret that the gateway would run with");
            return Ok(Exit::Usage);
        }
        let environment = environment(profile);
        let fix = self.fix;
        let mut options = self.options()?;
        let (catalogue, standing) = super::modules::all()?;
        options.standing = standing;

        let first =
            fix.then(|| super::fix::first(&options, &environment, &catalogue)).transpose()?;
        let cancel = options.company.cancel.clone();
        let report = run_stoppable(&cancel, audit(options, environment, &catalogue))?;
        super::worker::tell(report.workers.as_ref());
        print(&match (format, &first) {
            (Format::Json, Some(First { applied: Some(applied), before, .. })) => {
                json::render_fixed(applied, before.as_ref(), &report, unix_millis())?
            }
            (Format::Json, _) => json::render(&report, unix_millis())?,
            (Format::Text, Some(First { applied, before, home })) => {
                let verified = before.as_ref().map(|before| verified(before, &report));
                let fixed = section(applied.as_ref(), home) + &verified.unwrap_or_default();
                text::render_fixed(&report, &fixed)
            }
            (Format::Text, None) => text::render(&report),
        })?;
        Ok(verdict(&report, fail_on))
    }

    /// The option without which the given mode means nothing.
    fn missing_credential(&self) -> Option<&'static str> {
        match self.auth? {
            AuthMode::Token if self.token.is_none() => Some("--token"),
            AuthMode::Password if self.password.is_none() => Some("--password"),
            _ => None,
        }
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
            company: Company { watch: progress::watch(), ..Company::default() },
            workers: Setup::default(),
            standing: TrustReport::default(),
        })
    }
}

#[derive(Debug, Clone, Copy)]
enum Format {
    Json,
    Text,
}

fn verdict(report: &Report, fail_on: Option<Severity>) -> Exit {
    let hit = fail_on
        .is_some_and(|least| report.findings.iter().any(|finding| finding.severity >= least));
    if hit {
        Exit::Findings
    } else if report.is_complete() {
        Exit::Ok
    } else {
        Exit::Incomplete
    }
}
