//! How Vietnamese official documents write dates, numbers, letters and names, and how
//! time is counted: working days, holidays, terms.

mod calendar;
mod case;
mod clock;
mod date;
mod moment;
mod number;
mod term;

pub use calendar::{Calendar, CalendarError, SpecialDay};
pub use case::{fold, is_vietnamese_letter, upper};
pub use clock::clock_text;
pub use date::{DateError, PartialDate};
pub use moment::Moment;
pub use number::{document_number, grouped, point_letter, roman};
pub use term::{
    days_after, days_before, hours_after, hours_before, months_after, months_before,
    working_days_after,
};
