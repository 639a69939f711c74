//! Undoes a run. Files that were changed after the run are left alone, and the reason is reported.

use std::path::Path;

use thiserror::Error;

use super::anchored_path::{AnchoredPath, Anchors, StoredPath};
use super::disk::{self, FileError, FileType};
use super::edit;
use super::failpoint::Failpoints;
use super::journal::{FileRecord, Journal, JournalError, ModeRecord};
use chitin_fs::hash::sha256_hex;

/// Why a file or mode is not restored.
#[derive(Debug, Error)]
enum UndoError {
    #[error("the journal's record of it is malformed")]
    Malformed,
    #[error("it does not exist any more")]
    Missing,
    #[error("another file has replaced it")]
    OtherFile,
    #[error("it was changed after the fix")]
    Changed,
    #[error("its mode was changed to {0:04o} after the fix")]
    ModeChanged(u32),
    #[error(transparent)]
    File(#[from] FileError),
}

/// The result of undoing a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undone {
    pub run: String,
    pub restored: Vec<String>,
    /// How many were not changed by the run, or are restored already.
    pub untouched: usize,
    /// What was not restored, and why.
    pub kept: Vec<String>,
}

/// Undoes a run; without a name, the last one. With a state directory only runs on that gateway count.
pub fn undo(
    journal: &Journal,
    run: Option<&str>,
    gateway: Option<&Path>,
    failpoints: &dyn Failpoints,
) -> Result<Undone, JournalError> {
    let record = journal.read(run, gateway)?;
    let mut undone = Undone { run: record.run.clone(), ..Undone::default() };
    let mut anchors = Anchors::default();
    // In reverse order: the fix may have restricted a directory before the files in it.
    for mode in record.modes.iter().rev() {
        undone.note(&mode.at, restore_mode(&mut anchors, mode, &record.files, failpoints));
    }
    for file in record.files.iter().rev() {
        undone.note(&file.at, restore_file(&mut anchors, file, &record.run, failpoints));
    }
    if undone.kept.is_empty() {
        journal.close(&record.run)?;
    }
    Ok(undone)
}

enum Restored {
    Changed(String),
    Untouched,
}

impl Undone {
    fn note(&mut self, at: &StoredPath, outcome: Result<Restored, UndoError>) {
        let path = at.below.iter().fold(at.directory.clone(), |path, name| path.join(name));
        let path = path.display();
        match outcome {
            Ok(Restored::Changed(what)) => self.restored.push(format!("{path}: {what}")),
            Ok(Restored::Untouched) => self.untouched += 1,
            Err(why) => {
                let line = format!("{path}: {why}");
                // Content and mode of a file are often kept for the same reason.
                if !self.kept.contains(&line) {
                    self.kept.push(line);
                }
            }
        }
    }
}

fn anchored(anchors: &mut Anchors, at: &StoredPath) -> Result<AnchoredPath, UndoError> {
    anchors.at(at).ok_or(UndoError::Malformed)
}

fn restore_mode(
    anchors: &mut Anchors,
    record: &ModeRecord,
    files: &[FileRecord],
    failpoints: &dyn Failpoints,
) -> Result<Restored, UndoError> {
    let target = anchored(anchors, &record.at)?;
    let stat = disk::stat(&target)?.ok_or(UndoError::Missing)?;
    if !matches!(stat.file_type, FileType::File | FileType::Directory) {
        return Err(UndoError::OtherFile);
    }
    if stat.mode == record.before {
        return Ok(Restored::Untouched);
    }
    match record.identity {
        Some(identity) if identity == (stat.device, stat.inode) => {}
        Some(_) => return Err(UndoError::OtherFile),
        None => check_is_of_the_run(&target, files)?,
    }
    if stat.mode & 0o777 != record.after {
        return Err(UndoError::ModeChanged(stat.mode));
    }
    disk::set_mode(&target, &stat, record.before, failpoints)?;
    Ok(Restored::Changed(format!("mode {:04o}", record.before)))
}

/// A file that the run replaced is recognized by its content. One that someone else put there keeps its mode.
fn check_is_of_the_run(target: &AnchoredPath, files: &[FileRecord]) -> Result<(), UndoError> {
    let stored = target.to_stored();
    let known = files.iter().find(|file| file.at == stored).ok_or(UndoError::Malformed)?;
    let now = disk::read(target)?;
    let hash = sha256_hex(now.as_bytes());
    if hash == known.after || hash == known.before { Ok(()) } else { Err(UndoError::Changed) }
}

fn restore_file(
    anchors: &mut Anchors,
    record: &FileRecord,
    run: &str,
    failpoints: &dyn Failpoints,
) -> Result<Restored, UndoError> {
    let target = anchored(anchors, &record.at)?;
    disk::clean_up(&target, run)?;
    let now = disk::read(&target)?;
    let hash = sha256_hex(now.as_bytes());
    if hash == record.before {
        return Ok(Restored::Untouched);
    }
    if hash != record.after {
        return Err(UndoError::Changed);
    }
    let splices = edit::reversed(&record.splices).ok_or(UndoError::Malformed)?;
    let old = edit::apply(&now, &splices).ok_or(UndoError::Changed)?;
    if sha256_hex(old.as_bytes()) != record.before {
        return Err(UndoError::Changed);
    }
    disk::replace(&target, &record.after, &old, run, failpoints)?;
    Ok(Restored::Changed("content".to_owned()))
}
