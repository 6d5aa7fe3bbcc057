//! From the block tree to the formats that people and programs read.

mod docx;
mod error;
mod html;
pub mod pdf;
mod picture;
mod text;

pub use docx::docx;
pub use error::OutputError;
pub use html::html;
pub use picture::{Picture, Pictures};
pub use text::text;
