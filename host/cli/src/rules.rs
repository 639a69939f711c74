//! `chitin list` and `chitin explain`: the rules of every loaded module, from their manifests.

use anyhow::Result;
use clap::Args;

use crate::exit::Exit;
use crate::output::print;
use chitin_report::rules;

#[derive(Debug, Args)]
pub(super) struct List {
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) fn run(self) -> Result<Exit> {
        let (catalogue, _) = super::modules::all()?;
        let declared = rules::of_catalogue(&catalogue);
        print(&if self.json { rules::json(&declared)? } else { rules::table(&declared) })?;
        Ok(Exit::Ok)
    }
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// A rule id, or the id of a finding
    #[arg(value_name = "ID")]
    id: String,
}

impl Explain {
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
