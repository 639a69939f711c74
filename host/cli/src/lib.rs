//! The command line: one file per subcommand, exit codes in one place.

mod audit;
mod environment;
mod exit;
mod explain;
mod fail_on;
mod fix;
mod fix_context;
mod list;
mod module;
mod modules;
mod output;
mod pre_fix;
mod progress;
mod runtime;
mod scan;
mod undo;
mod worker;
mod worker_gaps;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

pub use exit::Exit;

/// Audits the security of OpenClaw gateways with sandboxed checks.
#[derive(Debug, Parser)]
#[command(name = "chitin", version, about, max_term_width = 100, propagate_version = true)]
#[command(after_help = exit::TABLE)]
struct Arguments {
    /// Audit the OpenClaw profile NAME (state directory ~/.openclaw-NAME)
    #[arg(long, global = true, value_name = "NAME", value_parser = environment::profile_name)]
    profile: Option<String>,

    /// Audit the OpenClaw profile `dev`
    #[arg(long, global = true, conflicts_with = "profile")]
    dev: bool,

    /// No colour, even on a terminal
    #[arg(long, global = true)]
    no_color: bool,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Audit a gateway's config and state directory
    Audit(audit::Arguments),
    /// Show what can be fixed, ask, and fix it
    Fix(fix::Arguments),
    /// Undo a fix, where nothing has changed since
    Undo(undo::Arguments),
    /// Scan the code of skills and plugins, even before they are installed
    Scan(scan::Arguments),
    /// List every rule
    List(list::Arguments),
    /// Explain one rule: what it means, why it matters, how to fix it
    Explain(explain::Arguments),
    /// Third-party checks: write, build, test, sign, verify, install, trust
    #[command(subcommand)]
    Module(module::Command),
}

/// The whole program.
pub fn main() -> ExitCode {
    if let Some(done) = worker::run_if_worker() {
        return done;
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return answer(&error).into(),
    };
    if arguments.no_color {
        anstream::ColorChoice::Never.write_global();
    }
    let profile = arguments.profile.or(arguments.dev.then(|| "dev".to_owned()));
    let done = match arguments.command {
        Command::Audit(command) => command.run(profile.as_deref()),
        Command::Fix(command) => command.run(profile.as_deref()),
        Command::Undo(command) => command.run(),
        Command::Scan(command) => command.run(profile.as_deref()),
        Command::List(command) => command.run(),
        Command::Explain(command) => command.run(),
        Command::Module(command) => command.run(profile.as_deref()),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(error) => {
            let text = format!("{error:#}");
            anstream::eprintln!("error: {}", chitin_model::escape::visible(&text));
            Exit::Failed.into()
        }
    }
}

/// Prints help or the version, or what is wrong with the command line. Arguments may be hostile text too.
fn answer(error: &clap::Error) -> Exit {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return if error.print().is_ok() { Exit::Ok } else { Exit::Failed };
    }
    anstream::eprint!("{}", chitin_model::escape::visible_lines(&error.render().to_string()));
    Exit::Usage
}
