//! `chitin module remove`.

use anyhow::Result;
use clap::Args;

use crate::exit::Exit;
use crate::modules::paths;
use crate::output::print;
use chitin_model::escape::visible;
use chitin_trust::{Removal, Store};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The module's id
    #[arg(value_name = "ID")]
    id: String,

    /// Also forget which release it was, so an older one or another publisher's can be installed
    #[arg(long)]
    forget: bool,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let memory = if self.forget { Removal::Forget } else { Removal::KeepTombstone };
        Store::new(&paths()?).remove(&self.id, memory)?;
        print(&format!("Removed {}.\n", visible(&self.id)))?;
        Ok(Exit::Ok)
    }
}
