//! `chitin fix`.

use std::fmt::Write as _;
use std::io::{BufRead as _, IsTerminal as _};

use anyhow::{Context as _, Result};
use clap::Args;

use super::fix_context::{home, journal};
use super::gateway_options::{Chosen, GatewayOptions, TargetOption};
use super::runtime::run;
use super::worker_gaps::warn_gaps;
use crate::exit::Exit;
use crate::output::print;
use chitin_audit::{Options, Report, audit, audit_inputs, collect};
use chitin_fix::{self, Applied, Choice, FixPlan, NoFailpoints, Requested};
use chitin_model::escape::visible;
use chitin_model::rule_pattern::RulePattern;
use chitin_report::fix::{Home, lines, verified};
use chitin_report::rules;
use chitin_runtime::Catalogue;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    gateway: GatewayOptions,

    /// Show what would be changed, and change nothing
    #[arg(long)]
    dry_run: bool,

    /// Only the changes for these rules, or for rules whose ids begin with one of these
    #[arg(long, value_name = "ID", num_args = 1..)]
    only: Vec<String>,

    /// Do not ask
    #[arg(long)]
    yes: bool,

    /// Also make changes that may break something that is in use
    #[arg(long = "unsafe")]
    unsafe_too: bool,
}

impl Arguments {
    pub(super) fn run(self, profile: Option<String>) -> Result<Exit> {
        let asks = !self.yes && !self.dry_run;
        if asks && !std::io::stdin().is_terminal() {
            anstream::eprintln!("error: there is no terminal to ask on");
            anstream::eprintln!(
                "help: `chitin fix --dry-run` shows the changes, `chitin fix --yes` makes them"
            );
            return Ok(Exit::Usage);
        }
        let Chosen { request, environment } = self.gateway.choose(TargetOption::none(), profile)?;
        let (catalogue, trust_report) = super::modules::all()?;
        let options = Options { trust_report, request, ..Options::default() };
        let inputs = collect(&options, environment.clone())?;
        let before = run(audit_inputs(&inputs, &options, &catalogue))?;
        warn_gaps(before.workers.as_ref());
        let mut plan = chitin_fix::plan(&inputs, &requests(&before));
        if let Some(unknown) = unknown(&self.only, &plan, &catalogue) {
            anstream::eprintln!("error: there is no rule `{}`", visible(unknown));
            anstream::eprintln!("help: `chitin list` shows every rule");
            return Ok(Exit::Usage);
        }
        plan.drop_noops();
        let held_back = plan.choose(Choice { only: &self.only, unsafe_too: self.unsafe_too });
        print(&chitin_fix::preview(&plan, &inputs))?;
        if held_back > 0 {
            print(&format!(
                "{held_back} held back as unsafe (`--unsafe` makes those that chitin can make)\n"
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
        print(&render_fix(&applied, &before, &after, &home(&inputs)))?;
        Ok(if applied.ok() { Exit::Ok } else { Exit::Failed })
    }
}

/// The first id of `--only` that is neither a rule's nor a change's.
fn unknown<'o>(only: &'o [String], plan: &FixPlan, catalogue: &Catalogue) -> Option<&'o str> {
    let declared = rules::of_catalogue(catalogue);
    let is_known = |id: &str| {
        let family = RulePattern::new(id);
        plan.answers(id)
            || rules::find(&declared, id).is_some()
            || declared.iter().any(|declared| family.is_family_of(declared.rule.pattern()))
    };
    only.iter().map(String::as_str).find(|id| !is_known(id))
}

/// The fixes that came with findings.
fn requests(report: &Report) -> Vec<Requested> {
    report
        .findings
        .iter()
        .flat_map(|finding| finding.fixes.iter().map(move |fix| (finding, fix)))
        .map(|(finding, fix)| Requested {
            origin: finding.origin,
            rule: finding.rule.clone(),
            fix: fix.clone(),
        })
        .collect()
}

/// Asks about each group, and drops from the plan what the operator does not agree to.
fn ask(plan: &mut FixPlan) -> Result<()> {
    for group in plan.groups() {
        // Not on standard output: that may be a file, and then nobody would see the question.
        anstream::eprint!("{}? [y/N] ", visible(&group));
        let mut answer = String::new();
        let read = std::io::stdin().lock().read_line(&mut answer);
        if read.context("the answer could not be read")? == 0 {
            anstream::eprintln!();
        }
        if !matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
            plan.drop_group(&group);
        }
    }
    Ok(())
}

fn render_fix(applied: &Applied, before: &Report, after: &Report, home: &Home) -> String {
    let mut out = format!("\nFIX\n{}\n{}", lines(applied, home), verified(before, after));
    if let Some(run) = &applied.run {
        let _infallible = writeln!(out, "To undo this: chitin undo {run}");
    }
    out
}
