//! `chitin module replay`.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::module_output::render_output;
use crate::exit::Exit;
use crate::output::print;
use crate::runtime::run;
use chitin_devkit::component;
use chitin_devkit::record::{Identity, ModuleOutput, Record, Replayed, replay};
use chitin_model::escape::visible;
use chitin_model::ledger::Status;
use chitin_runtime::limits::{LimitSetting, Limits};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The module's file; it need not be the one that was recorded
    #[arg(value_name = "MODULE")]
    module: PathBuf,

    /// A record of `chitin module record`
    #[arg(value_name = "FILE")]
    record: PathBuf,

    /// Change a limit of the module, for instance time=5000
    #[arg(long, value_name = "NAME=NUMBER")]
    limit: Vec<LimitSetting>,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let bytes = component::read(&self.module)?;
        let module = component::module(&self.module.display().to_string(), &bytes)?;
        let record = Record::read(&self.record)?;
        let identity = Identity::of(&module.manifest, &bytes);
        if identity != record.module {
            anstream::eprintln!(
                "note: recorded with {} {}, {}",
                visible(&record.module.id),
                visible(&record.module.version),
                visible(&record.module.sha256),
            );
        }
        if !record.complete {
            anstream::eprintln!(
                "note: the record is not complete; the module may ask for something that is not in it"
            );
        }
        let limits = Limits::with(&self.limit);
        let replayed = run(replay(module, &record, limits))?;
        print(&render_output(&replayed.output))?;
        print(&render_comparison(&replayed, &record.output))?;
        Ok(if is_complete(&replayed) { Exit::Ok } else { Exit::Incomplete })
    }
}

/// Whether the module ran to its end with every question answered.
fn is_complete(replayed: &Replayed) -> bool {
    replayed.missing.is_empty()
        && replayed.output.failure.is_none()
        && replayed.output.statuses.iter().all(|status| status.status != Status::NotRun)
}

/// How the replay differs from the record.
fn render_comparison(replayed: &Replayed, recorded: &ModuleOutput) -> String {
    let mut out = String::new();
    for call in &replayed.missing {
        let _infallible = writeln!(out, "not in the record: {}", visible(call));
    }
    out.push_str(if replayed.output == *recorded {
        "The same as recorded.\n"
    } else {
        "Not the same as recorded.\n"
    });
    out
}
