//! `chitin explain`: one rule, from its manifest.

use anyhow::Result;
use clap::Args;

use crate::exit::Exit;
use crate::output::print;
use chitin_report::rules;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A rule id, or the id of a finding
    #[arg(value_name = "ID")]
    id: String,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let (catalogue, _) = super::modules::all()?;
        let declared = rules::of_catalogue(&catalogue);
        if let Some(rule) = rules::find(&declared, &self.id) {
            print(&rules::explanation(rule))?;
            return Ok(Exit::Ok);
        }
        anstream::eprintln!(
            "error: there is no rule `{}`",
            chitin_model::escape::visible(&self.id)
        );
        match rules::nearest(&declared, &self.id) {
            Some(near) => anstream::eprintln!("help: did you mean `{near}`?"),
            None => anstream::eprintln!("help: `chitin list` shows every rule"),
        }
        Ok(Exit::Usage)
    }
}
