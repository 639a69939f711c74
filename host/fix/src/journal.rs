//! What a run is about to change, recorded before it changes anything, so it can be undone. The journal is in a private
//! directory of chitin's own, never in an audited one.
//!
//! A record holds the replaced bytes and the hashes of the whole files before and after, not the files themselves: a
//! config is full of secrets, and copies of it would be one more place that has them.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cap_std::fs::{Dir, DirBuilder, OpenOptions};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::anchored_path::StoredPath;
use super::edit::Splice;
use chitin_fs::bounded::{self, BoundedReadError};
use chitin_fs::fsync;
use chitin_fs::private_dir::{self, PrivateDir, PrivateDirError, is_private};
use chitin_fs::replace::{Durability, replace};
use chitin_model::timestamp::{Timestamp, UtcDateTime};

/// How long a run can be undone.
const RETENTION: Duration = Duration::from_hours(30 * 24);
const SCHEMA: u32 = 1;
const RECORD: &str = "record.json";
/// A larger record is not written or read.
const MAX_RECORD: u64 = 64 << 20;

#[derive(Debug, Error)]
pub enum JournalError {
    #[error("there is no home directory for the journal; set XDG_STATE_HOME")]
    NoHome,
    #[error("the journal cannot be kept: {0}; set XDG_STATE_HOME to have it elsewhere")]
    Place(#[from] PrivateDirError),
    #[error("this machine provides no randomness, which the name of a run needs")]
    NoRandomness,
    #[error("there is no run `{0}` in the journal; the fix that made it printed its name")]
    NoRun(String),
    #[error("the journal contains no run that could be undone")]
    Empty,
    #[error("the journal contains no run on {} that could be undone", .0.display())]
    NoneOf(PathBuf),
    #[error("run `{run}` did not fix the gateway in {}; without --profile and --state-dir it can be undone", gateway.display())]
    OtherGateway { run: String, gateway: PathBuf },
    #[error("the record of run `{0}` is malformed, so nothing is undone")]
    Malformed(String),
}

/// A changed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileRecord {
    pub(super) at: StoredPath,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) splices: Vec<Splice>,
}

/// A changed mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ModeRecord {
    pub(super) at: StoredPath,
    pub(super) before: u32,
    pub(super) after: u32,
    /// Device and inode; none for a file that the same run replaces.
    pub(super) identity: Option<(u64, u64)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RunRecord {
    schema: u32,
    pub(super) run: String,
    /// The state directory of the gateway that was fixed; absent in records of earlier versions.
    #[serde(default)]
    gateway: Option<PathBuf>,
    pub(super) files: Vec<FileRecord>,
    pub(super) modes: Vec<ModeRecord>,
}

impl RunRecord {
    pub(super) fn new(
        gateway: &Path,
        files: Vec<FileRecord>,
        modes: Vec<ModeRecord>,
    ) -> Result<Self, JournalError> {
        let gateway = Some(gateway.to_owned());
        Ok(Self { schema: SCHEMA, run: new_run()?, gateway, files, modes })
    }
}

impl RunRecord {
    /// Whether it is about the gateway with this state directory. A record that does not say so is recognized by what it
    /// changed.
    fn is_of(&self, state_dir: &Path) -> bool {
        let mut changed =
            self.files.iter().map(|file| &file.at).chain(self.modes.iter().map(|mode| &mode.at));
        match &self.gateway {
            Some(gateway) => gateway == state_dir,
            None => changed.any(|at| at.directory.starts_with(state_dir)),
        }
    }

    /// Whether a fix can have written it.
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
    /// This user's journal: `$XDG_STATE_HOME/chitin/fixes`, or below `~/.local/state`.
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

    /// Records what is about to be done. When this returns, the record is on the disk.
    pub(super) fn begin(&self, record: &RunRecord, audited: &[&Path]) -> Result<(), JournalError> {
        let dir = self.place.create(audited)?;
        Self::prune(&dir, SystemTime::now());
        Self::write(&dir, record).map_err(|error| self.failed(error))
    }

    fn write(dir: &Dir, record: &RunRecord) -> io::Result<()> {
        #[cfg_attr(not(unix), allow(unused_mut))]
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        cap_std::fs::DirBuilderExt::mode(&mut builder, 0o700);
        dir.create_dir_with(&record.run, &builder)?;
        let run = dir.open_dir(&record.run)?;
        let bytes = serde_json::to_vec_pretty(record)?;
        if bytes.len() as u64 > MAX_RECORD {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        replace(&run, RECORD, &[&bytes], Durability::Durable)?;
        fsync::sync(dir)
    }

    /// Removes runs that are too old. One that cannot be removed stays.
    fn prune(dir: &Dir, now: SystemTime) {
        let Some(oldest) = now.checked_sub(RETENTION) else { return };
        for run in runs(dir) {
            let time = dir.symlink_metadata(&run).and_then(|found| found.modified());
            if time.is_ok_and(|time| time.into_std() < oldest) {
                let _stays = dir.remove_dir_all(&run);
            }
        }
    }

    /// The record of a run; without a name, of the last one that was not undone. It must be of the gateway with this
    /// state directory, where one is named.
    pub(super) fn read(
        &self,
        run: Option<&str>,
        gateway: Option<&Path>,
    ) -> Result<RunRecord, JournalError> {
        let dir = self.open().map_err(|error| match error {
            JournalError::Place(PrivateDirError::Failed { error, .. })
                if error.kind() == io::ErrorKind::NotFound =>
            {
                run.map_or(JournalError::Empty, |run| JournalError::NoRun(run.to_owned()))
            }
            other => other,
        })?;
        match (run, gateway) {
            (Some(run), _) if !is_run(run) => Err(JournalError::NoRun(run.to_owned())),
            (Some(run), gateway) => {
                let record = self.record(&dir, run)?;
                match gateway.filter(|gateway| !record.is_of(gateway)) {
                    Some(gateway) => Err(JournalError::OtherGateway {
                        run: run.to_owned(),
                        gateway: gateway.to_owned(),
                    }),
                    None => Ok(record),
                }
            }
            (None, gateway) => self.last(&dir, gateway),
        }
    }

    fn last(&self, dir: &Dir, gateway: Option<&Path>) -> Result<RunRecord, JournalError> {
        let open = |run: &String| dir.symlink_metadata(format!("{run}/{RECORD}")).is_ok();
        for run in runs(dir).into_iter().rev().filter(open) {
            let record = self.record(dir, &run)?;
            if gateway.is_none_or(|gateway| record.is_of(gateway)) {
                return Ok(record);
            }
        }
        Err(match gateway {
            Some(gateway) => JournalError::NoneOf(gateway.to_owned()),
            None => JournalError::Empty,
        })
    }

    fn record(&self, dir: &Dir, run: &str) -> Result<RunRecord, JournalError> {
        let loaded = match load(dir, &format!("{run}/{RECORD}")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(JournalError::NoRun(run.to_owned()));
            }
            loaded => loaded.map_err(|error| self.failed(error))?,
        };
        loaded
            .and_then(|text| serde_json::from_slice(&text).ok())
            .filter(|record: &RunRecord| record.is_sound(run))
            .ok_or_else(|| JournalError::Malformed(run.to_owned()))
    }

    /// Records that a run is undone completely.
    pub(super) fn close(&self, run: &str) -> Result<(), JournalError> {
        let dir = self.open()?;
        dir.rename(format!("{run}/{RECORD}"), &dir, format!("{run}/undone.json"))
            .map_err(|error| self.failed(error))
    }
}

/// The bytes of a record. None if it is not a private file of this user, or too large.
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
    match bounded::read(file, MAX_RECORD) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(BoundedReadError::Failed(error)) => Err(error),
        Err(BoundedReadError::TooLarge(_) | BoundedReadError::NotRegular) => Ok(None),
    }
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

/// A name that sorts by time: date and time in UTC with milliseconds, and a random suffix.
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
