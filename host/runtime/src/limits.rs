//! What a guest may use up. A store cannot be made without these; each has a default, an option that changes it, and a
//! sentence that names both when it is reached.

use std::fmt;
use std::num::NonZeroUsize;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

const MIB: u64 = 1 << 20;

/// Something that runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Limit {
    /// Bytes of linear memory.
    Memory,
    /// Milliseconds of wall clock for one module.
    Time,
    /// Units of work, the same on every machine.
    Fuel,
    /// Calls to the host.
    Calls,
    /// Bytes of files that are read.
    Read,
    /// Findings.
    Findings,
    /// Bytes of text in findings.
    Report,
    /// Bytes of one string.
    Text,
    /// Files that one scan of code reads.
    ScanFiles,
    /// Bytes that one scan of code reads.
    ScanBytes,
    /// Bytes of one file of code.
    ScanFile,
    /// Milliseconds of wall clock for one file of code.
    ScanTime,
    /// Milliseconds of wall clock for one scan of code.
    ScanTotal,
    /// Units of work for one file of code.
    ScanFuel,
    /// Bytes of linear memory of the scanner.
    ScanMemory,
    /// Milliseconds for compiling one module that is not built in.
    CompileTime,
    /// Bytes of memory for that.
    CompileMemory,
}

impl Limit {
    pub const ALL: [Self; 17] = [
        Self::Memory,
        Self::Time,
        Self::Fuel,
        Self::Calls,
        Self::Read,
        Self::Findings,
        Self::Report,
        Self::Text,
        Self::ScanFiles,
        Self::ScanBytes,
        Self::ScanFile,
        Self::ScanTime,
        Self::ScanTotal,
        Self::ScanFuel,
        Self::ScanMemory,
        Self::CompileTime,
        Self::CompileMemory,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Time => "time",
            Self::Fuel => "fuel",
            Self::Calls => "calls",
            Self::Read => "read",
            Self::Findings => "findings",
            Self::Report => "report",
            Self::Text => "text",
            Self::ScanFiles => "scan-files",
            Self::ScanBytes => "scan-bytes",
            Self::ScanFile => "scan-file",
            Self::ScanTime => "scan-time",
            Self::ScanTotal => "scan-total",
            Self::ScanFuel => "scan-fuel",
            Self::ScanMemory => "scan-memory",
            Self::CompileTime => "compile-time",
            Self::CompileMemory => "compile-memory",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Memory
            | Self::Read
            | Self::Report
            | Self::Text
            | Self::ScanBytes
            | Self::ScanFile
            | Self::ScanMemory
            | Self::CompileMemory => "bytes",
            Self::Time | Self::ScanTime | Self::ScanTotal | Self::CompileTime => "milliseconds",
            Self::Fuel | Self::ScanFuel => "units of work",
            Self::Calls => "host calls",
            Self::Findings => "findings",
            Self::ScanFiles => "files",
        }
    }

    fn default(self) -> u64 {
        match self {
            Self::Memory | Self::Read => 64 * MIB,
            Self::Time => 1000,
            Self::Fuel => 1_000_000_000,
            Self::Calls => 1_000_000,
            Self::Findings | Self::ScanTime => 10_000,
            Self::Report => MIB,
            Self::Text => 64 * 1024,
            Self::ScanFiles | Self::CompileTime => 20_000,
            Self::ScanBytes => 512 * MIB,
            Self::ScanFile => 4 * MIB,
            Self::ScanTotal => 300_000,
            Self::ScanFuel => 20_000_000_000,
            Self::ScanMemory => 256 * MIB,
            Self::CompileMemory => 1024 * MIB,
        }
    }

    /// Values beyond this make no sense, and some would not fit the machine.
    fn ceiling(self) -> u64 {
        match self {
            Self::Memory | Self::ScanMemory => 1 << 30,
            // A file is read whole, and stands in the scanner's memory more than once.
            Self::ScanFile => 1 << 28,
            Self::ScanFiles => 1_000_000,
            Self::ScanBytes => 1 << 40,
            Self::Time | Self::ScanTime | Self::ScanTotal | Self::CompileTime => 3_600_000,
            Self::Fuel | Self::ScanFuel => 1 << 60,
            Self::Calls | Self::Findings => 1 << 32,
            Self::Read | Self::Report | Self::Text | Self::CompileMemory => 1 << 34,
        }
    }
}

impl FromStr for Limit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        Self::ALL
            .into_iter()
            .find(|limit| limit.name() == text)
            .ok_or_else(|| LimitError::Unknown(text.to_owned()))
    }
}

#[derive(Debug, Error, PartialEq, Eq)]
pub enum LimitError {
    #[error("`{0}`: write NAME=NUMBER, for instance time=5000")]
    Malformed(String),
    #[error("`{0}` is not a limit; limits are {names}", names = Limit::ALL.map(Limit::name).join(", "))]
    Unknown(String),
    #[error("{name} must be between 1 and {ceiling}")]
    OutOfRange { name: &'static str, ceiling: u64 },
}

/// `NAME=NUMBER`, as on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitSetting {
    limit: Limit,
    value: u64,
}

impl FromStr for LimitSetting {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        let malformed = || LimitError::Malformed(text.to_owned());
        let (name, value) = text.split_once('=').ok_or_else(malformed)?;
        let limit: Limit = name.parse()?;
        let value: u64 = value.parse().map_err(|_| malformed())?;
        if value == 0 || value > limit.ceiling() {
            return Err(LimitError::OutOfRange { name: limit.name(), ceiling: limit.ceiling() });
        }
        Ok(Self { limit, value })
    }
}

/// All limits of one guest.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Limits {
    values: [u64; Limit::ALL.len()],
}

impl Default for Limits {
    fn default() -> Self {
        Self { values: Limit::ALL.map(Limit::default) }
    }
}

/// A module that asks for the code of plugins to be read has more to look through.
const DEEP: &[LimitSetting] = &[
    LimitSetting { limit: Limit::Time, value: 10_000 },
    LimitSetting { limit: Limit::Fuel, value: 10_000_000_000 },
];

impl Limits {
    /// The defaults of a deep audit with some of them changed.
    pub fn deep(settings: &[LimitSetting]) -> Self {
        Self::with(&[DEEP, settings].concat())
    }

    /// The defaults with some of them changed.
    pub fn with(settings: &[LimitSetting]) -> Self {
        let mut limits = Self::default();
        for setting in settings {
            if let Some(value) = limits.values.get_mut(setting.limit as usize) {
                *value = setting.value;
            }
        }
        limits
    }

    pub fn get(&self, limit: Limit) -> u64 {
        self.values.get(limit as usize).copied().unwrap_or_else(|| limit.default())
    }

    pub fn time(&self) -> Duration {
        self.duration(Limit::Time)
    }

    /// A limit of milliseconds.
    pub fn duration(&self, limit: Limit) -> Duration {
        Duration::from_millis(self.get(limit))
    }

    /// Bytes that one call may bring from a guest to the host: all of its report at once, and what goes with it.
    pub fn transfer(&self) -> usize {
        usize::try_from(self.get(Limit::Report).saturating_add(2 * MIB)).unwrap_or(usize::MAX)
    }

    pub fn reached(&self, limit: Limit) -> Reached {
        Reached { limit, value: self.get(limit) }
    }
}

/// A limit that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub struct Reached {
    limit: Limit,
    value: u64,
}

impl Reached {
    pub fn limit(&self) -> Limit {
        self.limit
    }
}

impl fmt::Display for Reached {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { limit, value } = self;
        write!(
            formatter,
            "the limit of {value} {} was reached (raise it with --limit {}=NUMBER)",
            limit.unit(),
            limit.name()
        )
    }
}

/// How many modules run at the same time.
pub(super) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_changes_one_limit() {
        let limits = Limits::with(&["time=5000".parse().unwrap()]);
        assert_eq!(limits.time(), Duration::from_secs(5));
        assert_eq!(limits.get(Limit::Memory), 64 * MIB);
    }

    #[test]
    fn a_deep_audit_has_more_time_unless_it_is_said() {
        assert_eq!(Limits::deep(&[]).time(), Duration::from_secs(10));
        let limits = Limits::deep(&["time=5".parse().unwrap()]);
        assert_eq!(limits.time(), Duration::from_millis(5));
    }

    #[test]
    fn every_limit_is_found_by_its_name() {
        for limit in Limit::ALL {
            let setting: LimitSetting = format!("{}=1", limit.name()).parse().unwrap();
            assert_eq!(Limits::with(&[setting]).get(limit), 1);
            assert!(Limits::default().reached(limit).to_string().contains(limit.name()));
        }
    }

    #[test]
    fn a_malformed_setting_is_an_error() {
        for text in ["time", "time=", "time=-1", "time=0", "time=99999999999", "speed=1", "Time=1"]
        {
            assert!(text.parse::<LimitSetting>().is_err(), "{text}");
        }
    }
}
