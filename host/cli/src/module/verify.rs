//! `chitin module verify`: the decision that `add` and every audit make, without acting on it.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::summary;
use super::trust_context::{TrustContext, weighed};
use crate::exit::Exit;
use crate::output::print;
use chitin_trust::{Package, Store};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The component, or a directory or archive that holds it
    #[arg(value_name = "MODULE")]
    module: PathBuf,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let context = TrustContext::load()?;
        let package = Package::read(&self.module)?;
        let Some((module, _)) = weighed(&context, &Store::new(&context.paths), &package)? else {
            return Ok(Exit::Failed);
        };
        print(&summary::of(&module))?;
        Ok(Exit::Ok)
    }
}
