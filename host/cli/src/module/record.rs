//! `chitin module record`.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;

use super::module_output::render_output;
use super::target_options::TargetOptions;
use crate::exit::Exit;
use crate::output::print;
use crate::runtime::run;
use chitin_audit::collect;
use chitin_devkit::component;
use chitin_devkit::record::{Identity, Record};
use chitin_devkit::run::run_module;
use chitin_model::escape::visible;
use chitin_view::View;
use chitin_view::recording::Recorder;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The module's file
    #[arg(value_name = "MODULE")]
    module: PathBuf,

    #[command(flatten)]
    target: TargetOptions,

    /// The file to write; it holds names and paths from the gateway, but no secrets
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl Arguments {
    pub(super) fn run(self, profile: Option<String>) -> Result<Exit> {
        let bytes = component::read(&self.module)?;
        let module = component::module(&self.module.display().to_string(), &bytes)?;
        let identity = Identity::of(&module.manifest, &bytes);
        let (options, environment) = self.target.options(profile)?;
        let inputs = collect(&options, environment)?;
        let recorder = Recorder::default();
        let view =
            View::recorded(Arc::clone(&inputs), module.manifest.grants.clone(), recorder.clone());
        let audited = vec![inputs.state_dir().to_owned()];
        let outcome = run(run_module(module, view, options.limits, audited))?;
        let record = Record::new(identity, &recorder, &outcome);
        record.write(&self.output)?;

        if !record.complete {
            anstream::eprintln!(
                "note: the module asked for more than a record can hold, so the record is not complete"
            );
        }
        print(&format!(
            "{}: {} questions with their answers, {} findings\n",
            visible(&self.output.display().to_string()),
            record.len(),
            record.output.findings.len(),
        ))?;
        print(&render_output(&record.output))?;
        Ok(Exit::Ok)
    }
}
