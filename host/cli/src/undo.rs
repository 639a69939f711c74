//! `chitin undo`.

use std::fmt::Write as _;

use anyhow::Result;
use clap::Args;

use super::fix_context::journal;
use crate::exit::Exit;
use crate::output::print;
use chitin_fix::{NoFailpoints, undo};
use chitin_model::escape::visible;
use chitin_view::without_shapes;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The fix run to undo, by the name that the fix printed [default: the last one]
    #[arg(value_name = "RUN")]
    run: Option<String>,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let undone = undo(&journal()?, self.run.as_deref(), &NoFailpoints)?;
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
