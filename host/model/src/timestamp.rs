//! Seconds since 1970 as a date and time in UTC, and back.
//!
//! Code that decides by the time gets it as an argument; only the program itself reads the clock here.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

const DAY: u64 = 86_400;
/// The last second of the year 9999.
const LAST: u64 = 253_402_300_799;

/// The machine's clock, in milliseconds since 1970.
pub fn unix_millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Seconds since 1970-01-01T00:00:00Z, up to the end of the year 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(u64);

/// A timestamp as a date and a time of day, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UtcDateTime {
    /// 1970 to 9999.
    pub year: u64,
    /// 1 to 12.
    pub month: u64,
    /// 1 to 31.
    pub day: u64,
    /// 0 to 23.
    pub hour: u64,
    /// 0 to 59.
    pub minute: u64,
    /// 0 to 59.
    pub second: u64,
}

impl Timestamp {
    /// The timestamp of a Unix time; one after the year 9999 becomes the last second of that year.
    pub const fn new(seconds: u64) -> Self {
        Self(if seconds < LAST { seconds } else { LAST })
    }

    /// The machine's clock.
    pub fn now() -> Self {
        Self::new(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs())
    }

    /// Seconds since 1970.
    pub fn seconds(self) -> u64 {
        self.0
    }

    /// So many seconds later, at most the end of the year 9999.
    #[must_use]
    pub fn plus(self, seconds: u64) -> Self {
        Self::new(self.0.saturating_add(seconds))
    }

    /// So many days later, at most the end of the year 9999.
    #[must_use]
    pub fn plus_days(self, days: u64) -> Self {
        self.plus(days.saturating_mul(DAY))
    }

    /// Reads `2026-11-21T04:40:10Z` and no other notation, so each timestamp has exactly one text.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |from: usize, to: usize| {
            let digits = text.get(from..to).filter(|part| part.bytes().all(|c| c.is_ascii_digit()));
            digits?.parse::<u64>().ok()
        };
        let utc = UtcDateTime {
            year: number(0, 4)?,
            month: number(5, 7)?,
            day: number(8, 10)?,
            hour: number(11, 13)?,
            minute: number(14, 16)?,
            second: number(17, 19)?,
        };
        let timestamp = utc.timestamp()?;
        // February 30 would come back as a day in March.
        (timestamp.to_string() == text).then_some(timestamp)
    }

    /// The date and the time of day.
    pub fn utc(self) -> UtcDateTime {
        let (days, rest) = (self.0 / DAY, self.0 % DAY);
        // Years begin in March here, so the leap day is the last day of a year.
        let shifted = days + 719_468;
        let (era, of_era) = (shifted / 146_097, shifted % 146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * of_year + 2) / 153;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        UtcDateTime {
            year: era * 400 + year_of_era + u64::from(month <= 2),
            month,
            day: of_year - (153 * march_month + 2) / 5 + 1,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
        }
    }
}

impl UtcDateTime {
    fn timestamp(self) -> Option<Timestamp> {
        let in_range = (1970..=9999).contains(&self.year)
            && (1..=12).contains(&self.month)
            && (1..=31).contains(&self.day)
            && self.hour < 24
            && self.minute < 60
            && self.second < 60;
        if !in_range {
            return None;
        }
        let year = self.year - u64::from(self.month <= 2);
        let march_month = (self.month + 9) % 12;
        let of_year = (153 * march_month + 2) / 5 + self.day - 1;
        let (era, year_of_era) = (year / 400, year % 400);
        let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
        let days = (era * 146_097 + of_era).checked_sub(719_468)?;
        Some(Timestamp(days * DAY + self.hour * 3600 + self.minute * 60 + self.second))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let UtcDateTime { year, month, day, hour, minute, second } = self.utc();
        write!(formatter, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_has_one_text() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_236_010, "2026-11-21T04:40:10Z"),
            (LAST, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(Timestamp(seconds).to_string(), text);
            assert_eq!(Timestamp::parse(text), Some(Timestamp(seconds)));
        }
        for refused in [
            "2026-02-30T00:00:00Z",
            "2026-11-21T04:40:10+00:00",
            "2026-11-21T04:40:10.5Z",
            "2026-11-21 04:40:10Z",
            "2026-11-21T04:40:60Z",
            "1969-12-31T23:59:59Z",
            "2026-11-21",
            "+026-11-21T04:40:10Z",
            "",
            "ä026-11-21T04:40:10Z",
        ] {
            assert_eq!(Timestamp::parse(refused), None, "{refused}");
        }
    }

    #[test]
    fn every_day_round_trips() {
        for day in 0..60_000 {
            let timestamp = Timestamp(day * DAY + day % DAY);
            assert_eq!(Timestamp::parse(&timestamp.to_string()), Some(timestamp));
        }
    }
}
