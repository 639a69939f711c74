//! `chitin module`: one file per subcommand.

mod add;
mod keygen;
mod list;
mod passphrase;
mod remove;
mod sign;
mod summary;
mod trust;
mod verify;

use anyhow::Result;
use clap::Subcommand;

use super::{Exit, print};
use crate::calendar::Moment;
use crate::plugin::Catalogue;
use crate::report::visible_lines;
use crate::trust::{Judge, Paths, Trust, installed, own_rules};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a key for signing modules
    Keygen(keygen::Arguments),
    /// Sign a module
    Sign(sign::Arguments),
    /// Check a module's signature, and what it may and wants to do, without installing it
    Verify(verify::Arguments),
    /// Install a module from a file, a directory or an archive
    Add(add::Arguments),
    /// Take an installed module out
    Remove(remove::Arguments),
    /// List the installed modules
    List(list::Arguments),
    /// Say whose modules are trusted
    #[command(subcommand)]
    Trust(trust::Command),
}

impl Command {
    pub(super) fn run(self) -> Result<Exit> {
        match self {
            Self::Keygen(command) => command.run(),
            Self::Sign(command) => command.run(),
            Self::Verify(command) => command.run(),
            Self::Add(command) => command.run(),
            Self::Remove(command) => command.run(),
            Self::List(command) => command.run(),
            Self::Trust(command) => command.run(),
        }
    }
}

/// What is trusted here, and now.
struct Here {
    paths: Paths,
    own_rules: Vec<String>,
    trust: Trust,
    now: Moment,
}

impl Here {
    fn find() -> Result<Self> {
        let paths = paths()?;
        let own_rules = own_rules()?;
        let trust = Trust::load(&paths, &own_rules)?;
        Ok(Self { paths, own_rules, trust, now: Moment::now() })
    }

    fn judge(&self) -> Judge<'_> {
        Judge { trust: &self.trust, own_rules: &self.own_rules, now: self.now }
    }
}

fn paths() -> Result<Paths> {
    Ok(Paths::of_user(|name| std::env::var_os(name))?)
}

/// The built-in modules, with what there is to say about installed ones.
pub(super) fn with_installed(built_in: Catalogue) -> Catalogue {
    // Where no directory can be, nothing is installed.
    let Ok(paths) = paths() else { return built_in };
    let standing = installed(&paths, &built_in, Moment::now()).standing;
    built_in.with_standing(standing)
}

/// Says that a module is refused, on stderr. The reason ends in what to do next.
fn refused(name: &str, why: &impl std::fmt::Display) -> Exit {
    let text = format!("{name} is refused: {why}");
    anstream::eprintln!("error: {}", visible_lines(&text));
    Exit::Failed
}
