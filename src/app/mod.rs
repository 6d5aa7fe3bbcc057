//! Use cases that the command line and later the web share: open, render,
//! check, report, write.

mod error;
mod files;
mod report;
mod session;

pub use error::AppError;
pub use files::{Folder, Target, read_input, write_whole};
pub use report::{FindingView, Report, Summary};
pub use session::{FontView, Session, SessionOptions, TemplateView};
