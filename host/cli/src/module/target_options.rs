//! The options of the subcommands that run one module over a gateway: what is audited, and within which limits.

use anyhow::Result;
use clap::Args;

use crate::gateway_options::{Chosen, GatewayOptions, TargetOption};
use chitin_audit::Options;
use chitin_config::environment::Environment;
use chitin_runtime::limits::{LimitSetting, Limits};

#[derive(Debug, Args)]
pub(super) struct TargetOptions {
    #[command(flatten)]
    target: TargetOption,

    #[command(flatten)]
    gateway: GatewayOptions,

    /// Change a limit of the module, for instance time=5000
    #[arg(long, value_name = "NAME=NUMBER")]
    limit: Vec<LimitSetting>,
}

impl TargetOptions {
    pub(super) fn options(self, profile: Option<String>) -> Result<(Options, Environment)> {
        let limits = Limits::with(&self.limit);
        let Chosen { request, environment } = self.gateway.choose(self.target, profile)?;
        Ok((Options { request, limits, ..Options::default() }, environment))
    }
}
