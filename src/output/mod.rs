//! From the block tree to the formats that people and programs read.

mod error;
pub mod pdf;
mod text;

pub use error::OutputError;
pub use text::text;
