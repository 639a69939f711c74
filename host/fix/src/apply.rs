//! Makes the changes of a plan: the journal first, then the config, then permissions, each in its order.

use std::path::{Path, PathBuf};

use super::disk::{self, DiskError, Sort};
use super::failpoint::Steps;
use super::icacls::{Call, Icacls};
use super::journal::{FileRecord, Journal, JournalError, ModeRecord, Record};
use super::plan::{Edited, Means, ModeChange, Plan, Refused, Text};
use chitin_view::Inputs;

/// What was done, in OpenClaw's terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    pub state_dir: PathBuf,
    pub config_path: PathBuf,
    pub config_written: bool,
    pub changes: Vec<String>,
    pub actions: Vec<Action>,
    pub errors: Vec<String>,
    /// The run's name in the journal; none when nothing had to be changed.
    pub run: Option<String>,
}

/// What was done about one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    pub verb: Verb,
    pub path: PathBuf,
    pub ok: bool,
    pub skipped: Option<&'static str>,
    pub error: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    Chmod { mode: u32 },
    Icacls { command: String },
}

impl Applied {
    pub fn ok(&self) -> bool {
        self.errors.is_empty()
    }

    /// The same for people to read: names come from the config, and people put secrets everywhere.
    #[must_use]
    pub fn blanked(mut self, inputs: &Inputs) -> Self {
        let commands = self.actions.iter_mut().filter_map(|action| match &mut action.verb {
            Verb::Icacls { command } => Some(command),
            Verb::Chmod { .. } => None,
        });
        for text in self.changes.iter_mut().chain(&mut self.errors).chain(commands) {
            *text = inputs.blank(text);
        }
        for action in &mut self.actions {
            let path = action.path.display().to_string();
            let blanked = inputs.blank(&path);
            if blanked != path {
                action.path = blanked.into();
            }
        }
        self
    }

    /// Whether anything was changed, or should have been.
    pub fn is_idle(&self) -> bool {
        self.ok() && self.changes.is_empty() && self.actions.iter().all(|action| !action.ok)
    }
}

/// Makes the changes. Nothing is changed without a record in the journal.
pub fn apply(plan: &Plan, journal: &Journal, steps: &dyn Steps) -> Result<Applied, JournalError> {
    let mut done = Applied {
        state_dir: plan.state_dir.clone(),
        config_path: plan.config_path.clone(),
        config_written: false,
        changes: plan.values.iter().map(|change| change.text.clone()).collect(),
        actions: Vec::new(),
        errors: plan.problems.clone(),
        run: None,
    };
    done.errors
        .extend(plan.refused.iter().map(|refused| format!("{}: {}", refused.what, refused.reason)));

    let (ready, failed) = ready(plan);
    done.errors.extend(
        failed.into_iter().map(|refused| {
            format!("replaceConfigFile failed: {}: {}", refused.what, refused.reason)
        }),
    );
    let recorded = mode_records(plan, &ready);
    let modes = recorded.iter().flatten().cloned().collect();
    let record = Record::new(ready.iter().filter_map(file_record).collect(), modes)?;
    if !record.files.is_empty() || !record.modes.is_empty() {
        let credentials = plan.modes.iter().map(|row| row.spot.path()).collect::<Vec<_>>();
        let mut audited: Vec<&Path> = vec![&plan.state_dir];
        audited.extend(
            plan.modes
                .iter()
                .zip(&credentials)
                .filter(|(row, _)| row.sort == Sort::Directory)
                .map(|(_, path)| path.as_path()),
        );
        journal.begin(&record, &audited)?;
        steps.before("first write");
        done.run = Some(record.run.clone());
    }
    for edited in &ready {
        let Some(spot) = &edited.source.spot else { continue };
        let (Text(old), Text(new)) = (&edited.source.text, &edited.new);
        match disk::replace(spot, &disk::hash(old.as_bytes()), new, &record.run, steps) {
            Ok(()) => done.config_written = true,
            Err(error) => done.errors.push(format!(
                "replaceConfigFile failed: {}: {error}",
                edited.source.path.display()
            )),
        }
    }
    for (row, recorded) in plan.modes.iter().zip(&recorded) {
        done.actions.push(act(row, &plan.means, recorded.as_ref(), steps));
    }
    Ok(done)
}

/// The edits that can be made as far as can be told beforehand, and those that cannot.
pub(super) fn ready(plan: &Plan) -> (Vec<Edited<'_>>, Vec<Refused>) {
    let (mut ready, mut failed) = (Vec::new(), Vec::new());
    for edited in plan.edited() {
        let edited = match edited {
            Ok(edited) => edited,
            Err(refused) => {
                failed.push(refused);
                continue;
            }
        };
        match check(plan, &edited) {
            Ok(()) => ready.push(edited),
            Err(reason) => {
                failed.push(edited.source.refused(reason));
            }
        }
    }
    (ready, failed)
}

fn check(plan: &Plan, edited: &Edited<'_>) -> Result<(), String> {
    if let Some(variable) = plan.read_only {
        return Err(format!("{variable}=1 says that the config is not to be written"));
    }
    let spot = edited.source.spot.as_ref().ok_or("it lies outside of the config's directories")?;
    let now = disk::read(spot).map_err(|error| error.to_string())?;
    let Text(audited) = &edited.source.text;
    if now == *audited { Ok(()) } else { Err("it is not the file that was audited".to_owned()) }
}

fn file_record(edited: &Edited<'_>) -> Option<FileRecord> {
    let (Text(old), Text(new)) = (&edited.source.text, &edited.new);
    Some(FileRecord {
        at: edited.source.spot.as_ref()?.address(),
        before: disk::hash(old.as_bytes()),
        after: disk::hash(new.as_bytes()),
        splices: edited.splices.clone(),
    })
}

/// The modes that are to be set, each with its row.
fn mode_records(plan: &Plan, ready: &[Edited<'_>]) -> Vec<Option<ModeRecord>> {
    let replaced: Vec<_> = ready
        .iter()
        .filter_map(|edited| edited.source.spot.as_ref())
        .map(super::anchored_path::Spot::path)
        .collect();
    let record = |row: &ModeChange| {
        let seen = row.pending(&plan.means)?;
        let is_replaced = replaced.contains(&row.spot.path());
        Some(ModeRecord {
            at: row.spot.address(),
            before: seen.mode,
            after: row.mode,
            identity: (!is_replaced).then_some((seen.device, seen.inode)),
        })
    };
    match plan.means {
        Means::Mode => plan.modes.iter().map(record).collect(),
        // What a list was before is not known, so it cannot be taken back.
        Means::AccessList(_) => plan.modes.iter().map(|_| None).collect(),
    }
}

/// Sets the permissions of one path, and says how that went.
fn act(
    row: &ModeChange,
    means: &Means,
    recorded: Option<&ModeRecord>,
    steps: &dyn Steps,
) -> Action {
    let (verb, outcome) = match means {
        Means::Mode => (Verb::Chmod { mode: row.mode }, chmod(row, recorded, steps)),
        Means::AccessList(icacls) => {
            let call = row.call(icacls);
            (Verb::Icacls { command: call.display() }, grant(row, icacls, &call))
        }
    };
    let (ok, skipped, error) = match outcome {
        Ok(Made::Changed) => (true, None, None),
        Ok(Made::Skipped(why)) => (false, Some(why), None),
        Err(error) => (false, None, Some(error)),
    };
    Action { verb, path: row.spot.path(), ok, skipped, error }
}

enum Made {
    Changed,
    Skipped(&'static str),
}

/// What of a path is not worked on, whatever the system.
fn unfit(row: &ModeChange) -> Result<Result<disk::Seen, Made>, String> {
    let seen = match disk::look(&row.spot) {
        Ok(None) => return Ok(Err(Made::Skipped("missing"))),
        Err(DiskError::LinkOnTheWay) => return Ok(Err(Made::Skipped("symlink"))),
        Ok(Some(seen)) => seen,
        Err(error) => return Err(error.to_string()),
    };
    Ok(match (seen.sort, row.sort) {
        (Sort::Link, _) => Err(Made::Skipped("symlink")),
        (found, wanted) if found == wanted => Ok(seen),
        (_, Sort::Directory) => Err(Made::Skipped("not-a-directory")),
        _ => Err(Made::Skipped("not-a-file")),
    })
}

fn chmod(
    row: &ModeChange,
    recorded: Option<&ModeRecord>,
    steps: &dyn Steps,
) -> Result<Made, String> {
    let seen = match unfit(row)? {
        Ok(seen) => seen,
        Err(skipped) => return Ok(skipped),
    };
    if seen.mode & 0o777 == row.mode {
        return Ok(Made::Skipped("already"));
    }
    if seen.sort == Sort::File && seen.links > 1 {
        return Err(DiskError::HardLinked.to_string());
    }
    let is_recorded = recorded.is_some_and(|recorded| {
        recorded.before == seen.mode
            && recorded.identity.is_none_or(|identity| identity == (seen.device, seen.inode))
    });
    if !is_recorded {
        return Err(DiskError::Changed.to_string());
    }
    match disk::set_mode(&row.spot, &seen, row.mode, steps) {
        Ok(()) => Ok(Made::Changed),
        Err(DiskError::Link | DiskError::LinkOnTheWay) => Ok(Made::Skipped("symlink")),
        Err(DiskError::Missing) => Ok(Made::Skipped("missing")),
        Err(error) => Err(error.to_string()),
    }
}

fn grant(row: &ModeChange, icacls: &Icacls, call: &Call) -> Result<Made, String> {
    let seen = match unfit(row)? {
        Ok(seen) => seen,
        Err(skipped) => return Ok(skipped),
    };
    if icacls.user.is_none() {
        return Ok(Made::Skipped("missing-user"));
    }
    if seen.sort == Sort::File && seen.links > 1 {
        return Err(DiskError::HardLinked.to_string());
    }
    call.run().map(|()| Made::Changed)
}
