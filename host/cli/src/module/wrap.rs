//! `chitin module wrap`.

use std::path::PathBuf;

use anyhow::Result;
use chitin_build::Strings;
use clap::{Args, ValueEnum};

use crate::exit::Exit;
use crate::output::print;
use chitin_devkit::component;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A component, or a core module with the contract's imports and exports
    #[arg(value_name = "COMPONENT")]
    component: PathBuf,

    /// The module's manifest
    #[arg(long, value_name = "FILE", default_value = "module.toml")]
    manifest: PathBuf,

    /// How strings lie in the memory of a core module
    #[arg(long, value_name = "ENCODING", default_value = "utf8")]
    strings: Encoding,

    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Encoding {
    Utf8,
    Utf16,
}

impl From<Encoding> for Strings {
    fn from(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Utf8 => Self::Utf8,
            Encoding::Utf16 => Self::Utf16,
        }
    }
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let made = component::wrap(&self.component, &self.manifest, self.strings.into())?;
        component::write(&made, &self.output)?;
        print(&super::build::told(&made, &self.output))?;
        Ok(Exit::Ok)
    }
}
