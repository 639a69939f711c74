//! The options of the subcommands that run one module over a gateway: what is audited, and within which limits.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::environment::working_directory;
use chitin_audit::Options;
use chitin_config::discover::Request;
use chitin_runtime::limits::{LimitSetting, Limits};

#[derive(Debug, Args)]
pub(super) struct TargetOptions {
    /// Somebody else's state directory to audit: this machine's own gateway and environment are ignored
    #[arg(value_name = "TARGET", conflicts_with_all = ["state_dir", "config"])]
    target: Option<PathBuf>,

    /// The state directory [default: found as OpenClaw finds it]
    #[arg(long, value_name = "DIR")]
    state_dir: Option<PathBuf>,

    /// The config file [default: found as OpenClaw finds it]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Change a limit of the module, for instance time=5000
    #[arg(long, value_name = "NAME=NUMBER")]
    limit: Vec<LimitSetting>,
}

impl TargetOptions {
    pub(super) fn options(self) -> Result<Options> {
        let cwd = working_directory()?;
        let limits = Limits::with(&self.limit);
        let request = Request {
            state_dir: self.state_dir,
            config: self.config,
            target: self.target,
            cwd,
            ..Request::default()
        };
        Ok(Options { request, limits, ..Options::default() })
    }
}
