use chrono::{DateTime, NaiveDateTime, SecondsFormat, TimeDelta, Utc};
use serde::Serialize;

use super::{AppError, DataFolder};
use crate::store::{AccessFilter, Logged};
use crate::viet::Moment;

/// How many entries are read at a time.
const PAGE: u32 = 1000;

/// Viet Nam is seven hours ahead of UTC, all year.
const AHEAD: TimeDelta = TimeDelta::hours(7);

/// Which entries of the access log somebody wants to see.
#[derive(Debug, Clone, Default)]
pub struct AccessQuery {
    /// Not before this day or minute of Viet Nam.
    pub since: Option<Moment>,
    /// To the end of this day, or before this minute, of Viet Nam.
    pub until: Option<Moment>,
    /// Only of the caller with this name, or of the key with this id.
    pub caller: Option<String>,
}

/// An entry of the access log as programs read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccessView {
    /// Its number, from 1, without a gap.
    pub number: i64,
    /// When the request came: UTC, to the millisecond.
    pub at: String,
    /// The id of the request.
    pub request: String,
    /// The id of the key.
    pub key: Option<String>,
    /// The name of the key, `local`, or empty for a request that was not let in.
    pub caller: String,
    /// `GET`, `POST`.
    pub method: String,
    /// The pattern of the route.
    pub route: String,
    /// The template or the procedure.
    pub subject: Option<String>,
    /// The hash of the data.
    pub data: Option<String>,
    /// The status of the answer.
    pub status: u16,
    /// How it ended, in a word.
    pub outcome: String,
    /// The length of the answer's body.
    pub bytes: u64,
    /// How long it took.
    pub milliseconds: u64,
}

impl From<Logged> for AccessView {
    fn from(Logged { number, access }: Logged) -> Self {
        Self {
            number,
            at: access.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            request: access.request,
            key: access.key,
            caller: access.caller,
            method: access.method,
            route: access.route,
            subject: access.subject,
            data: access.data,
            status: access.status,
            outcome: access.outcome,
            bytes: access.bytes,
            milliseconds: access.milliseconds,
        }
    }
}

/// Reads entries of the access log in order, some at a time.
///
/// # Errors
///
/// If there is no log or it cannot be read; or what `each` says.
pub fn read_access(
    folder: &DataFolder,
    query: &AccessQuery,
    mut each: impl FnMut(Vec<Logged>) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let filter = AccessFilter {
        since: query.since.map(|since| utc(since.earliest())),
        until: query.until.map(|until| match until {
            Moment::Day(day) => utc(Moment::Day(day.succ_opt().unwrap_or(day)).earliest()),
            Moment::Hour(instant) => utc(instant),
        }),
        caller: query.caller.clone(),
    };
    folder.with(async |store| {
        let mut after = 0;
        loop {
            let entries = store.accesses(&filter, after, PAGE).await?;
            let Some(last) = entries.last() else { return Ok(()) };
            after = last.number;
            each(entries)?;
        }
    })
}

/// A time of Viet Nam as everywhere.
fn utc(there: NaiveDateTime) -> DateTime<Utc> {
    (there - AHEAD).and_utc()
}
