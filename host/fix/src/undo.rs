//! Takes a run back, where nothing has changed since. What has changed is left alone and explained.

use super::anchored_path::{Address, Anchors, Spot};
use super::disk::{self, DiskError, Sort};
use super::edit;
use super::failpoint::Steps;
use super::journal::{FileRecord, Journal, JournalError, ModeRecord};

const CHANGED: &str = "it was changed since";
const MALFORMED: &str = "the journal's record of it is malformed";

/// What came of taking a run back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undone {
    pub run: String,
    pub restored: Vec<String>,
    /// What was not changed by the run, or is back already.
    pub untouched: usize,
    /// What stays as it is, and why.
    pub kept: Vec<String>,
}

/// Takes a run back; without a name, the last one.
pub fn undo(
    journal: &Journal,
    run: Option<&str>,
    steps: &dyn Steps,
) -> Result<Undone, JournalError> {
    let record = journal.read(run)?;
    let mut undone = Undone { run: record.run.clone(), ..Undone::default() };
    let mut anchors = Anchors::default();
    // Last in, first out: directories that a file lies in may have been closed before it.
    for mode in record.modes.iter().rev() {
        undone.note(&mode.at, restore_mode(&mut anchors, mode, &record.files, steps));
    }
    for file in record.files.iter().rev() {
        undone.note(&file.at, restore_file(&mut anchors, file, &record.run, steps));
    }
    if undone.kept.is_empty() {
        journal.close(&record.run)?;
    }
    Ok(undone)
}

enum Restored {
    As(String),
    Untouched,
}

impl Undone {
    fn note(&mut self, at: &Address, outcome: Result<Restored, String>) {
        let path = at.below.iter().fold(at.directory.clone(), |path, name| path.join(name));
        let path = path.display();
        match outcome {
            Ok(Restored::As(what)) => self.restored.push(format!("{path}: {what}")),
            Ok(Restored::Untouched) => self.untouched += 1,
            Err(why) => {
                let line = format!("{path}: {why}");
                // Content and mode of one file may be kept for one reason.
                if !self.kept.contains(&line) {
                    self.kept.push(line);
                }
            }
        }
    }
}

fn spot(anchors: &mut Anchors, at: &Address) -> Result<Spot, String> {
    anchors.at(at).ok_or_else(|| MALFORMED.to_owned())
}

fn restore_mode(
    anchors: &mut Anchors,
    record: &ModeRecord,
    files: &[FileRecord],
    steps: &dyn Steps,
) -> Result<Restored, String> {
    let spot = spot(anchors, &record.at)?;
    let seen = disk::look(&spot).map_err(|error| error.to_string())?.ok_or("it is gone")?;
    if !matches!(seen.sort, Sort::File | Sort::Directory) {
        return Err("something else has taken its place".to_owned());
    }
    if seen.mode == record.before {
        return Ok(Restored::Untouched);
    }
    match record.identity {
        Some(identity) if identity == (seen.device, seen.inode) => {}
        Some(_) => return Err("something else has taken its place".to_owned()),
        None => is_of_the_run(&spot, files)?,
    }
    if seen.mode & 0o777 != record.after {
        return Err(format!("its mode was changed to {:04o} since", seen.mode));
    }
    disk::set_mode(&spot, &seen, record.before, steps).map_err(|error| error.to_string())?;
    Ok(Restored::As(format!("mode {:04o}", record.before)))
}

/// A file that the run replaced is known by its content: what somebody has put there since is theirs, and stays closed.
fn is_of_the_run(spot: &Spot, files: &[FileRecord]) -> Result<(), String> {
    let address = spot.address();
    let known = files.iter().find(|file| file.at == address).ok_or(MALFORMED)?;
    let now = disk::read(spot).map_err(|error| error.to_string())?;
    let hash = disk::hash(now.as_bytes());
    if hash == known.after || hash == known.before { Ok(()) } else { Err(CHANGED.to_owned()) }
}

fn restore_file(
    anchors: &mut Anchors,
    record: &FileRecord,
    run: &str,
    steps: &dyn Steps,
) -> Result<Restored, String> {
    let spot = spot(anchors, &record.at)?;
    let reason = |error: DiskError| error.to_string();
    disk::clean_up(&spot, run).map_err(reason)?;
    let now = disk::read(&spot).map_err(reason)?;
    let hash = disk::hash(now.as_bytes());
    if hash == record.before {
        return Ok(Restored::Untouched);
    }
    let changed = || CHANGED.to_owned();
    if hash != record.after {
        return Err(changed());
    }
    let splices = edit::reversed(&record.splices).ok_or(MALFORMED)?;
    let old = edit::apply(&now, &splices).ok_or_else(changed)?;
    if disk::hash(old.as_bytes()) != record.before {
        return Err(changed());
    }
    disk::replace(&spot, &record.after, &old, run, steps).map_err(reason)?;
    Ok(Restored::As("content".to_owned()))
}
