//! What a run is about to change, written down before it changes anything, so that it can be taken back: in a private
//! directory of chitin's own, never in what is audited.
//!
//! The record holds the replaced bytes and the hashes of the whole files before and after, not the files: a config is
//! full of secrets, and this is one place less that has them.

use std::ffi::OsString;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cap_std::fs::{Dir, DirBuilder, OpenOptions};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::anchored_path::Address;
use super::edit::Splice;
use chitin_fs::fsync;
use chitin_fs::private_dir::{self, PrivateDir, PrivateDirError, is_private};
use chitin_model::timestamp::{Timestamp, UtcDateTime};

/// How long a run can be taken back.
const KEPT: Duration = Duration::from_hours(30 * 24);
const SCHEMA: u32 = 1;
const MAX_RECORD: u64 = 64 << 20;

#[derive(Debug, Error)]
pub enum JournalError {
    #[error("there is no home directory for the journal; set XDG_STATE_HOME")]
    NoHome,
    #[error("the journal cannot be kept: {0}; set XDG_STATE_HOME to have it elsewhere")]
    Place(#[from] PrivateDirError),
    #[error("there is no randomness for a name")]
    NoRandomness,
    #[error("there is no run `{0}` in the journal")]
    NoRun(String),
    #[error("there is no run in the journal that could be taken back")]
    Empty,
    #[error("the record of run `{0}` is malformed")]
    Malformed(String),
}

/// A changed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileRecord {
    pub(super) at: Address,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) splices: Vec<Splice>,
}

/// A changed mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ModeRecord {
    pub(super) at: Address,
    pub(super) before: u32,
    pub(super) after: u32,
    /// Device and inode; none for a file that the same run replaces.
    pub(super) identity: Option<(u64, u64)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    schema: u32,
    pub(super) run: String,
    pub(super) files: Vec<FileRecord>,
    pub(super) modes: Vec<ModeRecord>,
}

impl Record {
    pub(super) fn new(
        files: Vec<FileRecord>,
        modes: Vec<ModeRecord>,
    ) -> Result<Self, JournalError> {
        Ok(Self { schema: SCHEMA, run: new_run()?, files, modes })
    }
}

impl Record {
    /// Whether it can be what a fix wrote: nothing in it could have been more than a fix does.
    fn is_sound(&self, run: &str) -> bool {
        self.schema == SCHEMA
            && self.run == run
            && self.modes.iter().all(|mode| mode.before <= 0o7777 && mode.after <= 0o777)
    }
}

/// The directory of all runs.
#[derive(Debug, Clone)]
pub struct Journal {
    place: PrivateDir,
}

impl Journal {
    /// Where this user's journal is: `$XDG_STATE_HOME/chitin/fixes`, or below `~/.local/state`.
    pub fn of_user(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, JournalError> {
        let place = PrivateDir::of_user(private_dir::STATE, "fixes", variable);
        Ok(Self { place: place.ok_or(JournalError::NoHome)? })
    }

    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { place: PrivateDir::at(path) }
    }

    fn failed(&self, error: impl Into<io::Error>) -> JournalError {
        self.place.failed(error).into()
    }

    fn open(&self) -> Result<Dir, JournalError> {
        Ok(self.place.open()?)
    }

    /// Writes down what is about to be done. When this returns, it is on the disk.
    pub(super) fn begin(&self, record: &Record, audited: &[&Path]) -> Result<(), JournalError> {
        let dir = self.place.create(audited)?;
        Self::prune(&dir, SystemTime::now());
        Self::write(&dir, record).map_err(|error| self.failed(error))
    }

    fn write(dir: &Dir, record: &Record) -> io::Result<()> {
        #[cfg_attr(not(unix), allow(unused_mut))]
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        cap_std::fs::DirBuilderExt::mode(&mut builder, 0o700);
        dir.create_dir_with(&record.run, &builder)?;
        let run = dir.open_dir(&record.run)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        cap_std::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = run.open_with("record.tmp", &options)?;
        let bytes = serde_json::to_vec_pretty(record)?;
        if bytes.len() as u64 > MAX_RECORD {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        file.write_all(&bytes)?;
        file.sync_all()?;
        run.rename("record.tmp", &run, "record.json")?;
        for directory in [&run, dir] {
            fsync::sync(directory)?;
        }
        Ok(())
    }

    /// Forgets runs that are too old. What cannot be removed stays.
    fn prune(dir: &Dir, now: SystemTime) {
        let Some(oldest) = now.checked_sub(KEPT) else { return };
        for run in runs(dir) {
            let time = dir.symlink_metadata(&run).and_then(|found| found.modified());
            if time.is_ok_and(|time| time.into_std() < oldest) {
                let _stays = dir.remove_dir_all(&run);
            }
        }
    }

    /// The record of a run; without a name, of the last one that was not taken back.
    pub(super) fn read(&self, run: Option<&str>) -> Result<Record, JournalError> {
        let dir = self.open().map_err(|error| match error {
            JournalError::Place(PrivateDirError::Failed { error, .. })
                if error.kind() == io::ErrorKind::NotFound =>
            {
                run.map_or(JournalError::Empty, |run| JournalError::NoRun(run.to_owned()))
            }
            other => other,
        })?;
        let run = match run {
            Some(run) if is_run(run) => run.to_owned(),
            Some(run) => return Err(JournalError::NoRun(run.to_owned())),
            None => runs(&dir)
                .into_iter()
                .rev()
                .find(|run| dir.symlink_metadata(format!("{run}/record.json")).is_ok())
                .ok_or(JournalError::Empty)?,
        };
        let loaded = match load(&dir, &format!("{run}/record.json")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(JournalError::NoRun(run));
            }
            loaded => loaded.map_err(|error| self.failed(error))?,
        };
        loaded
            .and_then(|text| serde_json::from_slice(&text).ok())
            .filter(|record: &Record| record.is_sound(&run))
            .ok_or(JournalError::Malformed(run))
    }

    /// Notes that nothing of a run is left to take back.
    pub(super) fn close(&self, run: &str) -> Result<(), JournalError> {
        let dir = self.open()?;
        dir.rename(format!("{run}/record.json"), &dir, format!("{run}/undone.json"))
            .map_err(|error| self.failed(error))
    }
}

/// The bytes of a record. None when it is not a private file of this user, or too large to be one.
fn load(dir: &Dir, path: &str) -> io::Result<Option<Vec<u8>>> {
    if !dir.symlink_metadata(path)?.is_file() {
        return Ok(None);
    }
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    cap_std::fs::OpenOptionsExt::custom_flags(
        &mut options,
        (rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits().cast_signed(),
    );
    let file = dir.open_with(path, &options)?;
    let found = file.metadata()?;
    if !found.is_file() || !is_private(&found) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    file.take(MAX_RECORD + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= MAX_RECORD).then_some(bytes))
}

/// The names of all runs, oldest first.
fn runs(dir: &Dir) -> Vec<String> {
    let entries = dir.entries().into_iter().flatten().filter_map(Result::ok);
    let mut runs: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| is_run(name))
        .collect();
    runs.sort();
    runs
}

fn is_run(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A name that sorts by time: date and time in UTC with milliseconds, and a random end.
fn new_run() -> Result<String, JournalError> {
    let mut random = [0_u8; 4];
    getrandom::fill(&mut random).map_err(|_| JournalError::NoRandomness)?;
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let end = u32::from_le_bytes(random);
    Ok(format!("{}-{:03}-{end:08x}", utc(since.as_secs()), since.subsec_millis()))
}

/// `20261121T044010` of seconds since 1970.
fn utc(seconds: u64) -> String {
    let UtcDateTime { year, month, day, hour, minute, second } = Timestamp::new(seconds).utc();
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}")
}

#[cfg(test)]
mod tests;
