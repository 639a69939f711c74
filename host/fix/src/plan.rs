//! What is to be changed, and what is held back. A plan changes nothing; it holds the handles through which it would.

use std::collections::HashSet;
use std::path::PathBuf;

use super::anchored_path::{Anchors, Spot};
use super::disk::{self, Seen, Sort};
use super::edit::{Edit, Splice, apply, splices};
use super::icacls::{Call, Icacls};
use super::request::Requested;
use super::{config_fixes, permissions, request};
use chitin_config::Config;
use chitin_model::finding::FixLevel;
use chitin_model::rule_pattern::RulePattern;
use chitin_view::Inputs;

/// Changes that belong together: they are asked about together, and chosen by the rules that they answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) group: String,
    /// Rule ids, or beginnings of them.
    pub(super) rules: Vec<String>,
    pub(super) level: FixLevel,
}

/// How permissions are set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Means {
    /// POSIX modes.
    Mode,
    /// The access lists of Windows.
    AccessList(Icacls),
}

impl Means {
    fn of_system() -> Self {
        if cfg!(windows) { Self::AccessList(Icacls::of_system()) } else { Self::Mode }
    }
}

/// A new value in the config.
#[derive(Debug, Clone)]
pub(super) struct ValueChange {
    pub(super) tag: Tag,
    /// As OpenClaw words it.
    pub(super) text: String,
    /// Index into the config's files.
    pub(super) file: usize,
    pub(super) edit: Edit,
}

/// Permissions of one path.
#[derive(Debug, Clone)]
pub(super) struct ModeChange {
    pub(super) tag: Tag,
    pub(super) spot: Spot,
    pub(super) sort: Sort,
    pub(super) mode: u32,
}

/// A change that is not made, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub what: String,
    pub reason: String,
    /// The rules that it would have answered.
    pub(super) rules: Vec<String>,
}

/// Everything that may be changed in one run.
#[derive(Debug)]
pub struct Plan {
    pub(super) state_dir: PathBuf,
    pub(super) config_path: PathBuf,
    pub(super) means: Means,
    pub(super) values: Vec<ValueChange>,
    pub(super) modes: Vec<ModeChange>,
    pub(super) refused: Vec<Refused>,
    /// Why the config is not edited at all.
    pub(super) problems: Vec<String>,
    /// Why the config must not be written to, by its owner's own word.
    pub(super) read_only: Option<&'static str>,
    pub(super) sources: Vec<Source>,
}

/// A file of the config, as it was audited.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) text: Text,
    pub(super) spot: Option<Spot>,
}

/// The text of a config, which may hold secrets and does not show itself.
pub(super) struct Text(pub(super) String);

impl std::fmt::Debug for Text {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("[config text]")
    }
}

/// The edits of one file, proven.
#[derive(Debug)]
pub(super) struct Edited<'p> {
    pub(super) source: &'p Source,
    pub(super) splices: Vec<Splice>,
    pub(super) new: Text,
}

/// What of a plan is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'c> {
    /// Rule ids or beginnings of them; all when empty.
    pub only: &'c [String],
    pub unsafe_too: bool,
}

impl Tag {
    /// Whether one id is the other, or stands for a family that the other belongs to.
    pub(super) fn answers(&self, id: &str) -> bool {
        answers(&self.rules, id)
    }
}

fn answers(rules: &[String], id: &str) -> bool {
    rules.iter().any(|rule| RulePattern::new(rule).is_related_to(RulePattern::new(id)))
}

impl Source {
    /// That nothing is changed in this file.
    pub(super) fn refused(&self, reason: String) -> Refused {
        Refused { what: self.path.display().to_string(), reason, rules: Vec::new() }
    }
}

/// Plans OpenClaw's own list of changes, then what modules asked for.
pub fn plan(inputs: &Inputs, requested: &[Requested]) -> Plan {
    let collected = inputs.collected();
    let config = &collected.config;
    let mut anchors = Anchors::default();
    let variable = |name| collected.environment.get(name) == Some("1");
    let (modes, uncollected) = permissions::targets(collected, &mut anchors);
    let mut plan = Plan {
        state_dir: collected.locations.state_dir.clone(),
        config_path: config.path.clone(),
        means: Means::of_system(),
        values: Vec::new(),
        modes,
        refused: uncollected,
        problems: problems(config),
        read_only: ["OPENCLAW_CONFIG_READONLY", "OPENCLAW_NIX_MODE"]
            .into_iter()
            .find(|name| variable(name)),
        sources: permissions::sources(collected, &mut anchors),
    };
    if plan.problems.is_empty() {
        config_fixes::add(&mut plan, inputs);
    }
    request::add(&mut plan, inputs, requested, &mut anchors);
    plan
}

fn problems(config: &Config) -> Vec<String> {
    let worded = |problem: &chitin_config::Problem| {
        format!("{}: {}", problem.path.display(), problem.message)
    };
    config.problems.iter().map(worded).collect()
}

impl Plan {
    pub(super) fn refuse(
        &mut self,
        what: impl Into<String>,
        reason: impl Into<String>,
        rules: &[String],
    ) {
        let (what, reason) = (what.into(), reason.into());
        self.refused.push(Refused { what, reason, rules: rules.to_vec() });
    }

    pub(super) fn tags(&self) -> impl Iterator<Item = &Tag> {
        self.values.iter().map(|change| &change.tag).chain(self.modes.iter().map(|row| &row.tag))
    }

    fn retain(&mut self, keep: impl Fn(&Tag) -> bool) {
        self.values.retain(|change| keep(&change.tag));
        self.modes.retain(|change| keep(&change.tag));
    }

    /// Takes out what already is as it should be, so that only real changes are shown and asked about.
    pub fn without_idle(&mut self) {
        let (pending, idle) = std::mem::take(&mut self.modes)
            .into_iter()
            .partition(|row| row.pending(&self.means).is_some());
        self.modes = pending;
        let idle: Vec<ModeChange> = idle;
        for row in idle.iter().filter(|row| row.is_shared()) {
            let what = format!("chmod {:o} {}", row.mode, row.spot.path().display());
            self.refuse(what, "it has more than one hard link", &row.tag.rules);
        }
    }

    /// Whether there is a change that answers this rule.
    pub fn answers(&self, id: &str) -> bool {
        self.tags().any(|tag| tag.answers(id))
    }

    /// Keeps what is wanted; the number of changes that are held back for their level.
    pub fn choose(&mut self, choice: Choice<'_>) -> usize {
        let is_chosen = |rules: &[String]| {
            choice.only.is_empty() || choice.only.iter().any(|id| answers(rules, id))
        };
        self.retain(|tag| is_chosen(&tag.rules));
        self.refused.retain(|refused| is_chosen(&refused.rules));
        let wanted = |level| match level {
            FixLevel::Safe => true,
            FixLevel::Unsafe => choice.unsafe_too,
            FixLevel::DisplayOnly => false,
        };
        let held_back = self.tags().filter(|tag| !wanted(tag.level)).count();
        self.retain(|tag| wanted(tag.level));
        held_back
    }

    /// The groups to ask about, in order.
    pub fn groups(&self) -> Vec<String> {
        let mut groups: Vec<String> = Vec::new();
        for tag in self.tags() {
            if !groups.contains(&tag.group) {
                groups.push(tag.group.clone());
            }
        }
        groups
    }

    pub fn drop_group(&mut self, group: &str) {
        self.retain(|tag| tag.group != group);
    }

    /// Whether everything already is as it should be.
    pub fn is_idle(&self) -> bool {
        self.values.is_empty() && self.modes.iter().all(|row| row.pending(&self.means).is_none())
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.modes.is_empty()
    }

    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }

    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// The edits of each file that has any, or why they cannot be made.
    pub(super) fn edited(&self) -> Vec<Result<Edited<'_>, Refused>> {
        let edits_of = |number: usize| {
            // A file that is included twice is changed once.
            let mut seen = HashSet::new();
            let edits = self.values.iter().filter(|change| change.file == number);
            edits
                .map(|change| &change.edit)
                .filter(|edit| seen.insert(*edit))
                .cloned()
                .collect::<Vec<_>>()
        };
        self.sources
            .iter()
            .enumerate()
            .map(|(number, source)| (source, edits_of(number)))
            .filter(|(_, edits)| !edits.is_empty())
            .map(|(source, edits)| {
                let Text(text) = &source.text;
                let splices =
                    splices(text, &edits).map_err(|error| source.refused(error.to_string()))?;
                let new = apply(text, &splices)
                    .ok_or_else(|| source.refused("the edits do not fit the text".to_owned()))?;
                Ok(Edited { source, splices, new: Text(new) })
            })
            .collect()
    }
}

impl ModeChange {
    /// What is there, if its permissions have to change, as far as one can tell, and may be changed.
    pub(super) fn pending(&self, means: &Means) -> Option<Seen> {
        let seen = disk::look(&self.spot).ok().flatten()?;
        let fits = seen.sort == self.sort && (seen.sort == Sort::Directory || seen.links <= 1);
        let is_open = match means {
            Means::Mode => seen.mode & 0o777 != self.mode,
            Means::AccessList(_) => true,
        };
        (fits && is_open).then_some(seen)
    }

    /// The call that sets its permissions on Windows.
    pub(super) fn call(&self, icacls: &Icacls) -> Call {
        icacls.call(&self.spot.path().display().to_string(), self.sort)
    }

    /// Whether its mode would have to change, and is not changed because the file has other names as well.
    fn is_shared(&self) -> bool {
        let seen = disk::look(&self.spot).ok().flatten();
        seen.is_some_and(|seen| {
            seen.sort == Sort::File
                && self.sort == Sort::File
                && seen.links > 1
                && seen.mode & 0o777 != self.mode
        })
    }
}
