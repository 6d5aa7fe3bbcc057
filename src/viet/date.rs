use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

/// A date of which only the year, or year and month, may be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PartialDate {
    /// The year.
    pub year: i32,
    /// The month, 1 to 12, if known.
    pub month: Option<u32>,
    /// The day, if known; then the month is known too and the date exists.
    pub day: Option<u32>,
}

/// Why a text is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Neither `2026-03-15` nor `15/3/2026` nor a part of them.
    #[error("not written as a date")]
    Form,
    /// Well written, but the calendar has no such day or month.
    #[error("no such day in the calendar")]
    Calendar,
}

impl PartialDate {
    /// A full date.
    pub fn full(date: NaiveDate) -> Self {
        Self { year: date.year(), month: Some(date.month()), day: Some(date.day()) }
    }

    /// The calendar date, if day and month are known.
    pub fn date(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month?, self.day?)
    }

    /// The first day that the date can mean.
    pub fn first_day(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// The day as the decree writes it: a zero before days below 10.
    /// PL1-II.4.b.
    pub fn day_text(self) -> Option<String> {
        self.day.map(|day| format!("{day:02}"))
    }

    /// The month as the decree writes it: a zero before months 1 and 2 only.
    /// PL1-II.4.b.
    pub fn month_text(self) -> Option<String> {
        self.month.map(|month| if month <= 2 { format!("{month:02}") } else { month.to_string() })
    }
}

impl FromStr for PartialDate {
    type Err = DateError;

    /// Reads `2026`, `2026-03`, `2026-03-15`, `3/2026` and `15/3/2026`.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let digits = |part: &str, most: usize| -> Result<u32, DateError> {
            let fits = !part.is_empty() && part.len() <= most;
            if !fits || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(DateError::Form);
            }
            part.parse().map_err(|_| DateError::Form)
        };
        let mut parts: Vec<&str> =
            if text.contains('/') { text.rsplit('/').collect() } else { text.split('-').collect() };
        if parts.len() > 3 || parts[0].len() != 4 {
            return Err(DateError::Form);
        }
        let year = i32::try_from(digits(parts.remove(0), 4)?).map_err(|_| DateError::Form)?;
        let month = parts.first().map(|part| digits(part, 2)).transpose()?;
        let day = parts.get(1).map(|part| digits(part, 2)).transpose()?;
        NaiveDate::from_ymd_opt(year, month.unwrap_or(1), day.unwrap_or(1))
            .map(|_| Self { year, month, day })
            .ok_or(DateError::Calendar)
    }
}

impl fmt::Display for PartialDate {
    /// The short form of running text: `05/01/2026`, `15/6/2026`, `6/2026`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(day) = self.day_text() {
            write!(f, "{day}/")?;
        }
        if let Some(month) = self.month_text() {
            write!(f, "{month}/")?;
        }
        write!(f, "{}", self.year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_january_and_february_are_padded() {
        let cases = [
            ("2020-01-05", "05/01/2020"),
            ("2019-06-29", "29/6/2019"),
            ("2026-02-28", "28/02/2026"),
            ("9/3/2026", "09/3/2026"),
            ("2026-12-31", "31/12/2026"),
            ("10/2026", "10/2026"),
            ("2026-02", "02/2026"),
            ("2026", "2026"),
        ];
        for (given, expected) in cases {
            let date: PartialDate = given.parse().expect(given);
            assert_eq!(date.to_string(), expected);
        }
    }

    #[test]
    fn dates_that_do_not_exist_are_told_from_bad_forms() {
        for text in ["2026-02-30", "31/4/2026", "2026-13", "29/02/2025"] {
            assert_eq!(text.parse::<PartialDate>(), Err(DateError::Calendar), "{text}");
        }
        for text in ["", "26", "2026/03/15", "15.3.2026", "2026-3-15-1", "x", "2026-", "hôm nay"] {
            assert_eq!(text.parse::<PartialDate>(), Err(DateError::Form), "{text}");
        }
    }

    #[test]
    fn a_leap_day_exists_in_leap_years() {
        assert!("29/02/2024".parse::<PartialDate>().is_ok());
    }
}
