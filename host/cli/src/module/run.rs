//! `chitin module run`: an audit with one module alone, which nobody needs to have signed or installed.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::environment::{environment, working_directory};
use crate::exit::Exit;
use crate::output::print;
use crate::runtime::run;
use chitin_audit::host_rules::reserved;
use chitin_audit::{Options, audit};
use chitin_config::discover::Request;
use chitin_devkit::component;
use chitin_model::timestamp::unix_millis;
use chitin_report::{json, text};
use chitin_runtime::limits::{LimitSetting, Limits};
use chitin_runtime::{Catalogue, Foreign};

/// What is audited, by one module.
#[derive(Debug, Args)]
pub(super) struct Subject {
    /// A state directory to audit as a stranger's
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

impl Subject {
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

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The module's file
    #[arg(value_name = "MODULE")]
    module: PathBuf,

    #[command(flatten)]
    subject: Subject,

    /// Print the report as JSON, in OpenClaw's shape
    #[arg(long)]
    json: bool,
}

impl Arguments {
    pub(super) fn run(self, profile: Option<&str>) -> Result<Exit> {
        let name = self.module.display().to_string();
        let bytes = component::read(&self.module)?;
        let catalogue = Catalogue::of_foreign(reserved(), [Foreign::read(&name, bytes.into())?])?;
        let report = run(audit(self.subject.options()?, environment(profile), &catalogue))?;
        crate::worker::tell(report.workers.as_ref());
        print(&if self.json {
            json::render(&report, unix_millis())?
        } else {
            text::render(&report)
        })?;
        Ok(if report.is_complete() { Exit::Ok } else { Exit::Incomplete })
    }
}
