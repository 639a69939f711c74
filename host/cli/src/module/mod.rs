//! `chitin module`: one file per subcommand, and what several of them share in files of its own.

mod add;
mod build;
mod crate_build;
mod inspect;
mod keygen;
mod list;
mod module_output;
mod new;
mod passphrase;
mod record;
mod remove;
mod replay;
mod run;
mod sign;
mod summary;
mod target_options;
mod test;
mod trust;
mod trust_context;
mod verify;
mod wrap;

use anyhow::Result;
use clap::Subcommand;

use crate::exit::Exit;
use crate::usage::UsageError;
use chitin_devkit::DevkitError;
use chitin_model::escape::{visible, visible_lines};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create the directory of a new module
    New(new::Arguments),
    /// Compile a module's crate
    Build(build::Arguments),
    /// Make a module from a component that another tool built
    Wrap(wrap::Arguments),
    /// Run a module over its own examples
    Test(test::Arguments),
    /// Audit with one module alone, from its file
    Run(run::Arguments),
    /// Show what a module is and what it asks for, without running it
    Inspect(inspect::Arguments),
    /// Audit with one module alone, and record everything it saw in a file
    Record(record::Arguments),
    /// Run a module over a record
    Replay(replay::Arguments),
    /// Create a key for signing modules
    Keygen(keygen::Arguments),
    /// Sign a module
    Sign(sign::Arguments),
    /// Check a module's signature and what it asks for, without installing it
    Verify(verify::Arguments),
    /// Install a module from a file, a directory or an archive
    Add(add::Arguments),
    /// Remove an installed module
    Remove(remove::Arguments),
    /// List the installed modules
    List(list::Arguments),
    /// Choose whose modules are trusted
    #[command(subcommand)]
    Trust(trust::Command),
}

impl Command {
    pub(super) fn run(self, profile: Option<String>) -> Result<Exit> {
        let done = match self {
            Self::Run(command) => command.run(profile),
            Self::Record(command) => command.run(profile),
            _ if profile.is_some() => Err(UsageError::profile_without_gateway())?,
            Self::New(command) => command.run(),
            Self::Build(command) => command.run(),
            Self::Wrap(command) => command.run(),
            Self::Test(command) => command.run(),
            Self::Inspect(command) => command.run(),
            Self::Replay(command) => command.run(),
            Self::Keygen(command) => command.run(),
            Self::Sign(command) => command.run(),
            Self::Verify(command) => command.run(),
            Self::Add(command) => command.run(),
            Self::Remove(command) => command.run(),
            Self::List(command) => command.run(),
            Self::Trust(command) => command.run(),
        };
        done.or_else(explain)
    }
}

/// Prints what went wrong for an author, with the next step on a line of its own.
fn explain(error: anyhow::Error) -> Result<Exit> {
    let Some(known) = error.downcast_ref::<DevkitError>() else { return Err(error) };
    let text = known.to_string();
    match known {
        // Our message and the compiler's, over several lines.
        DevkitError::Build(_) => anstream::eprintln!("error: {}", visible_lines(&text)),
        _ => anstream::eprintln!("error: {}", visible(&text)),
    }
    if let Some(help) = known.help() {
        anstream::eprintln!("help: {help}");
    }
    Ok(if matches!(known, DevkitError::Name(..)) { Exit::Usage } else { Exit::Failed })
}
