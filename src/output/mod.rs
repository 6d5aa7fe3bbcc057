//! From the block tree to the formats that people and programs read.

mod archive;
mod docx;
mod error;
mod html;
mod package;
pub mod pdf;
mod picture;
pub mod sheet;
mod text;
mod workbook;

pub use archive::Archive;
pub use docx::docx;
pub use error::OutputError;
pub use html::html;
pub use package::main_part;
pub use picture::{Picture, Pictures};
pub use text::text;
pub use workbook::blank_workbook;
