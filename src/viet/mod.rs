//! How Vietnamese official documents write dates, numbers, letters and names.

mod case;
mod clock;
mod date;
mod number;
mod words;

pub use case::{fold, is_vietnamese_letter, upper};
pub use clock::clock_text;
pub use date::{DateError, PartialDate};
pub use number::{document_number, grouped, point_letter, roman};
pub use words::{LARGEST_IN_WORDS, NumberStyle, Thousand, UnknownWord, ZeroTens, number_words};
