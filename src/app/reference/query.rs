use std::str::FromStr;

use chrono::NaiveDate;

use crate::catalog::InForce;
use crate::viet::fold;

/// The longest text that is searched for, in characters.
pub const LONGEST: usize = 200;

/// How many entries a list has at most: from 1 to [`Count::MOST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(u16);

impl Count {
    /// The most that can be asked for.
    pub const MOST: u16 = 100;

    pub(super) fn get(self) -> usize {
        self.0.into()
    }
}

impl Default for Count {
    fn default() -> Self {
        Self(20)
    }
}

/// That a count is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a number from 1 to {}", Count::MOST)]
pub struct NoCount;

impl FromStr for Count {
    type Err = NoCount;

    fn from_str(text: &str) -> Result<Self, NoCount> {
        let count = text.parse().ok().filter(|count| (1..=Self::MOST).contains(count));
        count.map(Self).ok_or(NoCount)
    }
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
