//! `chitin module trust`: whose modules are trusted. Entries are changed by hand in `trust.toml`.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use clap::{Args, Subcommand};

use super::trust_context::TrustContext;
use crate::exit::Exit;
use crate::modules::{own_rules, paths};
use crate::output::print;
use chitin_model::escape::visible;
use chitin_model::grants::RawGrants;
use chitin_model::grants::describe;
use chitin_trust::{Digest, NewPublisher, Package, Revoked, public_key};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Trust a publisher
    Add(Add),
    /// Stop trusting a key or a module
    Revoke(Revoke),
    /// Show who and what is trusted, and what is revoked
    List(List),
}

impl Command {
    pub(super) fn run(self) -> Result<Exit> {
        match self {
            Self::Add(command) => command.run(),
            Self::Revoke(command) => command.run(),
            Self::List(List {}) => list(),
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct List {}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The public key: the .pub file, or the line in it
    #[arg(value_name = "KEY")]
    key: String,

    /// The publisher's name, as in the manifests of its modules
    #[arg(long, value_name = "NAME")]
    publisher: String,

    /// What the ids of the publisher's rules begin with [default: the publisher's name]
    #[arg(long, value_name = "NAMESPACE", num_args = 1..)]
    rules: Vec<String>,

    /// The most that its modules may ask for: `config:/gateway`, `files:state:** metadata`, `facts:platform`,
    /// `fix-config:/logging/redactSensitive`, `fix-mode:state:**`
    #[arg(long, value_name = "KIND:GRANT", num_args = 1..)]
    grant: Vec<String>,
}

impl Add {
    fn run(self) -> Result<Exit> {
        let Some(written) = self.grants() else {
            anstream::eprintln!("error: a grant is KIND:GRANT");
            anstream::eprintln!("help: kinds are config, files, facts, fix-config, fix-mode");
            return Ok(Exit::Usage);
        };
        let grants = match written.parse() {
            Ok(grants) => grants,
            Err(error) => {
                anstream::eprintln!("error: {}", visible(&error.to_string()));
                anstream::eprintln!("help: grants are written as in module.toml");
                return Ok(Exit::Usage);
            }
        };
        let namespaces =
            if self.rules.is_empty() { vec![self.publisher.clone()] } else { self.rules };
        let key = public_key(&self.key)?;
        let new = NewPublisher { name: self.publisher, key, namespaces, grants };
        chitin_trust::add_publisher(&paths()?, &new, &own_rules()?)?;
        print(&format!("Trusted: {} with the key {}\n", visible(&new.name), new.key.id()))?;
        if describe::lines(&new.grants).is_empty() {
            print(
                "Its modules may see nothing yet: add what they may ask for with `--grant`, or in trust.toml.\n",
            )?;
        }
        Ok(Exit::Ok)
    }

    fn grants(&self) -> Option<RawGrants> {
        let mut written = RawGrants::default();
        for text in &self.grant {
            let (kind, grant) = text.split_once(':')?;
            let list = match kind {
                "config" => &mut written.config,
                "files" => &mut written.files,
                "facts" => &mut written.facts,
                "fix-config" => &mut written.fix_config,
                "fix-mode" => &mut written.fix_mode,
                _ => return None,
            };
            list.push(grant.to_owned());
        }
        Some(written)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// A key's id, line or .pub file; a module's sha256:DIGEST or file
    #[arg(value_name = "KEY|DIGEST|FILE")]
    what: String,

    /// The reason, for anyone who reads trust.toml later
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
}

impl Revoke {
    fn run(self) -> Result<Exit> {
        let what = match Revoked::parse(&self.what) {
            Some(what) => what,
            None => match public_key(&self.what) {
                Ok(key) => Revoked::Key(key.id()),
                Err(_) => {
                    Revoked::Digest(Digest::of(&Package::read(Path::new(&self.what))?.module))
                }
            },
        };
        chitin_trust::revoke(&paths()?, what, &self.reason, &own_rules()?)?;
        print(&format!("Revoked: {what}\n"))?;
        Ok(Exit::Ok)
    }
}

fn list() -> Result<Exit> {
    let context = TrustContext::load()?;
    let mut out = format!("Policy: {}\n", context.trust.policy.name());
    for publisher in context.trust.publishers() {
        let _infallible = writeln!(
            out,
            "\n{}  rules {}  {} of {} keys must sign",
            visible(&publisher.name),
            visible(&publisher.namespaces.join(", ")),
            publisher.needed,
            publisher.keys.len(),
        );
        for key in publisher.keys.keys() {
            let _infallible = writeln!(out, "  key {key}");
        }
        for line in describe::lines(&publisher.grants) {
            let _infallible = writeln!(out, "  may {}", visible(&line));
        }
    }
    let revoked: Vec<String> = context.trust.revoked().map(|what| format!("  {what}\n")).collect();
    if !revoked.is_empty() {
        let _infallible = write!(out, "\nRevoked:\n{}", revoked.concat());
    }
    print(&out)?;
    Ok(Exit::Ok)
}
