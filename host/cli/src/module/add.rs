//! `chitin module add`. Nothing is downloaded: the operator brings the files.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;

use super::{Here, refused, summary, weighed};
use crate::exit::Exit;
use crate::output::print;
use chitin_model::escape::visible;
use chitin_trust::{Addition, Offer, Refusal, Store, Verified};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The component, the directory with it, or the archive (.zip, .tgz) with it; the envelope is beside it
    #[arg(value_name = "FILE|DIR|ARCHIVE")]
    module: PathBuf,

    /// Do not ask; a module that asks for more than its installed release is refused
    #[arg(long)]
    yes: bool,

    /// With --yes: also a module that asks for more than its installed release
    #[arg(long, requires = "yes")]
    accept_widened: bool,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let here = Here::find()?;
        let offer = Offer::read(&self.module)?;
        let store = Store::new(&here.paths);
        let Some((module, addition)) = weighed(&here, &store, &offer)? else {
            return Ok(Exit::Failed);
        };
        print(&summary::of(&module))?;
        print(&difference(&addition))?;
        let agreed = if self.yes {
            if let (Addition::Wider(words), false) = (&addition, self.accept_widened) {
                let why = Refusal::GrantsWidened { words: words.clone() };
                return Ok(refused(&offer.name, &why));
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
        store.add(&module, offer.envelope.as_deref(), &addition, here.now)?;
        print(&format!("Installed {}.\n", visible(&module.manifest().id)))?;
        Ok(Exit::Ok)
    }
}

/// How it compares with what is installed.
fn difference(addition: &Addition) -> String {
    match addition {
        Addition::New => "\n".to_owned(),
        Addition::Again => "\nThis very module is installed already.\n".to_owned(),
        Addition::Update => "\nIt asks for no more than the installed release.\n".to_owned(),
        Addition::Wider(words) => {
            let lines: Vec<String> =
                words.iter().map(|line| format!("  + {}\n", visible(line))).collect();
            format!("\nIT ASKS FOR MORE THAN THE INSTALLED RELEASE:\n{}", lines.concat())
        }
    }
}

fn ask(module: &Verified) -> Result<bool> {
    print(&format!("Install {}? [y/N] ", visible(&module.manifest().id)))?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).context("no answer could be read")?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
