//! `chitin module record`.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;

use super::run::Subject;
use crate::environment::environment;
use crate::exit::Exit;
use crate::output::print;
use crate::runtime::run;
use chitin_audit::collect;
use chitin_devkit::record::{Identity, Record};
use chitin_devkit::{component, run as alone};
use chitin_model::escape::visible;
use chitin_view::View;
use chitin_view::recording::Recorder;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The module's file
    #[arg(value_name = "MODULE")]
    module: PathBuf,

    #[command(flatten)]
    subject: Subject,

    /// The file to write; it holds names and paths of the gateway, and no secret
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl Arguments {
    pub(super) fn run(self, profile: Option<&str>) -> Result<Exit> {
        let bytes = component::read(&self.module)?;
        let module = component::module(&self.module.display().to_string(), &bytes)?;
        let identity = Identity::of(&module.manifest, &bytes);
        let options = self.subject.options()?;
        let inputs = collect(&options, environment(profile))?;
        let recorder = Recorder::default();
        let view =
            View::recorded(Arc::clone(&inputs), module.manifest.grants.clone(), recorder.clone());
        let audited = vec![inputs.state_dir().to_owned()];
        let outcome =
            run(async { Ok(alone::alone(module, view, options.limits, audited).await?) })?;
        let record = Record::new(identity, &recorder, &outcome);
        record.write(&self.output)?;

        if !record.complete {
            anstream::eprintln!("note: the module asked for more than a record holds; it was cut");
        }
        print(&format!(
            "{}: {} questions with their answers, {} findings\n",
            visible(&self.output.display().to_string()),
            record.len(),
            record.said.findings.len(),
        ))?;
        print(&super::replay::told(&record.said))?;
        Ok(Exit::Ok)
    }
}
