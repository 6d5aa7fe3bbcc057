use std::time::SystemTime;

use chrono::{DateTime, Utc};

/// What time it is, to the millisecond: the one place that looks at the clock for the
/// service.
#[expect(clippy::disallowed_methods, reason = "a service has a clock")]
pub(super) fn now() -> DateTime<Utc> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let millis = i64::try_from(since.as_millis()).unwrap_or_default();
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}
