//! The file of a case: which papers are there, which are missing, which time limits run.

mod archive;
mod build;
mod case;
mod completeness;
mod deadline;
mod demand;
mod outside;
mod paper;
mod print;
mod record;

pub use archive::{Pieces, Sink};
pub use build::{BoundPaper, BuildError, Dossier, PaperContent};
pub use case::Case;
pub use completeness::Completeness;
pub use deadline::{Deadline, DeadlineState};
pub use paper::{OutsidePaper, PaperState, Status};
pub use record::{Record, RecordPaper};
