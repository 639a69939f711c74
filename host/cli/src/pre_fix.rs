//! The fix that `chitin audit --fix` begins with.

use anyhow::Result;

use super::fix_context::{home, journal};
use super::runtime::run;
use chitin_audit::{Options, Report, audit_inputs, collect};
use chitin_config::environment::Environment;
use chitin_fix::{self, Applied, NoFailpoints};
use chitin_model::escape::visible;
use chitin_report::fix::Home;
use chitin_runtime::Catalogue;

/// What `audit --fix` did before its audit.
pub(super) struct PreFix {
    /// None if it failed.
    pub(super) applied: Option<Applied>,
    /// The audit before the fix, if there was something to change.
    pub(super) before: Option<Report>,
    pub(super) home: Home,
}

/// Makes every change that OpenClaw's own `--fix` makes, without asking. A failure is reported on stderr, and the audit
/// runs anyway.
pub(super) fn pre_fix(
    options: &Options,
    environment: &Environment,
    catalogue: &Catalogue,
) -> Result<PreFix> {
    let failed = |error: &anyhow::Error| {
        let text = format!("{error:#}");
        anstream::eprintln!("error: the fixes failed to apply: {}", visible(&text));
    };
    let inputs = match collect(options, environment.clone()) {
        Ok(inputs) => inputs,
        Err(error) => {
            failed(&error.into());
            let home = Home::of_user(std::path::Path::new(""));
            return Ok(PreFix { applied: None, before: None, home });
        }
    };
    let plan = chitin_fix::plan(&inputs, &[]);
    let before =
        if plan.is_idle() { None } else { Some(run(audit_inputs(&inputs, options, catalogue))?) };
    let applied = journal()
        .and_then(|journal| Ok(chitin_fix::apply(&plan, &journal, &NoFailpoints)?.blanked(&inputs)))
        .inspect_err(failed)
        .ok();
    if let Some(run) = applied.as_ref().and_then(|applied| applied.run.as_ref()) {
        anstream::eprintln!("note: `chitin undo {run}` undoes the fixes");
    }
    Ok(PreFix { applied, before, home: home(&inputs) })
}
