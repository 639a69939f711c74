//! Applies a plan: the journal first, then the config, then permissions, each in its order.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::disk::{self, FileError, FileStat, FileType};
use super::failpoint::Failpoints;
use super::icacls::{Icacls, IcaclsCall, IcaclsError};
use super::journal::{FileRecord, Journal, JournalError, ModeRecord, RunRecord};
use super::plan::{ConfigText, Edited, FixPlan, ModeChange, PermissionBackend, RefusedChange};
use chitin_fs::hash::sha256_hex;
use chitin_view::Inputs;

/// What was changed, in OpenClaw's terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    pub state_dir: PathBuf,
    pub config_path: PathBuf,
    pub config_written: bool,
    pub changes: Vec<String>,
    pub actions: Vec<Action>,
    pub errors: Vec<String>,
    /// The run's name in the journal; none if nothing had to be changed.
    pub run: Option<String>,
}

/// What was done to one path.
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

    /// The same with secrets blanked out: names come from the config, and may be secrets.
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

    /// Whether nothing was changed, and nothing failed.
    pub fn is_idle(&self) -> bool {
        self.ok() && self.changes.is_empty() && self.actions.iter().all(|action| !action.ok)
    }
}

/// Applies a plan. Nothing is changed without a record in the journal.
pub fn apply(
    plan: &FixPlan,
    journal: &Journal,
    failpoints: &dyn Failpoints,
) -> Result<Applied, JournalError> {
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
    let record =
        RunRecord::new(&plan.state_dir, ready.iter().filter_map(file_record).collect(), modes)?;
    if !record.files.is_empty() || !record.modes.is_empty() {
        let credentials = plan.modes.iter().map(|row| row.target.path()).collect::<Vec<_>>();
        let mut audited: Vec<&Path> = vec![&plan.state_dir];
        audited.extend(
            plan.modes
                .iter()
                .zip(&credentials)
                .filter(|(row, _)| row.file_type == FileType::Directory)
                .map(|(_, path)| path.as_path()),
        );
        journal.begin(&record, &audited)?;
        failpoints.reach("first write");
        done.run = Some(record.run.clone());
    }
    for edited in &ready {
        let Some(target) = &edited.source.target else { continue };
        let (ConfigText(old), ConfigText(new)) = (&edited.source.text, &edited.new);
        match disk::replace(target, &sha256_hex(old.as_bytes()), new, &record.run, failpoints) {
            Ok(()) => done.config_written = true,
            Err(error) => done.errors.push(format!(
                "replaceConfigFile failed: {}: {error}",
                edited.source.path.display()
            )),
        }
    }
    for (row, recorded) in plan.modes.iter().zip(&recorded) {
        done.actions.push(act(row, &plan.backend, recorded.as_ref(), failpoints));
    }
    Ok(done)
}

/// The edits that can be made, as far as is known beforehand, and those that cannot.
pub(super) fn ready(plan: &FixPlan) -> (Vec<Edited<'_>>, Vec<RefusedChange>) {
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
            Err(error) => failed.push(edited.source.refused(error.to_string())),
        }
    }
    (ready, failed)
}

/// Why a file is not edited.
#[derive(Debug, Error)]
enum EditRefusedError {
    #[error("{0}=1 forbids writing to the config")]
    ReadOnly(&'static str),
    #[error("it is outside the directories of the config")]
    OutsideConfigDirs,
    #[error("it is not the file that was audited")]
    NotAudited,
    #[error(transparent)]
    File(#[from] FileError),
}

fn check(plan: &FixPlan, edited: &Edited<'_>) -> Result<(), EditRefusedError> {
    if let Some(variable) = plan.read_only {
        return Err(EditRefusedError::ReadOnly(variable));
    }
    let target = edited.source.target.as_ref().ok_or(EditRefusedError::OutsideConfigDirs)?;
    let now = disk::read(target)?;
    let ConfigText(audited) = &edited.source.text;
    if now == *audited { Ok(()) } else { Err(EditRefusedError::NotAudited) }
}

fn file_record(edited: &Edited<'_>) -> Option<FileRecord> {
    let (ConfigText(old), ConfigText(new)) = (&edited.source.text, &edited.new);
    Some(FileRecord {
        at: edited.source.target.as_ref()?.to_stored(),
        before: sha256_hex(old.as_bytes()),
        after: sha256_hex(new.as_bytes()),
        splices: edited.splices.clone(),
    })
}

/// For each row, the record of its change; none for a row that changes nothing.
fn mode_records(plan: &FixPlan, ready: &[Edited<'_>]) -> Vec<Option<ModeRecord>> {
    let replaced: Vec<_> = ready
        .iter()
        .filter_map(|edited| edited.source.target.as_ref())
        .map(super::anchored_path::AnchoredPath::path)
        .collect();
    let record = |row: &ModeChange| {
        let stat = row.pending(&plan.backend)?;
        let is_replaced = replaced.contains(&row.target.path());
        Some(ModeRecord {
            at: row.target.to_stored(),
            before: stat.mode,
            after: row.mode,
            identity: (!is_replaced).then_some((stat.device, stat.inode)),
        })
    };
    match plan.backend {
        PermissionBackend::PosixMode => plan.modes.iter().map(record).collect(),
        // The access list before is not known, so it cannot be restored.
        PermissionBackend::Icacls(_) => plan.modes.iter().map(|_| None).collect(),
    }
}

/// Sets the permissions of one path.
fn act(
    row: &ModeChange,
    backend: &PermissionBackend,
    recorded: Option<&ModeRecord>,
    failpoints: &dyn Failpoints,
) -> Action {
    let (verb, outcome) = match backend {
        PermissionBackend::PosixMode => {
            (Verb::Chmod { mode: row.mode }, chmod(row, recorded, failpoints))
        }
        PermissionBackend::Icacls(icacls) => {
            let call = row.call(icacls);
            (Verb::Icacls { command: call.display() }, grant(row, icacls, &call))
        }
    };
    let (ok, skipped, error) = match outcome {
        Ok(()) => (true, None, None),
        Err(ActionError::Skipped(why)) => (false, Some(why), None),
        Err(error) => (false, None, Some(error.to_string())),
    };
    Action { verb, path: row.target.path(), ok, skipped, error }
}

/// Why the permissions of a path are not set.
#[derive(Debug, Error)]
enum ActionError {
    /// In OpenClaw's words; not a failure.
    #[error("{0}")]
    Skipped(&'static str),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Icacls(#[from] IcaclsError),
}

/// What is at the path, if its type is the expected one.
fn check_target(row: &ModeChange) -> Result<FileStat, ActionError> {
    let stat = match disk::stat(&row.target) {
        Ok(None) => return Err(ActionError::Skipped("missing")),
        Err(FileError::SymlinkInPath) => return Err(ActionError::Skipped("symlink")),
        Ok(Some(stat)) => stat,
        Err(error) => return Err(error.into()),
    };
    match (stat.file_type, row.file_type) {
        (FileType::Symlink, _) => Err(ActionError::Skipped("symlink")),
        (found, wanted) if found == wanted => Ok(stat),
        (_, FileType::Directory) => Err(ActionError::Skipped("not-a-directory")),
        _ => Err(ActionError::Skipped("not-a-file")),
    }
}

fn chmod(
    row: &ModeChange,
    recorded: Option<&ModeRecord>,
    failpoints: &dyn Failpoints,
) -> Result<(), ActionError> {
    let stat = check_target(row)?;
    if stat.mode & 0o777 == row.mode {
        return Err(ActionError::Skipped("already"));
    }
    check_no_hard_links(&stat)?;
    let is_recorded = recorded.is_some_and(|recorded| {
        recorded.before == stat.mode
            && recorded.identity.is_none_or(|identity| identity == (stat.device, stat.inode))
    });
    if !is_recorded {
        return Err(FileError::Changed.into());
    }
    disk::set_mode(&row.target, &stat, row.mode, failpoints).map_err(|error| match error {
        FileError::Symlink | FileError::SymlinkInPath => ActionError::Skipped("symlink"),
        FileError::Missing => ActionError::Skipped("missing"),
        error => error.into(),
    })
}

fn grant(row: &ModeChange, icacls: &Icacls, call: &IcaclsCall) -> Result<(), ActionError> {
    let stat = check_target(row)?;
    if icacls.user.is_none() {
        return Err(ActionError::Skipped("missing-user"));
    }
    check_no_hard_links(&stat)?;
    Ok(call.run()?)
}

fn check_no_hard_links(stat: &FileStat) -> Result<(), FileError> {
    if stat.file_type == FileType::File && stat.links > 1 {
        return Err(FileError::HardLinked);
    }
    Ok(())
}
