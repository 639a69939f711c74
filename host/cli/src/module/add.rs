//! `chitin module add`. Nothing is downloaded: the operator brings the files.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;

use super::summary;
use super::trust_context::{TrustContext, refused, weighed};
use crate::exit::Exit;
use crate::output::print;
use chitin_model::escape::visible;
use chitin_trust::{InstallPlan, Package, Store, VerifiedModule, VerifyError};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The component, or a directory or archive (.zip, .tgz) that holds it with the envelope beside it
    #[arg(value_name = "FILE|DIR|ARCHIVE")]
    module: PathBuf,

    /// Do not ask; a module that asks for more than the installed release is refused
    #[arg(long)]
    yes: bool,

    /// With --yes: also install a module that asks for more than the installed release
    #[arg(long, requires = "yes")]
    accept_widened: bool,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let context = TrustContext::load()?;
        let package = Package::read(&self.module)?;
        let store = Store::new(&context.paths);
        let Some((module, addition)) = weighed(&context, &store, &package)? else {
            return Ok(Exit::Failed);
        };
        print(&summary::of(&module))?;
        print(&difference(&addition))?;
        let agreed = if self.yes {
            if let (InstallPlan::Widened(words), false) = (&addition, self.accept_widened) {
                let why = VerifyError::GrantsWidened { words: words.clone() };
                return Ok(refused(&package.name, &why));
            }
            true
        } else if std::io::stdin().is_terminal() {
            ask(&module)?
        } else {
            anstream::eprintln!("error: there is no terminal to ask on");
            anstream::eprintln!("help: `chitin module add --yes` installs what is shown above");
            return Ok(Exit::Usage);
        };
        if !agreed {
            print("Nothing was installed.\n")?;
            return Ok(Exit::Ok);
        }
        store.add(&module, package.envelope.as_deref(), &addition, context.now)?;
        print(&format!("Installed {}.\n", visible(&module.manifest().id)))?;
        Ok(Exit::Ok)
    }
}

/// How it compares with the installed release.
fn difference(addition: &InstallPlan) -> String {
    match addition {
        InstallPlan::New => "\n".to_owned(),
        InstallPlan::AlreadyInstalled => "\nThis exact module is already installed.\n".to_owned(),
        InstallPlan::Update => "\nIt asks for no more than the installed release.\n".to_owned(),
        InstallPlan::Widened(words) => {
            let lines: Vec<String> =
                words.iter().map(|line| format!("  + {}\n", visible(line))).collect();
            format!("\nIT ASKS FOR MORE THAN THE INSTALLED RELEASE:\n{}", lines.concat())
        }
    }
}

fn ask(module: &VerifiedModule) -> Result<bool> {
    print(&format!("Install {}? [y/N] ", visible(&module.manifest().id)))?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).context("the answer could not be read")?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
