//! The one place that looks at the clock for the command line.

use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};

use crate::viet::Moment;

/// What time it is.
#[expect(clippy::disallowed_methods, reason = "the clock belongs to the command line")]
pub(super) fn now() -> DateTime<Utc> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let millis = i64::try_from(since.as_millis()).unwrap_or_default();
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}

/// A time by the clock of Viet Nam, to the minute.
pub(super) fn there(time: DateTime<Utc>) -> Moment {
    let minute = DateTime::from_timestamp(time.timestamp().div_euclid(60) * 60, 0);
    // There is no summer time: the whole country is seven hours ahead.
    Moment::Hour((minute.unwrap_or_default() + TimeDelta::hours(7)).naive_utc())
}
