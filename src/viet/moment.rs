use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::{DateError, PartialDate};

/// A day, or a minute of one; by the clock of Viet Nam.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// A day of which the hour is not known, or that counts as a whole.
    Day(NaiveDate),
    /// A day and an hour.
    Hour(NaiveDateTime),
}

impl Moment {
    /// The minute of a time, by the clock of Viet Nam.
    pub fn of(time: DateTime<Utc>) -> Self {
        let minute = DateTime::from_timestamp(time.timestamp().div_euclid(60) * 60, 0);
        // There is no summer time: the whole country is seven hours ahead.
        Self::Hour((minute.unwrap_or_default() + TimeDelta::hours(7)).naive_utc())
    }

    /// The day.
    pub fn day(self) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Hour(instant) => instant.date(),
        }
    }

    /// The first instant that it can mean.
    pub fn earliest(self) -> NaiveDateTime {
        match self {
            Self::Day(day) => day.and_time(NaiveTime::MIN),
            Self::Hour(instant) => instant,
        }
    }

    /// Whether it is surely later than another: a day lies after all hours of the day
    /// before, and not after an hour of its own.
    pub fn is_after(self, other: Self) -> bool {
        match (self, other) {
            (Self::Hour(one), Self::Hour(other)) => one > other,
            _ => self.day() > other.day(),
        }
    }

    /// As officials write it in a sentence: `14 giờ 30 ngày 09/8/2026`, `ngày 09/8/2026`.
    pub fn words(self) -> String {
        let day = PartialDate::full(self.day());
        match self {
            Self::Day(_) => format!("ngày {day}"),
            Self::Hour(instant) => format!("{} ngày {day}", instant.format("%H giờ %M")),
        }
    }
}

impl FromStr for Moment {
    type Err = DateError;

    /// Reads `2026-08-09T14:30`, `9/8/2026 14:30` and whole days.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let (day, hour) = match text.trim().split_once(['T', ' ']) {
            Some((day, hour)) => (day, Some(hour.trim())),
            None => (text.trim(), None),
        };
        let day = day.parse::<PartialDate>()?.date().ok_or(DateError::Form)?;
        let Some(hour) = hour else { return Ok(Self::Day(day)) };
        let time = NaiveTime::parse_from_str(hour, "%H:%M").map_err(|_| DateError::Form)?;
        Ok(Self::Hour(day.and_time(time)))
    }
}

impl fmt::Display for Moment {
    /// As ISO 8601 has it, to the minute: `2026-08-09T14:30`, `2026-08-09`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Hour(instant) => write!(f, "{}", instant.format("%Y-%m-%dT%H:%M")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_and_written() {
        for (given, iso, words) in [
            ("2026-08-09T14:30", "2026-08-09T14:30", "14 giờ 30 ngày 09/8/2026"),
            ("9/8/2026 7:05", "2026-08-09T07:05", "07 giờ 05 ngày 09/8/2026"),
            ("09/8/2026", "2026-08-09", "ngày 09/8/2026"),
        ] {
            let moment: Moment = given.parse().unwrap();
            assert_eq!((moment.to_string(), moment.words()), (iso.to_owned(), words.to_owned()));
        }
        for wrong in ["2026-08", "2026-02-30", "2026-08-09T24:00", "2026-08-09T9", "hôm nay", ""] {
            assert!(wrong.parse::<Moment>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_day_is_not_after_its_own_hours() {
        let at = |text: &str| text.parse::<Moment>().unwrap();
        assert!(at("2026-08-09T14:31").is_after(at("2026-08-09T14:30")));
        assert!(!at("2026-08-09").is_after(at("2026-08-09T08:00")));
        assert!(!at("2026-08-09T23:00").is_after(at("2026-08-09")));
        assert!(at("2026-08-10").is_after(at("2026-08-09T23:00")));
    }
}
