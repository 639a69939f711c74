//! `chitin module inspect`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::{Exit, print};
use crate::author::inspection::Inspection;
use crate::report::module;

#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// A module's file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Print as JSON
    #[arg(long)]
    json: bool,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let inspection = Inspection::of_file(&self.file)?;
        print(&if self.json { module::json(&inspection)? } else { module::text(&inspection) })?;
        Ok(Exit::Ok)
    }
}
