//! How Vietnamese official documents write dates, numbers, letters and names.

mod case;
mod citation;
mod clock;
mod date;
mod number;

pub use case::{fold, is_vietnamese_letter, upper};
pub use citation::Citation;
pub use clock::clock_text;
pub use date::{DateError, PartialDate};
pub use number::{document_number, grouped, point_letter, roman};
