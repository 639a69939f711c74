//! `chitin undo`.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::environment::{environment, working_directory};
use super::fix_context::journal;
use super::gateway_options::ProfileOption;
use crate::exit::Exit;
use crate::output::print;
use crate::usage::UsageError;
use chitin_config::discover::{self, Request};
use chitin_fix::{NoFailpoints, undo};
use chitin_model::escape::visible;
use chitin_view::without_shapes;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The fix run to undo, by the name that the fix printed [default: the last one]
    #[arg(value_name = "RUN")]
    run: Option<String>,

    #[command(flatten)]
    profile: ProfileOption,

    /// Only a run on this state directory
    #[arg(long, value_name = "DIR")]
    state_dir: Option<PathBuf>,
}

impl Arguments {
    pub(super) fn run(self, profile: Option<String>) -> Result<Exit> {
        let profile = self.profile.or_before(profile)?;
        let gateway = gateway(profile, self.state_dir)?;
        let undone = undo(&journal()?, self.run.as_deref(), gateway.as_deref(), &NoFailpoints)?;
        let visible = |text: &str| visible(&without_shapes(text.to_owned()));
        let mut out = format!("Run {}\n", undone.run);
        for restored in &undone.restored {
            let _infallible = writeln!(out, "  restored {}", visible(restored));
        }
        for kept in &undone.kept {
            let _infallible = writeln!(out, "  left alone {}", visible(kept));
        }
        if undone.untouched > 0 {
            let _infallible = writeln!(out, "  {} already as before", undone.untouched);
        }
        print(&out)?;
        Ok(if undone.kept.is_empty() { Exit::Ok } else { Exit::Failed })
    }
}

/// The state directory whose fix is undone, where the operator names a gateway.
fn gateway(profile: Option<String>, state_dir: Option<PathBuf>) -> Result<Option<PathBuf>> {
    if profile.is_some() && state_dir.is_some() {
        Err(UsageError::new(
            "a profile names a state directory, and so does --state-dir",
            "leave out one of them",
        ))?;
    }
    if profile.is_none() && state_dir.is_none() {
        return Ok(None);
    }
    let mut environment = environment(profile.as_deref());
    let request = Request { state_dir, profile, cwd: working_directory()?, ..Request::default() };
    Ok(Some(discover::find(&request, &mut environment).state_dir))
}
