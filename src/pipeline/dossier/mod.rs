//! The file of a case: which papers are there, which are missing, which time limits run.

mod case;
mod completeness;
mod deadline;
mod demand;
mod paper;

pub use case::Case;
pub use completeness::Completeness;
pub use deadline::{Deadline, DeadlineState};
pub use paper::{OutsidePaper, PaperState, Status};
