//! What would be changed, and what is refused. A plan changes nothing; it holds the open directories through which the
//! changes would be made.

use std::collections::HashSet;
use std::path::PathBuf;

use super::anchored_path::AnchoredPath;
use super::disk::{self, FileStat, FileType};
use super::edit::{Edit, Splice, apply, splices};
use super::icacls::{Icacls, IcaclsCall};
use chitin_model::finding::FixLevel;
use chitin_model::rule_pattern::RulePattern;

/// What is known of a change apart from what it does. Changes of one group are confirmed together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FixMeta {
    pub(super) group: String,
    /// The ids of the rules that it fixes, or the start of such ids.
    pub(super) rules: Vec<String>,
    pub(super) level: FixLevel,
}

/// How permissions are set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PermissionBackend {
    PosixMode,
    /// The access lists of Windows.
    Icacls(Icacls),
}

impl PermissionBackend {
    pub(super) fn of_system() -> Self {
        if cfg!(windows) { Self::Icacls(Icacls::of_system()) } else { Self::PosixMode }
    }
}

/// A new value in the config.
#[derive(Debug, Clone)]
pub(super) struct ValueChange {
    pub(super) meta: FixMeta,
    /// The wording is OpenClaw's.
    pub(super) text: String,
    /// Index into the config's files.
    pub(super) file: usize,
    pub(super) edit: Edit,
}

/// New permissions of one path.
#[derive(Debug, Clone)]
pub(super) struct ModeChange {
    pub(super) meta: FixMeta,
    pub(super) target: AnchoredPath,
    pub(super) file_type: FileType,
    pub(super) mode: u32,
}

/// A change that will not be made, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedChange {
    pub what: String,
    pub reason: String,
    /// The rules that it would have fixed.
    pub(super) rules: Vec<String>,
}

/// Everything that may be changed in one run.
#[derive(Debug)]
pub struct FixPlan {
    pub(super) state_dir: PathBuf,
    pub(super) config_path: PathBuf,
    pub(super) backend: PermissionBackend,
    pub(super) values: Vec<ValueChange>,
    pub(super) modes: Vec<ModeChange>,
    pub(super) refused: Vec<RefusedChange>,
    /// Why the config is not edited at all.
    pub(super) problems: Vec<String>,
    /// The environment variable by which the operator forbids writing to the config.
    pub(super) read_only: Option<&'static str>,
    pub(super) sources: Vec<Source>,
}

/// A config file as it was audited.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) text: ConfigText,
    pub(super) target: Option<AnchoredPath>,
}

/// The text of a config. It may contain secrets, so `Debug` does not print it.
pub(super) struct ConfigText(pub(super) String);

impl std::fmt::Debug for ConfigText {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("[config text]")
    }
}

/// The edits of one file, proven by parsing the result.
#[derive(Debug)]
pub(super) struct Edited<'p> {
    pub(super) source: &'p Source,
    pub(super) splices: Vec<Splice>,
    pub(super) new: ConfigText,
}

/// Which changes of a plan to keep.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'c> {
    /// Rule ids or the start of rule ids; empty for all.
    pub only: &'c [String],
    pub unsafe_too: bool,
}

impl FixMeta {
    /// Whether it fixes a rule with this id, or one whose id begins with it.
    pub(super) fn answers(&self, id: &str) -> bool {
        answers(&self.rules, id)
    }
}

fn answers(rules: &[String], id: &str) -> bool {
    rules.iter().any(|rule| RulePattern::new(rule).is_related_to(RulePattern::new(id)))
}

impl Source {
    /// The refusal of all changes to this file.
    pub(super) fn refused(&self, reason: String) -> RefusedChange {
        RefusedChange { what: self.path.display().to_string(), reason, rules: Vec::new() }
    }
}

impl FixPlan {
    pub(super) fn refuse(
        &mut self,
        what: impl Into<String>,
        reason: impl Into<String>,
        rules: &[String],
    ) {
        let (what, reason) = (what.into(), reason.into());
        self.refused.push(RefusedChange { what, reason, rules: rules.to_vec() });
    }

    pub(super) fn metas(&self) -> impl Iterator<Item = &FixMeta> {
        self.values.iter().map(|change| &change.meta).chain(self.modes.iter().map(|row| &row.meta))
    }

    fn retain(&mut self, keep: impl Fn(&FixMeta) -> bool) {
        self.values.retain(|change| keep(&change.meta));
        self.modes.retain(|change| keep(&change.meta));
    }

    /// Removes changes that would change nothing, so only real ones are shown and confirmed.
    pub fn drop_noops(&mut self) {
        let (pending, noops) = std::mem::take(&mut self.modes)
            .into_iter()
            .partition(|row| row.pending(&self.backend).is_some());
        self.modes = pending;
        let noops: Vec<ModeChange> = noops;
        for row in noops.iter().filter(|row| row.is_shared()) {
            let what = format!("chmod {:o} {}", row.mode, row.target.path().display());
            self.refuse(what, "it has more than one hard link", &row.meta.rules);
        }
    }

    /// Whether there is a change that fixes this rule.
    pub fn answers(&self, id: &str) -> bool {
        self.metas().any(|meta| meta.answers(id))
    }

    /// Keeps the chosen changes. Returns how many were chosen by their rule and left out for their level.
    pub fn choose(&mut self, choice: Choice<'_>) -> usize {
        let is_chosen = |rules: &[String]| {
            choice.only.is_empty() || choice.only.iter().any(|id| answers(rules, id))
        };
        self.retain(|meta| is_chosen(&meta.rules));
        self.refused.retain(|refused| is_chosen(&refused.rules));
        let wanted = |level| match level {
            FixLevel::Safe => true,
            FixLevel::Unsafe => choice.unsafe_too,
            FixLevel::DisplayOnly => false,
        };
        let held_back = self.metas().filter(|meta| !wanted(meta.level)).count();
        self.retain(|meta| wanted(meta.level));
        held_back
    }

    /// The groups to confirm, in order.
    pub fn groups(&self) -> Vec<String> {
        let mut groups: Vec<String> = Vec::new();
        for meta in self.metas() {
            if !groups.contains(&meta.group) {
                groups.push(meta.group.clone());
            }
        }
        groups
    }

    pub fn drop_group(&mut self, group: &str) {
        self.retain(|meta| meta.group != group);
    }

    /// Whether nothing would change.
    pub fn is_idle(&self) -> bool {
        self.values.is_empty() && self.modes.iter().all(|row| row.pending(&self.backend).is_none())
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.modes.is_empty()
    }

    pub fn refused(&self) -> &[RefusedChange] {
        &self.refused
    }

    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// The edits of each file that has some, or why they cannot be made.
    pub(super) fn edited(&self) -> Vec<Result<Edited<'_>, RefusedChange>> {
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
                let ConfigText(text) = &source.text;
                let splices =
                    splices(text, &edits).map_err(|error| source.refused(error.to_string()))?;
                let new = apply(text, &splices)
                    .ok_or_else(|| source.refused("the edits do not fit the text".to_owned()))?;
                Ok(Edited { source, splices, new: ConfigText(new) })
            })
            .collect()
    }
}

impl ModeChange {
    /// What is at the path now, if its permissions have to change and may be changed.
    pub(super) fn pending(&self, backend: &PermissionBackend) -> Option<FileStat> {
        let stat = disk::stat(&self.target).ok().flatten()?;
        let fits = stat.file_type == self.file_type
            && (stat.file_type == FileType::Directory || stat.links <= 1);
        let needs_change = match backend {
            PermissionBackend::PosixMode => stat.mode & 0o777 != self.mode,
            PermissionBackend::Icacls(_) => true,
        };
        (fits && needs_change).then_some(stat)
    }

    /// The call that sets its permissions on Windows.
    pub(super) fn call(&self, icacls: &Icacls) -> IcaclsCall {
        icacls.call(&self.target.path().display().to_string(), self.file_type)
    }

    /// Whether its mode would have to change, but must not because the file has other hard links.
    fn is_shared(&self) -> bool {
        let stat = disk::stat(&self.target).ok().flatten();
        stat.is_some_and(|stat| {
            stat.file_type == FileType::File
                && self.file_type == FileType::File
                && stat.links > 1
                && stat.mode & 0o777 != self.mode
        })
    }
}
