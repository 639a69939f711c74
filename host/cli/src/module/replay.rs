//! `chitin module replay`.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::exit::Exit;
use crate::output::print;
use crate::runtime::run;
use chitin_devkit::component;
use chitin_devkit::record::{Identity, Record, Replayed, Said, replay};
use chitin_model::escape::{visible, visible_lines};
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
            anstream::eprintln!("note: the record was cut; the module may ask what is not in it");
        }
        let limits = Limits::with(&self.limit);
        let replayed = run(async { Ok(replay(module, &record, limits).await?) })?;
        print(&told(&replayed.said))?;
        print(&compared(&replayed, &record.said)?)?;
        Ok(if is_whole(&replayed) { Exit::Ok } else { Exit::Incomplete })
    }
}

/// Whether the module came to its end with every question answered.
fn is_whole(replayed: &Replayed) -> bool {
    replayed.missing.is_empty()
        && replayed.said.failure.is_none()
        && replayed.said.statuses.iter().all(|status| status.status != Status::NotRun)
}

/// What a module said, for a person.
pub(super) fn told(said: &Said) -> String {
    let mut out = String::new();
    for finding in &said.findings {
        let _infallible = writeln!(
            out,
            "{:8}  {} {}",
            finding.severity.to_string(),
            visible(&finding.rule),
            visible(&finding.title)
        );
        if !finding.detail.is_empty() {
            let detail = visible_lines(&finding.detail).replace('\n', "\n          ");
            let _infallible = writeln!(out, "          {detail}");
        }
    }
    for status in &said.statuses {
        let word = match status.status {
            Status::NotRun => "not run",
            Status::Skipped => "skipped",
            _ => "n/a",
        };
        let _infallible =
            writeln!(out, "{word:8}  {}: {}", visible(&status.rule), visible(&status.reason));
    }
    for rejected in &said.rejected {
        let _infallible = writeln!(out, "not accepted: {}", visible(rejected));
    }
    if let Some(failure) = &said.failure {
        let _infallible = writeln!(out, "did not finish: {}", visible(failure));
    }
    out
}

/// How the replay differs from the record.
fn compared(replayed: &Replayed, recorded: &Said) -> Result<String> {
    let mut out = String::new();
    for call in &replayed.missing {
        let _infallible = writeln!(out, "not in the record: {}", visible(call));
    }
    out.push_str(if replayed.said == *recorded {
        "The same as recorded.\n"
    } else {
        "Not the same as recorded.\n"
    });
    Ok(out)
}
