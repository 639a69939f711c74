//! `chitin module run`: an audit with one module alone, which need not be signed or installed.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::target_options::TargetOptions;
use crate::exit::Exit;
use crate::output::print;
use crate::runtime::run;
use crate::worker_gaps::warn_gaps;
use chitin_audit::audit;
use chitin_audit::host_rules::reserved;
use chitin_devkit::component;
use chitin_model::timestamp::unix_millis;
use chitin_report::{json, text};
use chitin_runtime::{Catalogue, Foreign};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The module's file
    #[arg(value_name = "MODULE")]
    module: PathBuf,

    #[command(flatten)]
    target: TargetOptions,

    /// Print the report as JSON, in OpenClaw's shape
    #[arg(long)]
    json: bool,
}

impl Arguments {
    pub(super) fn run(self, profile: Option<String>) -> Result<Exit> {
        let name = self.module.display().to_string();
        let bytes = component::read(&self.module)?;
        let catalogue = Catalogue::of_foreign(reserved(), [Foreign::read(&name, bytes.into())?])?;
        let (options, environment) = self.target.options(profile)?;
        let report = run(audit(options, environment, &catalogue))?;
        warn_gaps(report.workers.as_ref());
        print(&if self.json {
            json::render(&report, unix_millis())?
        } else {
            text::render(&report)
        })?;
        Ok(if report.is_complete() { Exit::Ok } else { Exit::Incomplete })
    }
}
