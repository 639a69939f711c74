//! `chitin module verify`: the decision that `add` and every audit make, without doing anything.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::{Exit, Here, print, refused, summary};
use crate::trust::{AddError, Offer, Store};

#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// The component, the directory with it, or the archive with it
    #[arg(value_name = "MODULE")]
    module: PathBuf,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let here = Here::find()?;
        let offer = Offer::read(&self.module)?;
        let decided = here.judge().decide(&offer.name, offer.module, offer.envelope.as_deref());
        let module = match decided {
            Ok(module) => module,
            Err(why) => return Ok(refused(&offer.name, &why)),
        };
        match Store::new(&here.paths).weigh(&module) {
            Ok(_) => {}
            Err(AddError::Refused(why)) => return Ok(refused(&offer.name, &why)),
            Err(error) => return Err(error.into()),
        }
        print(&summary::of(&module))?;
        Ok(Exit::Ok)
    }
}
