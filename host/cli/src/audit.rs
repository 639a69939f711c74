//! `chitin audit`.

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::fail_on::{Completeness, FailOn, exit_code};
use super::gateway_options::{Chosen, GatewayOptions, TargetOption};
use super::pre_fix::{PreFix, pre_fix};
use super::progress;
use super::runtime::run_until_interrupted;
use super::secret_options::SecretOptions;
use super::worker_gaps::warn_gaps;
use crate::exit::Exit;
use crate::output::print;
use crate::usage::UsageError;
use chitin_audit::{Options, RunContext, audit};
use chitin_config::discover::{Credentials, Depth, Request};
use chitin_config::environment::Environment;
use chitin_model::timestamp::unix_millis;
use chitin_report::fix::{section, verified};
use chitin_report::{json, text};
use chitin_runtime::limits::{LimitSetting, Limits};
use chitin_runtime::worker::Setup;
use chitin_trust::TrustReport;
use chitin_view::AuthOverride;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    target: TargetOption,

    #[command(flatten)]
    gateway: GatewayOptions,

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

    #[command(flatten)]
    secrets: SecretOptions,

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

impl Arguments {
    pub(super) fn run(self, profile: Option<String>) -> Result<Exit> {
        let format = if self.json { Format::Json } else { Format::Text };
        let (fail_on, fix) = (self.fail_on, self.fix);
        let (mut options, environment) = self.options(profile)?;
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

    fn options(self, profile: Option<String>) -> Result<(Options, Environment)> {
        let readers =
            self.secrets.standard_input_readers() + usize::from(self.target.reads_standard_input());
        if readers > 1 {
            Err(UsageError::new(
                "standard input can be read once, and more than one argument asks for it",
                "put the secret into a file, or into CHITIN_TOKEN or CHITIN_PASSWORD",
            ))?;
        }
        let credentials = self.secrets.credentials()?;
        let auth = self.auth.map(|mode| overridden(mode, &credentials)).transpose()?;
        let Chosen { request, environment } = self.gateway.choose(self.target, profile)?;
        let depth = if self.deep { Depth::Deep } else { Depth::Ordinary };
        let options = Options {
            request: Request { depth, credentials, ..request },
            auth,
            limits: if self.deep { Limits::deep(&self.limit) } else { Limits::with(&self.limit) },
            context: RunContext { progress: progress::on_terminal(), ..RunContext::default() },
            workers: Setup::default(),
            trust_report: TrustReport::default(),
        };
        Ok((options, environment))
    }
}

/// `--auth`, with the secret that its mode needs.
fn overridden(mode: AuthMode, credentials: &Credentials) -> Result<AuthOverride> {
    let missing = match mode {
        AuthMode::Token if credentials.token.is_none() => Some("--token"),
        AuthMode::Password if credentials.password.is_none() => Some("--password"),
        _ => None,
    };
    if let Some(option) = missing {
        Err(UsageError::new(
            format!("--auth {} needs {option}", mode.name()),
            format!("give the secret that the gateway would run with: {option}-file FILE"),
        ))?;
    }
    Ok(AuthOverride {
        mode: mode.name().to_owned(),
        token: credentials.token.clone(),
        password: credentials.password.clone(),
    })
}

#[derive(Debug, Clone, Copy)]
enum Format {
    Json,
    Text,
}
