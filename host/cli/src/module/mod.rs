//! `chitin module`: one file per subcommand.

mod add;
mod build;
mod inspect;
mod keygen;
mod list;
mod new;
mod passphrase;
mod record;
mod remove;
mod replay;
mod run;
mod sign;
mod summary;
mod test;
mod trust;
mod verify;
mod wrap;

use anyhow::Result;
use clap::Subcommand;

use super::modules::{own_rules, paths};
use crate::exit::Exit;
use chitin_devkit::AuthorError;
use chitin_model::escape::{visible, visible_lines};
use chitin_model::timestamp::Timestamp;
use chitin_trust::{
    InstallError, InstallPlan, Package, Paths, Store, TrustPolicy, VerifiedModule, Verifier,
};

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
    /// Make a key for signing modules
    Keygen(keygen::Arguments),
    /// Sign a module
    Sign(sign::Arguments),
    /// Check a module's signature, and show what it may do, without installing it
    Verify(verify::Arguments),
    /// Install a module from a file, a directory or an archive
    Add(add::Arguments),
    /// Remove an installed module
    Remove(remove::Arguments),
    /// List the installed modules
    List(list::Arguments),
    /// Manage whose modules are trusted
    #[command(subcommand)]
    Trust(trust::Command),
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

/// The trust policy of this user, at this time.
struct Here {
    paths: Paths,
    own_rules: Vec<String>,
    trust: TrustPolicy,
    now: Timestamp,
}

impl Here {
    fn find() -> Result<Self> {
        let paths = paths()?;
        let own_rules = own_rules()?;
        let trust = TrustPolicy::load(&paths, &own_rules)?;
        Ok(Self { paths, own_rules, trust, now: Timestamp::now() })
    }

    fn verifier(&self) -> Verifier<'_> {
        Verifier { trust: &self.trust, own_rules: &self.own_rules, now: self.now }
    }
}

/// What `verify` shows and `add` does: the verified module and what its installation would change. None if it is refused;
/// the reason has been printed.
fn plan_install(
    here: &Here,
    store: &Store,
    package: &Package,
) -> Result<Option<(VerifiedModule, InstallPlan)>> {
    let module = package.module.clone();
    let verified = here.verifier().verify(&package.name, module, package.envelope.as_deref());
    let planned = verified.map_err(InstallError::from).and_then(|module| {
        let plan = store.plan_install(&module)?;
        Ok((module, plan))
    });
    match planned {
        Ok(planned) => Ok(Some(planned)),
        Err(InstallError::Refused(error)) => {
            refused(&package.name, &error);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Prints on stderr why a module is refused. The reason ends with what to do next.
fn refused(name: &str, why: &impl std::fmt::Display) -> Exit {
    let text = format!("{name} is refused: {why}");
    anstream::eprintln!("error: {}", visible_lines(&text));
    Exit::Failed
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
