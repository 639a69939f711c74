//! What the subcommands that fix and undo share: the journal of this user, and how the home directory is shown.

use anyhow::Result;

use super::environment::variable;
use chitin_fix::Journal;
use chitin_report::fix::Home;
use chitin_view::Inputs;

pub(super) fn journal() -> Result<Journal> {
    Ok(Journal::of_user(variable)?)
}

pub(super) fn home(inputs: &Inputs) -> Home {
    let collected = inputs.collected();
    Home::new(&collected.locations.home, collected.environment.get("OPENCLAW_HOME").is_some())
}
