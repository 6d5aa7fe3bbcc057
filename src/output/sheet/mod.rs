//! Papers from outside: scans become sheets (printpdf), finished PDFs are taken as they
//! are (lopdf), numbers are laid over both, and all are joined with what was laid out here.

mod join;
mod outside;
mod page;
mod picture;
mod scan;
mod series;
mod stamp;

pub use join::{Part, join};
pub use outside::{MOST_BYTES, Outside, OutsideError, OutsideKind, Survey};
pub use stamp::PageStamp;
