//! `chitin list`: the rules of every loaded module, from their manifests.

use anyhow::Result;
use clap::Args;

use crate::exit::Exit;
use crate::output::print;
use chitin_report::rules;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let (catalogue, _) = super::modules::all()?;
        let declared = rules::of_catalogue(&catalogue);
        print(&if self.json { rules::json(&declared)? } else { rules::table(&declared) })?;
        Ok(Exit::Ok)
    }
}
