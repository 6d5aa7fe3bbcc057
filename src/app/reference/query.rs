use chrono::NaiveDate;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::catalog::InForce;
use crate::viet::fold;

/// The longest text that is searched for, in characters.
pub(super) const LONGEST: usize = 200;

/// How many entries an answer has where nothing is said.
pub(super) const USUAL: u16 = 20;

/// How many it has at most.
pub(super) const MOST: u16 = 100;

pub(super) fn usual() -> u16 {
    USUAL
}

/// How many entries are asked for: one to [`MOST`].
pub(super) fn count<'de, D: Deserializer<'de>>(from: D) -> Result<u16, D::Error> {
    let count = u16::deserialize(from).ok().filter(|count| (1..=MOST).contains(count));
    count.ok_or_else(|| D::Error::custom(format!("expected a number from 1 to {MOST}")))
}

/// A day: `2026-07-01`.
pub(super) fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = String::deserialize(from)?;
    // chrono would also take `2026-7-1` and years of any length.
    let day = text.parse().ok().filter(|day: &NaiveDate| day.to_string() == text);
    day.map(Some).ok_or_else(|| D::Error::custom("expected a day such as `2026-07-01`"))
}

/// Words that are searched for.
pub(super) fn words<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(from)?;
    if text.chars().count() > LONGEST {
        return Err(D::Error::custom(format!("expected at most {LONGEST} characters")));
    }
    Ok(Some(text))
}

/// Whether something is in force on a day, if one is asked for.
pub(super) fn holds(days: &InForce, day: Option<NaiveDate>) -> bool {
    day.is_none_or(|day| days.holds(day))
}

/// Whether a text has all words, if some are asked for; case and marks do not count.
pub(super) fn has(text: &str, words: Option<&str>) -> bool {
    let Some(words) = words else { return true };
    let text = fold(text);
    fold(words).split(' ').all(|word| text.contains(word))
}
