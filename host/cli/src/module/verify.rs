//! `chitin module verify`: the decision that `add` and every audit make, without doing anything.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::{Here, summary, weighed};
use crate::exit::Exit;
use crate::output::print;
use chitin_trust::{Offer, Store};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The component, the directory with it, or the archive with it
    #[arg(value_name = "MODULE")]
    module: PathBuf,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let here = Here::find()?;
        let offer = Offer::read(&self.module)?;
        let Some((module, _)) = weighed(&here, &Store::new(&here.paths), &offer)? else {
            return Ok(Exit::Failed);
        };
        print(&summary::of(&module))?;
        Ok(Exit::Ok)
    }
}
