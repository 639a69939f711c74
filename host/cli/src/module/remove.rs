//! `chitin module remove`.

use anyhow::Result;
use clap::Args;

use crate::exit::Exit;
use crate::modules::paths;
use crate::output::print;
use chitin_model::escape::visible;
use chitin_trust::{Memory, Store};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The module's id
    #[arg(value_name = "ID")]
    id: String,

    /// Also forget which release it was, so that an older one or another publisher's can be installed
    #[arg(long)]
    forget: bool,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let memory = if self.forget { Memory::Forget } else { Memory::Keep };
        Store::new(&paths()?).remove(&self.id, memory)?;
        print(&format!("Removed {}.\n", visible(&self.id)))?;
        Ok(Exit::Ok)
    }
}
