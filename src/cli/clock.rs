//! The one place that looks at the clock for the command line.

use std::time::SystemTime;

use chrono::{DateTime, Utc};

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
    Moment::of(time)
}
