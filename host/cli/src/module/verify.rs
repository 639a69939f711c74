//! `chitin module verify`: the check that `add` and every audit make, and nothing else.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::{Here, plan_install, summary};
use crate::exit::Exit;
use crate::output::print;
use chitin_trust::{Package, Store};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The component, or the directory or archive that contains it
    #[arg(value_name = "MODULE")]
    module: PathBuf,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let here = Here::find()?;
        let package = Package::read(&self.module)?;
        let Some((module, _)) = plan_install(&here, &Store::new(&here.paths), &package)? else {
            return Ok(Exit::Failed);
        };
        print(&summary::of(&module))?;
        Ok(Exit::Ok)
    }
}
