use chrono::{Days, Months, NaiveDate, TimeDelta};

use super::{Calendar, Moment};

/// The end of a term in hours: it runs at once, through nights and days off. A start of
/// which only the day is known counts from its first minute, so that the end is never
/// told too late.
pub fn hours_after(start: Moment, hours: u32) -> Moment {
    let start = start.earliest();
    Moment::Hour(start.checked_add_signed(TimeDelta::hours(hours.into())).unwrap_or(start))
}

/// The last day of a term in working days. The first one is after the start (Bộ luật Dân
/// sự 2015, Điều 147 khoản 2).
pub fn working_days_after(start: Moment, days: u32, calendar: &Calendar) -> NaiveDate {
    calendar.working_day_after(start.day(), days)
}

/// The last day of a term in days. Day 1 is the one after the start; an end on a day off
/// moves to the next working day (Điều 148 khoản 5), if a calendar is given.
pub fn days_after(start: Moment, days: u32, calendar: Option<&Calendar>) -> NaiveDate {
    let start = start.day();
    moved(start.checked_add_days(Days::new(days.into())).unwrap_or(start), calendar)
}

/// The last day of a term in months: the day of the same number, or the last of the
/// month where it has none (Điều 148 khoản 3); moved like [`days_after`].
pub fn months_after(start: Moment, months: u32, calendar: Option<&Calendar>) -> NaiveDate {
    let start = start.day();
    moved(start.checked_add_months(Months::new(months)).unwrap_or(start), calendar)
}

/// The instant that lies so many hours before an end; the end of a day is 24 giờ of it.
pub fn hours_before(end: Moment, hours: u32) -> Moment {
    let end = match end {
        Moment::Hour(instant) => instant,
        Moment::Day(day) => Moment::Day(day.succ_opt().unwrap_or(day)).earliest(),
    };
    Moment::Hour(end.checked_sub_signed(TimeDelta::hours(hours.into())).unwrap_or(end))
}

/// The day that lies so many days before the day of an end.
pub fn days_before(end: Moment, days: u32) -> NaiveDate {
    let end = end.day();
    end.checked_sub_days(Days::new(days.into())).unwrap_or(end)
}

/// The day that lies so many months before the day of an end, or the last of its month.
pub fn months_before(end: Moment, months: u32) -> NaiveDate {
    let end = end.day();
    end.checked_sub_months(Months::new(months)).unwrap_or(end)
}

fn moved(day: NaiveDate, calendar: Option<&Calendar>) -> NaiveDate {
    calendar.map_or(day, |calendar| calendar.working_day_from(day))
}
