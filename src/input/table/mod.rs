//! Tables as people fill them: from the cells of a workbook, or of delimited text, to
//! values with places, one object a row.

mod book;
mod convert;
mod delimited;
mod header;
mod record;
mod titles;
mod unpacked;
mod value;

pub use book::{Book, BookKind, Bytes, MAX_TABLE_BYTES};
pub use header::{Field, HEADER_ROWS, Layout, Wanted, layout};
pub use record::{Common, Record, Records, item_record};
pub use titles::{Heading, Titles};
pub use value::{CellValue, Merged, Row};
