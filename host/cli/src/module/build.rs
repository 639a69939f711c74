//! `chitin module build`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::crate_build::{build, render_written};
use crate::exit::Exit;
use crate::output::print;
use chitin_devkit::component;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The module's directory
    #[arg(value_name = "DIR", default_value = ".")]
    directory: PathBuf,

    /// The file to write [default: NAME.wasm in DIR]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let module = build(&self.directory)?;
        let output =
            self.output.unwrap_or_else(|| self.directory.join(format!("{}.wasm", module.name)));
        component::write(&module, &output)?;
        print(&render_written(&module, &output))?;
        Ok(Exit::Ok)
    }
}
