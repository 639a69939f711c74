//! `chitin module`: one file per subcommand.

mod build;
mod inspect;
mod new;
mod record;
mod replay;
mod run;
mod test;
mod wrap;

use anyhow::Result;
use clap::Subcommand;

use super::{Exit, print};
use crate::author::AuthorError;
use crate::report::{visible, visible_lines};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make the directory of a new module
    New(new::Arguments),
    /// Compile a module's crate
    Build(build::Arguments),
    /// Make a module of a component that another tool has built
    Wrap(wrap::Arguments),
    /// Run a module over its own examples
    Test(test::Arguments),
    /// Audit with one module alone, from its file
    Run(run::Arguments),
    /// Show what a module is and what it wants, without running it
    Inspect(inspect::Arguments),
    /// Audit with one module alone, and keep all that it saw in a file
    Record(record::Arguments),
    /// Run a module over a record
    Replay(replay::Arguments),
}

impl Command {
    pub(super) fn run(self, profile: Option<&str>) -> Result<Exit> {
        let done = match self {
            Self::New(command) => command.run(),
            Self::Build(command) => command.run(),
            Self::Wrap(command) => command.run(),
            Self::Test(command) => command.run(),
            Self::Run(command) => command.run(profile),
            Self::Inspect(command) => command.run(),
            Self::Record(command) => command.run(profile),
            Self::Replay(command) => command.run(),
        };
        done.or_else(explain)
    }
}

/// Tells what went wrong in the workshop, with the next step on a line of its own.
fn explain(error: anyhow::Error) -> Result<Exit> {
    let Some(known) = error.downcast_ref::<AuthorError>() else { return Err(error) };
    let text = known.to_string();
    match known {
        // In our own words and those of the compiler, over several lines.
        AuthorError::Build(_) => anstream::eprintln!("error: {}", visible_lines(&text)),
        _ => anstream::eprintln!("error: {}", visible(&text)),
    }
    if let Some(help) = known.help() {
        anstream::eprintln!("help: {help}");
    }
    Ok(if matches!(known, AuthorError::Name(..)) { Exit::Usage } else { Exit::Failed })
}
