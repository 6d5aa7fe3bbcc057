//! How Vietnamese official documents write dates, numbers, letters and names, and how
//! time is counted: working days, holidays, terms.

mod calendar;
mod case;
mod citation;
mod clock;
mod date;
mod moment;
mod number;
mod term;
mod words;

pub use calendar::{Calendar, CalendarError, SpecialDay};
pub use case::{fold, is_vietnamese_letter, upper};
pub use citation::Citation;
pub use clock::clock_text;
pub use date::{DateError, PartialDate};
pub use moment::Moment;
pub use number::{document_number, grouped, point_letter, roman};
pub use term::{
    days_after, days_before, hours_after, hours_before, months_after, months_before,
    working_days_after,
};
pub use words::{LARGEST_IN_WORDS, NumberStyle, Thousand, UnknownWord, ZeroTens, number_words};
