use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, TimeDelta};
use serde_json::Value;

use super::Case;
use crate::base::{Bilingual, Finding, Place};
use crate::catalog::{Clock, Limit, Procedure, Side};
use crate::content::Conditions;
use crate::viet::{
    Calendar, Moment, PartialDate, days_after, days_before, hours_after, hours_before,
    months_after, months_before, working_days_after,
};

/// A time limit of a procedure, counted for a case.
#[derive(Debug, Clone)]
pub struct Deadline {
    /// The limit.
    pub limit: Limit,
    /// What it is counted from: the name as in [`Limit::starts`], and when that was.
    pub start: Option<(String, Moment)>,
    /// When it may be done at the earliest, for limits of [`Side::Within`].
    pub opens: Option<Moment>,
    /// When it ends; a day is over at 24 giờ.
    pub due: Option<Moment>,
    /// When it was done.
    pub done: Option<Moment>,
    /// How it stands at the moment that was asked about.
    pub state: DeadlineState,
    /// How long there is still to go, or has gone since, at that moment.
    pub left: Option<TimeDelta>,
    /// What to know about the count: holidays that are not decided yet, an end on a day
    /// off.
    pub notes: Vec<Bilingual>,
}

/// How a time limit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeadlineState {
    /// What it is counted from has not happened, or the case does not say when.
    Waiting,
    /// It runs.
    Running,
    /// Done in time.
    Done,
    /// Done, and too late.
    Late,
    /// Not done, and over.
    Overdue,
    /// The term of a measure that has ended.
    Ended,
}

/// When a limit ends, and from when on it may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    opens: Option<Moment>,
    due: Moment,
}

/// Counts a limit from its start.
fn span(limit: &Limit, start: Moment, calendar: &Calendar) -> Span {
    let length = limit.length;
    // The end of a measure does not move.
    let moving = (!limit.term).then_some(calendar);
    let back = || match limit.clock {
        Clock::Hours => hours_before(start, length),
        Clock::WorkingDays => Moment::Day(calendar.working_day_before(start.day(), length)),
        Clock::CalendarDays => Moment::Day(days_before(start, length)),
        Clock::Months => Moment::Day(months_before(start, length)),
        Clock::Years | Clock::Age => Moment::Day(months_before(start, 12 * length)),
    };
    match limit.side {
        Side::Before => Span { opens: None, due: back() },
        Side::Within => Span { opens: Some(back()), due: start },
        Side::After => {
            let due = match limit.clock {
                Clock::Hours => hours_after(start, length),
                Clock::WorkingDays => Moment::Day(working_days_after(start, length, calendar)),
                Clock::CalendarDays => Moment::Day(days_after(start, length, moving)),
                Clock::Months => Moment::Day(months_after(start, length, moving)),
                Clock::Years => Moment::Day(months_after(start, 12 * length, moving)),
                Clock::Age => Moment::Day(months_after(start, 12 * length, None)),
            };
            Span { opens: None, due }
        }
    }
}

/// Counts the limits of a case, and tells what was found on the way.
pub(super) struct Count<'a> {
    pub case: &'a Case,
    pub conditions: &'a Conditions,
    pub calendar: &'a Calendar,
    pub as_of: Option<Moment>,
}

impl Count<'_> {
    /// All limits that hold for the case, in the order of the procedure.
    ///
    /// # Errors
    ///
    /// Findings about conditions that cannot be evaluated.
    pub fn run(&self) -> Result<(Vec<Deadline>, Vec<Finding>), Vec<Finding>> {
        let procedure: &Procedure = &self.case.procedure;
        let mut ends: BTreeMap<&str, Moment> = BTreeMap::new();
        let (mut deadlines, mut findings, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        for limit in &procedure.limits {
            match self.conditions.holds(&limit.condition(), &self.case.data) {
                Ok(false) => continue,
                Ok(true) => {}
                Err(detail) => {
                    faults.push(procedure.unusable(&limit.id, format!("`{}`: {detail}", limit.id)));
                    continue;
                }
            }
            let deadline = self.deadline(limit, &ends, &mut findings);
            ends.extend(deadline.due.map(|due| (limit.id.as_str(), due)));
            deadlines.push(deadline);
        }
        if faults.is_empty() { Ok((deadlines, findings)) } else { Err(faults) }
    }

    fn deadline(
        &self,
        limit: &Limit,
        ends: &BTreeMap<&str, Moment>,
        findings: &mut Vec<Finding>,
    ) -> Deadline {
        let known = |name: &String| {
            let end = ends.get(name.as_str()).copied();
            Some((name.clone(), end.or_else(|| self.moment(name))?))
        };
        let start = limit.starts.iter().find_map(known);
        let done = limit.done.iter().find_map(|name| self.moment(name));
        let span = start.as_ref().map(|(_, start)| span(limit, *start, self.calendar));
        let mut notes = Vec::new();
        if let (Some((name, start)), Some(span)) = (&start, span) {
            self.warn(limit, (name, *start), span.due, findings);
            notes = self.notes(limit, start.day(), span.due.day());
        }
        let due = span.map(|span| span.due);
        let state = state(limit, due, done, self.as_of);
        let end =
            |due: Moment| if limit.clock == Clock::Age { due.earliest() } else { end_of(due) };
        let left = due.zip(self.as_of).map(|(due, now)| end(due) - now.earliest());
        let left = left.filter(|_| done.is_none());
        Deadline {
            limit: limit.clone(),
            start,
            opens: span.and_then(|span| span.opens),
            due,
            done,
            state,
            left,
            notes,
        }
    }

    /// When an event was, or what date stands at a JSON pointer.
    fn moment(&self, name: &str) -> Option<Moment> {
        let data = &self.case.data;
        if name.starts_with('/') {
            let text = match data.pointer(name)? {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => return None,
            };
            return text.parse::<PartialDate>().ok()?.date().map(Moment::Day);
        }
        data["events"][name].as_str()?.parse().ok()
    }

    /// Findings about what the count rests on.
    fn warn(
        &self,
        limit: &Limit,
        (name, start): (&str, Moment),
        due: Moment,
        findings: &mut Vec<Finding>,
    ) {
        let pointer =
            if name.starts_with('/') { name.to_owned() } else { format!("/events/{name}") };
        let place = |finding: Finding| match self.place(&pointer) {
            Some(place) => finding.at(place),
            None => finding.at(self.case.node.place(&self.case.source, "")),
        };
        let days = matches!(limit.clock, Clock::WorkingDays | Clock::CalendarDays | Clock::Months);
        let days = (days || limit.clock == Clock::Years) && !limit.term;
        if days {
            let (from, to) = (start.day().min(due.day()), start.day().max(due.day()));
            for year in from.year()..=to.year() {
                let finding = Finding::new("PR06").with("value", year.to_string());
                let told = findings.iter().any(|one| one.message == finding.message);
                if !self.calendar.knows(year) && !told {
                    findings.push(place(finding));
                }
            }
        }
        let event = !name.starts_with('/') && self.case.procedure.limit(name).is_none();
        if limit.clock == Clock::Hours && event && matches!(start, Moment::Day(_)) {
            let finding = Finding::new("PR07").with("title", limit.titles());
            findings.push(place(finding.with("found", start.words())));
        }
    }

    fn place(&self, pointer: &str) -> Option<Place> {
        Some(self.case.node.at(pointer)?.place(&self.case.source, pointer))
    }

    fn notes(&self, limit: &Limit, from: NaiveDate, to: NaiveDate) -> Vec<Bilingual> {
        let mut notes = Vec::new();
        if matches!(limit.clock, Clock::Hours | Clock::Age) || limit.term {
            return notes;
        }
        for (date, day) in self.calendar.provisional(from, to) {
            let date = PartialDate::full(date);
            notes.push(Bilingual::new(
                format!("ngày {date} ({}) mới là dự kiến, chưa có thông báo", day.name),
                format!("{date} ({}) is expected and not yet decided", day.name),
            ));
        }
        if limit.side == Side::Before && !self.calendar.is_working(to) {
            let date = PartialDate::full(to);
            notes.push(Bilingual::new(
                format!("ngày {date} là ngày nghỉ: nên làm trước ngày ấy"),
                format!("{date} is a day off: better done before it"),
            ));
        }
        notes
    }
}

/// The instant at which a moment is over.
fn end_of(moment: Moment) -> chrono::NaiveDateTime {
    match moment {
        Moment::Hour(instant) => instant,
        Moment::Day(day) => Moment::Day(day.succ_opt().unwrap_or(day)).earliest(),
    }
}

fn state(
    limit: &Limit,
    due: Option<Moment>,
    done: Option<Moment>,
    as_of: Option<Moment>,
) -> DeadlineState {
    let over = |due: Moment| match as_of {
        // A birthday is reached as it begins.
        Some(now) if limit.clock == Clock::Age => now.day() >= due.day(),
        Some(now) => now.is_after(due),
        None => false,
    };
    match (due, done) {
        (None, None) => DeadlineState::Waiting,
        (Some(due), Some(done)) if done.is_after(due) => DeadlineState::Late,
        (_, Some(_)) => DeadlineState::Done,
        (Some(due), None) if over(due) && limit.term => DeadlineState::Ended,
        (Some(due), None) if over(due) => DeadlineState::Overdue,
        (Some(_), None) => DeadlineState::Running,
    }
}
