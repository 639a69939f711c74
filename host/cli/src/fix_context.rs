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
    let path = &collected.locations.home;
    match collected.environment.get("OPENCLAW_HOME") {
        Some(_) => Home::of_variable(path),
        None => Home::of_user(path),
    }
}
