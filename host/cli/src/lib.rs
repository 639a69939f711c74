//! The command line: one file per subcommand, exit codes in one place.

mod audit;
mod environment;
mod exit;
mod explain;
mod fail_on;
mod fix;
mod fix_context;
mod gateway_options;
mod list;
mod module;
mod modules;
mod output;
mod pre_fix;
mod progress;
mod runtime;
mod scan;
mod secret_options;
mod undo;
mod usage;
mod worker;
mod worker_gaps;

use std::process::ExitCode;

use anyhow::Result;
use chitin_audit::AuditError;
use chitin_model::escape::{visible, visible_lines};
use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

pub use exit::Exit;
use gateway_options::ProfileOption;
use usage::UsageError;

/// Audits the security of OpenClaw gateways with sandboxed checks.
#[derive(Debug, Parser)]
#[command(name = "chitin", version, about, max_term_width = 100, propagate_version = true)]
#[command(after_help = exit::TABLE)]
struct Arguments {
    #[command(flatten)]
    profile: ProfileOption,

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
    run(arguments).unwrap_or_else(|error| explain(&error)).into()
}

fn run(arguments: Arguments) -> Result<Exit> {
    let profile = arguments.profile.name();
    match arguments.command {
        Command::Audit(command) => command.run(profile),
        Command::Fix(command) => command.run(profile),
        Command::Undo(command) => command.run(profile),
        Command::Module(command) => command.run(profile),
        Command::Scan(command) => command.run(profile.as_deref()),
        _ if profile.is_some() => Err(UsageError::profile_without_gateway())?,
        Command::List(command) => command.run(),
        Command::Explain(command) => command.run(),
    }
}

/// Prints why there is no answer, with what to do where that is known.
fn explain(error: &anyhow::Error) -> Exit {
    let text = format!("{error:#}");
    anstream::eprintln!("error: {}", visible(&text));
    let help = match (error.downcast_ref::<UsageError>(), error.downcast_ref::<AuditError>()) {
        (Some(usage), _) => usage.help(),
        (_, Some(AuditError::Target(target))) => target.help(),
        _ => return Exit::Failed,
    };
    anstream::eprintln!("help: {}", visible(help));
    Exit::Usage
}

/// Prints help or the version, or what is wrong with the command line. Arguments may be hostile text too.
fn answer(error: &clap::Error) -> Exit {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return if error.print().is_ok() { Exit::Ok } else { Exit::Failed };
    }
    anstream::eprint!("{}", visible_lines(&error.render().to_string()));
    Exit::Usage
}
