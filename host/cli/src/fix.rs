//! `chitin fix`, and the fixing that `chitin audit --fix` begins with.

use std::fmt::Write as _;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;

use super::environment::{environment, variable, working_directory};
use super::runtime::run;
use crate::exit::Exit;
use crate::output::print;
use chitin_audit::{Options, Report, audit, audit_inputs, collect};
use chitin_config::discover::Request;
use chitin_config::environment::Environment;
use chitin_fix::{self, Applied, Choice, FixPlan, Journal, NoFailpoints, Requested};
use chitin_model::escape::visible;
use chitin_model::rule_pattern::RulePattern;
use chitin_report::fix::{Home, lines, verified};
use chitin_report::rules;
use chitin_runtime::Catalogue;
use chitin_view::Inputs;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The state directory [default: found as OpenClaw finds it]
    #[arg(long, value_name = "DIR")]
    state_dir: Option<PathBuf>,

    /// The config file [default: found as OpenClaw finds it]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Show what would be changed, and change nothing
    #[arg(long)]
    dry_run: bool,

    /// Only the changes that answer these rules, or rules whose ids begin like this
    #[arg(long, value_name = "ID", num_args = 1..)]
    only: Vec<String>,

    /// Do not ask
    #[arg(long)]
    yes: bool,

    /// Also changes that may take away something that is in use
    #[arg(long = "unsafe")]
    unsafe_too: bool,
}

impl Arguments {
    pub(super) fn run(self, profile: Option<&str>) -> Result<Exit> {
        let asks = !self.yes && !self.dry_run;
        if asks && !std::io::stdin().is_terminal() {
            anstream::eprintln!("error: there is no terminal to ask on");
            anstream::eprintln!(
                "help: `chitin fix --dry-run` shows the changes, `chitin fix --yes` makes them"
            );
            return Ok(Exit::Usage);
        }
        let environment = environment(profile);
        let cwd = working_directory()?;
        let (catalogue, standing) = super::modules::all()?;
        let options = Options {
            standing,
            request: Request {
                state_dir: self.state_dir.clone(),
                config: self.config.clone(),
                cwd,
                ..Request::default()
            },
            ..Options::default()
        };
        let inputs = collect(&options, environment.clone())?;
        let before = run(audit_inputs(&inputs, &options, &catalogue))?;
        super::worker::tell(before.workers.as_ref());
        let mut plan = chitin_fix::plan(&inputs, &requests(&before, &catalogue));
        if let Some(unknown) = self.unknown(&plan, &catalogue) {
            anstream::eprintln!("error: there is no rule `{}`", visible(unknown));
            anstream::eprintln!("help: `chitin list` shows every rule");
            return Ok(Exit::Usage);
        }
        plan.drop_noops();
        let held_back = plan.choose(Choice { only: &self.only, unsafe_too: self.unsafe_too });
        print(&chitin_fix::preview(&plan, &inputs))?;
        if held_back > 0 {
            print(&format!(
                "{held_back} held back: not safe for everybody (`--unsafe` makes those that may be made)\n"
            ))?;
        }
        if plan.is_empty() {
            print("Nothing to fix.\n")?;
            return Ok(Exit::Ok);
        }
        if self.dry_run {
            print("Nothing was changed (--dry-run).\n")?;
            return Ok(Exit::Ok);
        }
        if asks {
            ask(&mut plan)?;
            if plan.is_empty() {
                print("Nothing was changed.\n")?;
                return Ok(Exit::Ok);
            }
        }
        let applied = chitin_fix::apply(&plan, &journal()?, &NoFailpoints)?.blanked(&inputs);
        let after = run(audit(options, environment, &catalogue))?;
        print(&told(&applied, &before, &after, &home(&inputs)))?;
        Ok(if applied.ok() { Exit::Ok } else { Exit::Failed })
    }

    /// An id that is neither that of a rule nor one that a change goes by.
    fn unknown(&self, plan: &FixPlan, catalogue: &Catalogue) -> Option<&str> {
        let declared = rules::of_catalogue(catalogue);
        let is_known = |id: &str| {
            let family = RulePattern::new(id);
            plan.answers(id)
                || rules::find(&declared, id).is_some()
                || declared.iter().any(|declared| family.is_family_of(declared.rule.pattern()))
        };
        self.only.iter().map(String::as_str).find(|id| !is_known(id))
    }
}

/// What modules asked for, with the module that asked.
fn requests(report: &Report, catalogue: &Catalogue) -> Vec<Requested> {
    let module_of = |rule: &str| {
        let module = catalogue
            .modules()
            .iter()
            .find(|module| module.manifest.rules.iter().any(|declared| declared.covers(rule)));
        module.map(|module| module.manifest.id.clone()).unwrap_or_default()
    };
    report
        .findings
        .iter()
        .flat_map(|finding| finding.fixes.iter().map(move |fix| (finding, fix)))
        .map(|(finding, fix)| Requested {
            module: module_of(&finding.rule),
            rule: finding.rule.clone(),
            fix: fix.clone(),
        })
        .collect()
}

/// Asks about each group, and takes out of the plan what is not agreed to.
fn ask(plan: &mut FixPlan) -> Result<()> {
    for group in plan.groups() {
        // Not on standard output, which may be a file: nobody would see what is asked.
        anstream::eprint!("{}? [y/N] ", visible(&group));
        let mut answer = String::new();
        let read = std::io::stdin().lock().read_line(&mut answer);
        if read.context("no answer could be read")? == 0 {
            anstream::eprintln!();
        }
        if !matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
            plan.drop_group(&group);
        }
    }
    Ok(())
}

fn told(applied: &Applied, before: &Report, after: &Report, home: &Home) -> String {
    let mut out = format!("\nFIX\n{}\n{}", lines(applied, home), verified(before, after));
    if let Some(run) = &applied.run {
        let _infallible = writeln!(out, "To take this back: chitin undo {run}");
    }
    out
}

pub(super) fn journal() -> Result<Journal> {
    Ok(Journal::of_user(variable)?)
}

fn home(inputs: &Inputs) -> Home {
    let collected = inputs.collected();
    Home::new(&collected.locations.home, collected.environment.get("OPENCLAW_HOME").is_some())
}

/// What `audit --fix` did before its audit.
pub(super) struct First {
    /// None when it failed.
    pub(super) applied: Option<Applied>,
    /// The audit before, if there was something to change.
    pub(super) before: Option<Report>,
    pub(super) home: Home,
}

/// Makes every change of OpenClaw's list, without asking. A failure is told on stderr and does not keep the audit from
/// running.
pub(super) fn first(
    options: &Options,
    environment: &Environment,
    catalogue: &Catalogue,
) -> Result<First> {
    let failed = |error: &anyhow::Error| {
        let text = format!("{error:#}");
        anstream::eprintln!("error: the fixes failed to apply: {}", visible(&text));
    };
    let inputs = match collect(options, environment.clone()) {
        Ok(inputs) => inputs,
        Err(error) => {
            failed(&error);
            let home = Home::new(std::path::Path::new(""), false);
            return Ok(First { applied: None, before: None, home });
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
        anstream::eprintln!("note: `chitin undo {run}` takes the fixes back");
    }
    Ok(First { applied, before, home: home(&inputs) })
}
