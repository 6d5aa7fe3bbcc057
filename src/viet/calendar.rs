use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;

/// Which days are worked: Monday to Friday, but for the public holidays, and the days
/// that the Government has exchanged for others.
#[derive(Debug, Clone)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, SpecialDay>,
    years: BTreeSet<i32>,
}

/// A day that is not as its weekday says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialDay {
    /// What it is, in Vietnamese.
    pub name: String,
    /// Whether nobody works; a Saturday that is worked in exchange is one of `false`.
    pub off: bool,
    /// Whether the Government has not yet decided it.
    pub provisional: bool,
}

/// Why a calendar file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {}", detail.en)]
pub struct CalendarError {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong, in Vietnamese and in English.
    pub detail: crate::base::Bilingual,
}

#[derive(Deserialize)]
struct Row {
    date: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    kind: String,
    day_off: String,
    #[serde(default)]
    confidence: String,
}

impl Calendar {
    /// The public holidays that the program knows; `templates/_data/holidays.csv`.
    pub fn of_vietnam() -> &'static Self {
        static KNOWN: LazyLock<Calendar> = LazyLock::new(|| {
            let text = include_str!("../../templates/_data/holidays.csv");
            let empty = Calendar { days: BTreeMap::new(), years: BTreeSet::new() };
            empty.with(text).expect("holidays.csv is part of the program and a test reads it")
        });
        &KNOWN
    }

    /// This calendar with that of a house laid over: a CSV with the columns `date`
    /// (`2026-11-24`) and `day_off` (1: nobody works, 0: worked), and `name` if wanted.
    /// A year of which it has a row of the kind `lunar` counts as known.
    ///
    /// # Errors
    ///
    /// If a row is not of that form; the first one.
    pub fn with(&self, csv: &str) -> Result<Self, CalendarError> {
        let mut calendar = self.clone();
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv.as_bytes());
        let headers = reader.headers().map_err(|error| of_csv(&error))?.clone();
        if let Some(missing) =
            ["date", "day_off"].iter().find(|name| !headers.iter().any(|one| one == **name))
        {
            return Err(wrong(
                1,
                format!("không có cột `{missing}`"),
                format!("there is no column `{missing}`"),
            ));
        }
        for record in reader.records() {
            let record = record.map_err(|error| of_csv(&error))?;
            let line = record.position().map_or(1, csv::Position::line);
            let row: Row = record.deserialize(Some(&headers)).map_err(|error| of_csv(&error))?;
            calendar.add(&row, line)?;
        }
        Ok(calendar)
    }

    fn add(&mut self, row: &Row, line: u64) -> Result<(), CalendarError> {
        let date = NaiveDate::parse_from_str(&row.date, "%Y-%m-%d").map_err(|_| {
            wrong(
                line,
                format!("`{}` không phải ngày, viết `2026-11-24`", row.date),
                format!("`{}` is no date, write `2026-11-24`", row.date),
            )
        })?;
        let off = match row.day_off.as_str() {
            "1" => true,
            "0" => false,
            other => {
                return Err(wrong(
                    line,
                    format!("`day_off` là 1 (nghỉ) hoặc 0 (làm việc), không phải `{other}`"),
                    format!("`day_off` is 1 (off) or 0 (worked), not `{other}`"),
                ));
            }
        };
        if row.kind == "lunar" {
            self.years.insert(date.year());
        }
        let provisional = row.confidence == "provisional";
        self.days.insert(date, SpecialDay { name: row.name.clone(), off, provisional });
        Ok(())
    }

    /// Whether the day is worked.
    pub fn is_working(&self, day: NaiveDate) -> bool {
        match self.days.get(&day) {
            Some(special) => !special.off,
            None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// What is special about a day, if something is.
    pub fn special(&self, day: NaiveDate) -> Option<&SpecialDay> {
        self.days.get(&day)
    }

    /// Whether the holidays of a year are known.
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// The days between two that the Government has not yet decided, both ends included.
    pub fn provisional(
        &self,
        from: NaiveDate,
        to: NaiveDate,
    ) -> impl Iterator<Item = (NaiveDate, &SpecialDay)> {
        let (from, to) = (from.min(to), from.max(to));
        let days = self.days.range(from..=to).filter(|(_, day)| day.provisional);
        days.map(|(date, day)| (*date, day))
    }

    /// The day itself if it is worked, else the next that is.
    pub fn working_day_from(&self, day: NaiveDate) -> NaiveDate {
        self.first(day, |day| day.checked_add_days(Days::new(1)))
    }

    /// The working day that is so many after a day; the day itself does not count.
    pub fn working_day_after(&self, day: NaiveDate, count: u32) -> NaiveDate {
        let next = |day: NaiveDate| day.checked_add_days(Days::new(1));
        (0..count).fold(day, |day, _| self.first(next(day).unwrap_or(day), next))
    }

    /// The working day that is so many before a day; the day itself does not count.
    pub fn working_day_before(&self, day: NaiveDate, count: u32) -> NaiveDate {
        let last = |day: NaiveDate| day.checked_sub_days(Days::new(1));
        (0..count).fold(day, |day, _| self.first(last(day).unwrap_or(day), last))
    }

    /// The first worked day of a walk over days.
    fn first(
        &self,
        mut day: NaiveDate,
        step: impl Fn(NaiveDate) -> Option<NaiveDate>,
    ) -> NaiveDate {
        while !self.is_working(day) {
            match step(day) {
                Some(next) => day = next,
                None => break,
            }
        }
        day
    }
}

fn of_csv(error: &csv::Error) -> CalendarError {
    let line = error.position().map_or(1, csv::Position::line);
    wrong(line, format!("không đọc được: {error}"), format!("cannot be read: {error}"))
}

fn wrong(line: u64, vi: String, en: String) -> CalendarError {
    CalendarError { line, detail: crate::base::Bilingual::new(vi, en) }
}
