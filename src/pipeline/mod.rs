//! The one place that knows the order: data, content, blocks, formats.

mod compose;
mod emit;
mod options;
mod renderer;

pub use compose::{Checked, Composed};
pub use emit::{Emit, typst_source};
pub use options::{Chosen, Edition, Options, add_new};
pub use renderer::{Format, Input, RenderError, Rendered, Renderer};
