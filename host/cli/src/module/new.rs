//! `chitin module new`.

use std::path::Path;

use anyhow::Result;
use clap::Args;

use crate::exit::Exit;
use crate::output::print;
use chitin_devkit::scaffold;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The module's name; its directory is made here
    #[arg(value_name = "NAME")]
    name: String,

    /// Who publishes it; the rules' ids begin with this
    #[arg(long, value_name = "NAME", default_value = "example")]
    publisher: String,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        scaffold::create(Path::new(""), &self.name, &self.publisher)?;
        print(&format!(
            "Made {0}/\n\nNext:\n  cd {0}\n  cargo test            # the rules, natively\n  chitin module test    # in the sandbox, over examples/\n",
            self.name
        ))?;
        Ok(Exit::Ok)
    }
}
