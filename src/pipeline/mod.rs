//! The one place that knows the order: data, content, blocks, formats.

mod bundle;
mod compose;
mod dossier;
mod emit;
mod format;
mod options;
mod profile;
mod renderer;

pub use bundle::{Numbering, Together};
pub use compose::{Checked, Composed};
pub use dossier::{Case, Completeness, Deadline, DeadlineState, OutsidePaper, PaperState, Status};
pub use emit::{Emit, typst_source};
pub use format::{Format, Output};
pub use options::{Chosen, Edition, Options, add_new};
pub use profile::Profile;
pub use renderer::{Input, RenderError, Rendered, Renderer};
