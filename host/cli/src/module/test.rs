//! `chitin module test`.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::exit::Exit;
use crate::output::print;
use crate::runtime::run;
use chitin_devkit::component;
use chitin_devkit::examples::{self, Example};
use chitin_model::escape::visible;
use chitin_runtime::Module;
use chitin_runtime::limits::{LimitSetting, Limits};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The module's directory, with `examples/good` and `examples/bad` in it
    #[arg(value_name = "DIR", default_value = ".")]
    directory: PathBuf,

    /// Test this file instead of building the crate in DIR
    #[arg(long, value_name = "FILE")]
    module: Option<PathBuf>,

    /// Change a limit of the module, for instance time=5000
    #[arg(long, value_name = "NAME=NUMBER")]
    limit: Vec<LimitSetting>,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let examples = examples::find(&self.directory)?;
        let (name, bytes) = if let Some(path) = &self.module {
            (path.display().to_string(), component::read(path)?)
        } else {
            let made = super::build::build(&self.directory)?;
            (made.name, made.bytes)
        };
        let module = component::module(&name, &bytes)?;
        let failed = run(judge(examples, module, Limits::with(&self.limit)))?;
        Ok(if failed == 0 { Exit::Ok } else { Exit::Failed })
    }
}

/// Tells of every example, and how many were not as expected.
async fn judge(examples: Vec<Example>, module: Module, limits: Limits) -> Result<usize> {
    let mut failed = 0;
    for example in &examples {
        let differences = example.judge(module.clone(), limits).await?;
        let mut out = String::new();
        let verdict = if differences.is_empty() { "ok  " } else { "FAIL" };
        let _infallible = writeln!(out, "{verdict}  {}", visible(&example.name));
        for difference in &differences {
            let _infallible = writeln!(out, "        {}", visible(difference));
        }
        print(&out)?;
        failed += usize::from(!differences.is_empty());
    }
    print(&format!("\n{} passed, {failed} failed\n", examples.len() - failed))?;
    Ok(failed)
}
