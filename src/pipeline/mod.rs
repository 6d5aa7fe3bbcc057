//! The one place that knows the order: data, content, blocks, formats.

mod bundle;
mod compose;
mod desk;
mod dossier;
mod emit;
mod format;
mod options;
mod parallel;
mod profile;
mod renderer;

pub use bundle::{Numbering, Together};
pub use compose::{Checked, Composed};
pub use desk::{Desk, Entry, Made, MadeFile, Order};
pub use dossier::{
    BoundPaper, BuildError, Case, Completeness, Deadline, DeadlineState, Dossier, OutsidePaper,
    PaperContent, PaperState, Pieces, Record, RecordPaper, Sink, Status,
};
pub use emit::{Emit, typst_source};
pub use format::{Format, Output};
pub use options::{Chosen, Edition, Options, add_new};
pub use profile::Profile;
pub use renderer::{Input, RenderError, Rendered, Renderer};
