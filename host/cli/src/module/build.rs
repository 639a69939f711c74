//! `chitin module build`.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::environment::variable;
use crate::exit::Exit;
use crate::output::print;
use chitin_devkit::component::{self, Made};
use chitin_model::escape::visible;

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
        let made = build(&self.directory)?;
        let output =
            self.output.unwrap_or_else(|| self.directory.join(format!("{}.wasm", made.name)));
        component::write(&made, &output)?;
        print(&told(&made, &output))?;
        Ok(Exit::Ok)
    }
}

/// Compiles a module's crate where cargo compiles.
pub(super) fn build(directory: &Path) -> Result<Made> {
    let target_dir = variable("CARGO_TARGET_DIR")
        .filter(|path| !path.is_empty())
        // The compiler runs in the module's directory, and this path is seen from here.
        .map(std::path::absolute)
        .transpose()?;
    Ok(component::build(directory, target_dir)?)
}

pub(super) fn told(made: &Made, output: &Path) -> String {
    format!(
        "{} {}: {} ({} bytes)\n",
        visible(&made.manifest.id),
        visible(&made.manifest.version),
        visible(&output.display().to_string()),
        made.bytes.len(),
    )
}
